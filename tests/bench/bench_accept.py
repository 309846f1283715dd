"""Where the processor time of one document goes, from the bytes of its line to final: microseconds of one core.

    python -m tests.bench.bench_accept [COUNT] [ES256|Ed25519] [X25519|ECDH_P256]

Bills as NDJSON lines with an idempotency key, in groups of 500, on the embedded chain with a folder store. The parts
above the line are what accepting does in memory; `accept` is all of it with the database; `worker` is every later
step, with the embedded chain's own work. Nothing runs beside, so that a part's time is its own; the heap as it stands
at the start is frozen, as `portseal serve` does.
"""

import gc
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any, TypeVar

import structlog

from anchors import reader_entry
from anchors.cid import cid_of
from anchors.lane import Lane
from anchors.pipeline.registration import Accepted, Registration
from anchors.sealing import seal
from api import registering
from api.routes import documents, registration_body
from ledger.compact_jws import check_signature
from ledger.envelope import Envelope, parse, verify
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.anchors.pipeline_node import CARRIER
from tests.bench.chains import consortium_on
from tests.bench.node import BenchNode

GROUP = 500
T = TypeVar("T")


class Table:
    """Seconds of processor time by part."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def each(self, part: str, work: Callable[[T], Any], items: Sequence[T]) -> list[Any]:
        started = process_time()
        results = [work(item) for item in items]
        self.spent[part] = self.spent.get(part, 0.0) + process_time() - started
        return results

    def once(self, part: str, work: Callable[[], T]) -> T:
        return self.each(part, lambda _: work(), (None,))[0]  # type: ignore[no-any-return]

    def show(self, count: int, parts: Sequence[str]) -> None:
        for part in parts:
            print(f"{part:<44}{self.spent[part] / count * 1e6:>8.0f} us")


def line_of(envelope: Envelope) -> bytes:
    return json.dumps({"envelope": envelope.serialize()}).encode()


def read_line(line: bytes) -> str:
    body = registration_body.read(line)
    assert registering.request_key("bench", line, 1)
    assert body.envelope
    return body.envelope


def accept(node: BenchNode, table: Table, lines: Sequence[bytes]) -> None:
    """Take one group part by part, then whole."""
    tenant = node.tenant()
    texts = table.each("line: JSON, hash of the request", read_line, lines)
    envelopes = table.each("envelope: parse", parse, texts)
    key, now = node.consortium.issuer_key(CARRIER).public_key, int(node.consortium.clock())
    table.each("  (of which the signature)", lambda one: check_signature(one.token, key), envelopes)
    shown = table.each("envelope: signature, disclosures, schema", lambda one: verify(one, key), envelopes)
    facts = node.directory.at_head()

    def judged(pair: tuple[Envelope, Any]) -> object:
        envelope, presentation = pair
        kind = envelope.kind.name
        return facts.standing(envelope.kid, kind, now), facts.outside(envelope.kid, kind, presentation.document, now)

    table.each("standing and scope of the issuer", judged, list(zip(envelopes, shown, strict=True)))
    entry = lambda one: reader_entry.make(b"k" * 32, tenant.encryption_key, one.digest)  # noqa: E731
    table.each("  (of which the reader entry)", entry, envelopes)
    sealed = table.each("sealing", lambda one: seal(one.serialize(), (), one.digest, tenant.encryption_key), envelopes)
    table.each("CID", lambda one: str(cid_of(one.payload)), sealed)
    table.each("receipt", lambda one: node.office.accepted(one, (), now, Lane.NORMAL), envelopes)
    registrations = [Registration(envelope, tenant) for envelope in table.each("(parsed anew)", parse, texts)]
    results = table.once("accept, with the database", lambda: node.registrar.accept(registrations))
    assert all(isinstance(result, Accepted) for result in results)
    answer = lambda pair: documents._line(1, registering._answer(*pair))  # noqa: E731
    table.each("answer: JSON line", answer, list(zip(registrations, results, strict=True)))


PARTS = (
    "line: JSON, hash of the request",
    "envelope: parse",
    "envelope: signature, disclosures, schema",
    "  (of which the signature)",
    "standing and scope of the issuer",
    "sealing",
    "  (of which the reader entry)",
    "CID",
    "receipt",
)
WHOLE = (
    "line: JSON, hash of the request",
    "envelope: parse",
    "accept, with the database",
    "answer: JSON line",
    "worker, to final",
)


def measure(node: BenchNode, count: int) -> None:
    accept(node, Table(), [line_of(node.bill())])
    node.run()
    lines = [line_of(node.bill()) for _ in range(count)]
    gc.collect()
    gc.freeze()
    table = Table()
    for start in range(0, count, GROUP):
        accept(node, table, lines[start : start + GROUP])
    table.once("worker, to final", node.run)
    table.spent["all of it"] = sum(table.spent[part] for part in WHOLE)
    print(f"{count} bills of {len(lines[0])} bytes a line (load {os.getloadavg()[0]:.1f})")
    table.show(count, PARTS)
    print("-" * 55)
    table.show(count, (*WHOLE, "all of it"))


def main(count: int, answers: Algorithm, reader: Algorithm) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with tempfile.TemporaryDirectory() as folder, consortium_on("embedded", Path(folder) / "chain") as consortium:
        node = BenchNode(consortium, Path(folder) / "node")
        node.tenant_key = PrivateKey.generate(reader)
        # The chain does not matter here, so the answers key need not be the one that is registered.
        node.office = replace(node.office, signer=PrivateKey.generate(answers))
        node.registrar._office = node.office
        print(f"receipts {answers.jose}, reader {reader.name}, envelopes ", end="")
        print(consortium.issuer_key(CARRIER).public_key.algorithm.jose)
        measure(node, count)
        node.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        int(given[0]) if given else 2_000,
        Algorithm[given[1].upper()] if len(given) > 1 else Algorithm.ED25519,
        Algorithm[given[2].upper()] if len(given) > 2 else Algorithm.X25519,
    )
