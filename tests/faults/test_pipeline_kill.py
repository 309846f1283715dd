"""kill -9 at random moments: what was accepted is final once, whatever was under way."""

import multiprocessing
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from anchors import merkle
from anchors.cid import Cid, Codec
from anchors.database import State
from anchors.manifest import decode
from anchors.pipeline.worker import Worker
from ledger.chain import Chain
from ledger.embedded import EmbeddedChain
from tests.anchors.pipeline_node import PipelineNode
from tests.consortium import START, Consortium

ROUNDS = 50 if os.environ.get("PORTSEAL_LONG") else 10


class MovingClock:
    """The real clock, moved to where the consortium's chain is."""

    def __init__(self) -> None:
        self._offset = START + 100_000 - time.time()

    def __call__(self) -> float:
        return time.time() + self._offset


@contextmanager
def running_node(template: Consortium, directory: Path, clock: Callable[[], float]) -> Iterator[PipelineNode]:
    """The node as a process has it: a chain that makes blocks by itself, nothing kept but what is on the disk."""
    embedded = EmbeddedChain.open(directory / "chain", clock=clock)
    embedded.start()
    chain = Chain(embedded.request)
    consortium = Consortium(
        directory, embedded, clock, chain, template.keys, template.network, template.network.registries(chain)
    )
    node = PipelineNode(consortium, directory / "node")
    try:
        yield node
    finally:
        node.close()
        embedded.close()


def live(template: Consortium, directory: Path, clock: Callable[[], float], printed: Path, seed: int) -> None:
    """Accept documents in small calls until killed; a digest is printed once its call has returned."""
    chance = random.Random(seed)
    with running_node(template, directory, clock) as node, printed.open("a", buffering=1) as out:
        worker = Worker(node.resources)
        worker.start()
        while True:
            accepted = node.accept(*[node.registration() for _ in range(chance.randint(1, 5))])
            worker.notify()
            for one in accepted:
                out.write(one.digest.hex() + "\n")
            time.sleep(chance.random() * 0.2)


def killed_after(seconds: float, *arguments: object) -> None:
    process = multiprocessing.get_context("fork").Process(target=live, args=arguments)
    process.start()
    process.join(seconds)
    assert process.exitcode is None, "the process ended by itself"
    process.kill()
    process.join()


def promised_in(printed: Path) -> set[bytes]:
    return {bytes.fromhex(line) for line in printed.read_text().split()} if printed.exists() else set()


def leaves_on_chain(node: PipelineNode) -> Counter[bytes]:
    """Every leaf of every anchored manifest, and how often it is there."""
    found: Counter[bytes] = Counter()
    for anchored in node.registries.document.anchored(0, node.chain.head().number):
        manifest = decode(node.store.get(Cid(Codec.RAW, anchored.manifest_digest)))
        digests = [leaf.digest for leaf in manifest.leaves]
        assert merkle.root(digests) == anchored.root
        found.update(digests)
    return found


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_accepted_document_is_final_once(consortium_template: Consortium, tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    shutil.copytree(consortium_template.directory / "chain", tmp_path / "chain")
    clock, printed = MovingClock(), tmp_path / "printed"
    with running_node(consortium_template, tmp_path, clock) as node:
        node.tenant()
    kills = 0
    # On a slow machine many a life ends before it has promised anything.
    while kills < ROUNDS or (len(promised_in(printed)) <= ROUNDS and kills < 10 * ROUNDS):
        lifetime = 0.2 + 2.5 * chance.random()
        killed_after(lifetime, consortium_template, tmp_path, clock, printed, chance.randrange(2**32))
        kills += 1
    promised = promised_in(printed)
    assert len(promised) > ROUNDS
    with running_node(consortium_template, tmp_path, clock) as node:
        node.run()
        on_chain = leaves_on_chain(node)
        with node.database.engine.connect() as connection:
            kept = {row[0] for row in connection.exec_driver_sql("SELECT digest FROM documents")}
        assert promised <= kept
        assert kept == set(on_chain)
        assert set(on_chain.values()) == {1}
        for digest in kept:
            record = node.record(digest)
            assert record.state is State.FINAL
            assert record.batch is not None
            place = record.batch
            assert merkle.verify_inclusion(digest, place.index, place.size, place.path, place.root)
            assert node.payloads.get(digest)
    print(f"{kills} kills, {len(promised)} promised, {len(kept)} accepted, {sum(on_chain.values())} leaves")
