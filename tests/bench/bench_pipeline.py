"""Registered to final on the embedded chain: seconds, memory, and where the time goes.

    python -m tests.bench.bench_pipeline [documents]

Documents are signed before the clock starts, and parsed within it, as a server would. One process does everything:
API side, worker, chain.
"""

import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import structlog

from anchors.database import State
from anchors.pipeline.registration import Accepted, Registration
from anchors.pipeline.worker import STEPS, Step, Worker, is_idle
from ledger.chain import Chain
from ledger.embedded import EmbeddedChain
from ledger.envelope import parse
from tests.anchors.pipeline_node import PipelineNode
from tests.consortium import START, Consortium

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


def registrations(node: PipelineNode, lines: Sequence[str]) -> Iterator[Registration]:
    tenant = node.tenant()
    for line in lines:
        yield Registration(parse(line), tenant)


def measure(node: PipelineNode, count: int) -> None:
    lines = [node.bill().serialize() for _ in range(count)]
    spent: Spent = defaultdict(lambda: [0.0, 0.0])
    worker = Worker(node.resources, [timed(name, step, spent) for name, step in STEPS])
    worker.start()
    node.registrar._notify = worker.notify
    start, cpu = time.perf_counter(), time.thread_time()
    digests = []
    for result in node.registrar.accept_each(registrations(node, lines)):
        assert isinstance(result, Accepted), result
        digests.append(result.digest)
    accepted, accepted_cpu = time.perf_counter() - start, time.thread_time() - cpu
    while not is_idle(node.database):
        time.sleep(0.01)
    final = time.perf_counter() - start
    worker.stop()
    assert all(node.record(digest).state is State.FINAL for digest in digests)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(map(len, lines)) / count / 1024
    print(f"{count} documents of {size:.1f} KB: accepted {accepted:.2f} s, final {final:.2f} s, peak {peak:.0f} MB")
    print(f"  {'step':<10} {'wall s':>8} {'cpu s':>8}")
    print(f"  {'accept':<10} {accepted:8.2f} {accepted_cpu:8.2f}")
    for name, (wall, used) in spent.items():
        print(f"  {name:<10} {wall:8.2f} {used:8.2f}")


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    directory = Path(tempfile.mkdtemp(prefix="portseal-bench-"))
    with Consortium.establish(directory) as consortium:
        network, keys = consortium.network, consortium.keys
    offset = START + 100_000 - time.time()

    def clock() -> float:
        return time.time() + offset

    embedded = EmbeddedChain.open(directory / "chain", clock=clock)
    embedded.start()
    chain = Chain(embedded.request)
    consortium = Consortium(directory, embedded, clock, chain, keys, network, network.registries(chain))  # type: ignore[arg-type]
    node = PipelineNode(consortium, directory / "node")
    for documents in (1, 1, 1, count):
        measure(node, documents)
    node.close()
    embedded.close()


if __name__ == "__main__":
    main()
