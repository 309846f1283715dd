"""Section C: verdicts on registered bills, asked of a chain. `python -m tests.bench.peers.verify FILE COUNT [CHAIN]`

Set up, untimed: the consortium on anvil (a block each second; or `embedded`, `clique`), bills signed by an accredited
carrier and registered through the pipeline until final, with their database. Timed: the whole verdict on each, from the
envelope's bytes: parsed, signature, schema, disclosures, inclusion, anchoring, finality, key, accreditation, authority,
status, all of it as of the newest block. Facts are kept for one block, as on a node, and there is a new one every
second; the peers' anvil makes none meanwhile. `cN`: N threads, each with one document at a time.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import structlog

from anchors.pipeline.registration import Accepted, Registration
from ledger.envelope import Envelope, issue
from ledger.kinds import kind
from tests.anchors.pipeline_node import CARRIER
from tests.bench.chains import consortium_on, servers_cpu
from tests.bench.node import BenchNode
from tests.bench.peers.bills import Source, read_bills
from tests.bench.peers.measure import Stopwatch, peak_mb, quantile, tell
from verifier.subject import Subject
from verifier.verify import Verifier

CONCURRENT = (1, 8, 32)


class Counting:
    """A transport that counts what is asked of the node; thread-safe."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._lock = threading.Lock()
        self.calls = 0

    def __call__(self, method: str, params: list[Any]) -> Any:
        with self._lock:
            self.calls += 1
        return self._transport(method, params)


def register(node: BenchNode, documents: Sequence[Source]) -> list[Envelope]:
    """Have the bills signed, accepted and anchored; return them once all are final."""
    bill, key = kind("bill-of-lading"), node.consortium.issuer_key(CARRIER)
    iat = int(node.consortium.clock())
    envelopes = [issue(document, bill, CARRIER, key, iat=iat) for document in documents]
    tenant = node.tenant()
    for result in node.registrar.accept([Registration(envelope, tenant) for envelope in envelopes]):
        assert isinstance(result, Accepted), result
    node.run()
    assert all(node.record(envelope.digest).final_at for envelope in envelopes)
    return envelopes


def check(verifier: Verifier, envelopes: Sequence[Envelope], stranger: Envelope) -> None:
    """A genuine one passes; a tampered one, one without anchor, and a forged disclosure do not."""
    text = envelopes[0].serialize()
    assert outcome(verifier, text.encode()) == ("VALID", "ACTIVE")
    middle = text.index(".") + 200
    for place in (middle, text.index("~") + 60, text.index("~") - 30):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        assert outcome(verifier, changed.encode())[0] == "INVALID", place
    assert outcome(verifier, stranger.serialize().encode()) == ("INDETERMINATE", "PENDING")


def outcome(verifier: Verifier, data: bytes) -> tuple[str, str]:
    """Return both axes of the verdict."""
    verdict = verifier.verify(Subject.presented(data))
    return verdict.authentic.value, verdict.usable.value


def measure(
    verifier: Verifier, texts: Sequence[bytes], threads: int, counting: Counting
) -> Iterator[tuple[str, float]]:
    """Verify all, `threads` at a time; yield the figures."""

    def one(data: bytes) -> float:
        started = time.perf_counter()
        assert outcome(verifier, data) == ("VALID", "ACTIVE")
        return (time.perf_counter() - started) * 1000

    calls, node_cpu = counting.calls, servers_cpu()
    with ThreadPoolExecutor(threads) as pool, Stopwatch() as watch:
        taken = list(pool.map(one, texts))
    count = len(texts)
    yield "docs_per_s", count / watch.wall
    yield "docs_per_cpu_s", count / watch.cpu
    yield "p50_ms", quantile(taken, 0.5)
    yield "p99_ms", quantile(taken, 0.99)
    yield "rpc_per_doc", (counting.calls - calls) / count
    yield "chain_cpu_ms_per_doc", 1000 * (servers_cpu() - node_cpu) / count


def main(path: str, count: int, chain: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    transports: list[Counting] = []

    def wrap(transport: Any) -> Counting:
        transports.append(Counting(transport))
        return transports[0]

    documents = read_bills(path, count)
    with tempfile.TemporaryDirectory(prefix="portseal-bench-") as folder:
        directory = Path(folder)
        with consortium_on(chain, directory / "chain", wrap) as consortium:
            node = BenchNode(consortium, directory / "node")
            envelopes = register(node, documents)
            verifier = node.verifier()
            check(verifier, envelopes, node.bill())
            texts = [envelope.serialize().encode() for envelope in envelopes]
            metrics = {
                f"c{threads}_{name}": value
                for threads in CONCURRENT
                for name, value in measure(verifier, texts, threads, transports[0])
            }
            node.close()
    tell(metrics | {"rss_mb": peak_mb()}, n=count)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "anvil")
