"""Verifications through a node: believed, proved, cold (nothing known of the block) and warm; and files, offline.

`python -m tests.bench.bench_proved [count]`: bills of one issuer on an embedded chain of four members. Times are of the
processor. Cold: a verifier that has read nothing, for each document; warm: one verifier for all. Files: each resting on
another block, so that every cosignature is a new one; then all on blocks that are known already.
"""

import gc
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

from tests.consortium import Consortium
from tests.verifier.chain_case import Case
from tests.verifier.file_twin import file_of, judged, roots_of
from tests.verifier.proved_site import EVERYBODY
from tests.verifier.world import proof_of
from verifier.cached_facts import CachedFacts
from verifier.evidence_reading import read_evidence
from verifier.hand_over_making import HandOverMaker
from verifier.proved_head import ProvedHead
from verifier.proved_online import proved_online
from verifier.registry_facts import RegistryFacts
from verifier.sources import Sources
from verifier.subject import Subject
from verifier.verify import Verifier

presented = Subject.presented


def timed(name: str, work: Callable[[Any], Any], items: list[Any]) -> None:
    """Print what one item takes; every document must be usable."""
    started = process_time()
    assert {str(work(item).usable) for item in items} == {"ACTIVE"}
    microseconds = (process_time() - started) / len(items) * 1e6
    print(f"  {name:<44}{microseconds:>9.0f} us{1e6 / microseconds:>9.0f} /s")


def measure(consortium: Consortium, count: int) -> None:
    """Print the table."""
    case = Case(consortium)
    texts = [case.anchored().serialize() for _ in range(count)]
    checkpoint = consortium.checkpoint()
    proof, roots = proof_of(checkpoint, case.cosigned(checkpoint, *EVERYBODY)), roots_of(case)
    files = [file_at_a_block_of_its_own(case, text) for text in texts[:20]]
    now = consortium.clock()

    def believed() -> Verifier:
        facts = RegistryFacts(consortium.chain, consortium.registries, consortium.network.finality)
        return Verifier(Sources(case, CachedFacts(facts)), clock=consortium.clock)

    def proved() -> Verifier:
        maker = HandOverMaker(consortium.chain, consortium.network, lambda until=None: proof)
        head = ProvedHead(lambda: roots, lambda until=None: proof, maker)
        return proved_online(case, head, [consortium.chain.proof], clock=consortium.clock)

    gc.collect()
    gc.freeze()
    print(f"{count} bills in as many batches, one core")
    for name, made in (("believed", believed), ("proved", proved)):
        timed(f"{name}, cold", lambda text, made=made: made().verify(presented(text)), texts[:20])
        warm = made()
        warm.verify(presented(texts[0]))
        timed(f"{name}, first time for each document", lambda text, warm=warm: warm.verify(presented(text)), texts)
        timed(f"{name}, known at this block", lambda text, warm=warm: warm.verify(presented(text)), texts)
    for name in ("its block not seen before", "its block known"):
        timed(f"evidence file, {name}", lambda data: judged(read_evidence(data), roots, now), files)


def file_at_a_block_of_its_own(case: Case, text: str) -> bytes:
    """Return evidence made after another block."""
    case.anchored()
    return file_of(case, presented(text)).encode()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, Consortium.establish(Path(folder)) as founded:
        measure(founded, int(sys.argv[1]) if len(sys.argv) > 1 else 100)
