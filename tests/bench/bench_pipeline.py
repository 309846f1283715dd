"""Registered to final on a chain and a store: seconds, memory, processor time, and where the time goes.

    python -m tests.bench.bench_pipeline [CHAIN] [STORE] [COUNT...]     embedded, folder, and 1 1000 10000 by default

CHAIN: embedded, anvil, clique (geth, three signers); STORE: folder, kubo. Documents are signed before the clock starts,
and parsed within it, as a server would. One process is API side, worker, and the embedded chain if that is it; it runs
beside the servers on the same machine. A block each second, so one document alone waits for the chain, not for us.
"""

import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import structlog

from anchors.database import State
from anchors.pipeline.registration import Accepted, Registration
from anchors.pipeline.worker import TRACKS, Step, Worker, is_idle
from ledger.envelope import parse
from tests.bench.chains import consortium_on, servers_cpu
from tests.bench.node import BenchNode, store_named
from tests.bench.peers.measure import Stopwatch, peak_mb
from verifier.subject import Subject

PATIENCE = 300.0
VERIFIED = 200

COLUMNS = ("docs", "accepted s", "final s", "docs/s", "our cpu s", "servers s", "peak MB", "verdicts/s")

Spent = dict[str, list[float]]


def timed(name: str, step: Step, spent: Spent) -> tuple[str, Step]:
    def run(resources: object) -> int:
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            return step(resources)  # type: ignore[arg-type]
        finally:
            spent[name][0] += time.perf_counter() - wall
            spent[name][1] += time.thread_time() - cpu

    return name, run


def registrations(node: BenchNode, lines: Sequence[str]) -> Iterator[Registration]:
    tenant = node.tenant()
    for line in lines:
        yield Registration(parse(line), tenant)


def accept(node: BenchNode, lines: Sequence[str]) -> list[bytes]:
    digests = []
    for result in node.registrar.accept_each(registrations(node, lines)):
        assert isinstance(result, Accepted), result
        digests.append(result.digest)
    return digests


def await_final(node: BenchNode, digests: Sequence[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_idle(node.database):
        assert time.monotonic() < deadline, f"not final after {PATIENCE:.0f} s"
        time.sleep(0.05)
    assert all(node.record(digest).state is State.FINAL for digest in digests)


def verify(node: BenchNode, lines: Sequence[str]) -> float:
    """Return verdicts per second of the clock, one after the other, each with its own newest block."""
    verifier, texts = node.verifier(), [line.encode() for line in lines[:VERIFIED]]
    with Stopwatch() as watch:
        verdicts = [verifier.verify(Subject.presented(text)) for text in texts]
    assert {(one.authentic.value, one.usable.value) for one in verdicts} == {("VALID", "ACTIVE")}
    return len(texts) / watch.wall


def measure(node: BenchNode, count: int) -> Spent:
    """Print one row; return what the steps took."""
    lines = [node.bill().serialize() for _ in range(count)]
    spent: Spent = defaultdict(lambda: [0.0, 0.0])
    worker = Worker(
        node.resources,
        {track: [timed(name, step, spent) for name, step in steps] for track, steps in TRACKS.items()},
    )
    worker.start()
    node.registrar._notify = worker.notify
    servers = servers_cpu()
    with Stopwatch() as whole:
        with Stopwatch() as accepting:
            digests = accept(node, lines)
        await_final(node, digests)
    servers = servers_cpu() - servers
    worker.stop()
    figures = (
        count,
        accepting.wall,
        whole.wall,
        count / whole.wall,
        whole.cpu,
        servers,
        peak_mb(),
        verify(node, lines),
    )
    print("".join(f"{figure:>12,.2f}" if isinstance(figure, float) else f"{figure:>12,}" for figure in figures))
    return {"accept": [accepting.wall, accepting.cpu]} | spent


def run(chain: str, store: str, counts: Sequence[int]) -> None:
    print(f"{chain} chain, {store} store (load {os.getloadavg()[0]:.1f})")
    print("".join(f"{column:>12}" for column in COLUMNS), flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="portseal-bench-") as folder,
        consortium_on(chain, Path(folder) / "chain") as consortium,
        store_named(store, Path(folder) / "kubo") as payloads,
    ):
        node = BenchNode(consortium, Path(folder) / "node", payloads)
        measure(node, 1)  # what is loaded and read once
        for count in counts:
            spent = measure(node, count)
        parts = ", ".join(f"{name} {wall:.2f} ({cpu:.2f})" for name, (wall, cpu) in spent.items())
        print(f"    of the last, wall s (cpu s): {parts}", flush=True)
        node.close()


def main(chain: str = "embedded", store: str = "folder", *counts: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    run(chain, store, [int(count) for count in counts or ("1", "1000", "10000")])


if __name__ == "__main__":
    main(*sys.argv[1:])
