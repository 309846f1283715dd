"""Does the millionth document cost what the first did? One database that grows; look-ups, proofs, groups, batches.

    python -m tests.bench.bench_growth [COUNT...]     1000 10000 100000 1000000 by default

Rows are written as acceptance writes them (a receipt of real length) but unsigned, so that the bench takes minutes;
from there the pipeline's own batch step makes trees, paths and manifests, and what is measured are the node's own
look-ups, on random documents, and a group of real ones that is accepted. Processor time, since others may work.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count as count_from
from pathlib import Path

import structlog
from sqlalchemy import insert, select, text

from anchors import merkle
from anchors.cid import cid_of
from anchors.database import State
from anchors.database.models import DocumentRow
from anchors.lane import Lane
from anchors.pipeline import batch, promises
from anchors.pipeline.waiting_room import WaitingRoom
from anchors.pipeline_state import look
from anchors.receipt import full_receipt
from tests.anchors.pipeline_node import CARRIER, PipelineNode
from tests.bench.chains import consortium_on
from tests.bench.peers.measure import peak_mb

_GROUP = 10_000
_LOOKS = 300
COLUMNS = (
    "documents",
    "batch us/doc",
    "find ms",
    "receipt ms",
    "path ms",
    "accept ms",
    "room ms",
    "state ms",
    "promises ms",
    "bytes/doc",
    "peak MB",
)


def fill(node: PipelineNode, count: int) -> None:
    """Add stored documents until there are `count`, and have them batched."""
    tenant = node.tenant().id
    with node.database.read() as session:
        there = session.scalar(select(DocumentRow.number).order_by(DocumentRow.number.desc()).limit(1)) or 0
    for start in range(there, count, _GROUP):
        rows = [_row(tenant) for _ in range(min(_GROUP, count - start))]
        with node.database.write() as session:
            session.execute(insert(DocumentRow), rows)


def _row(tenant: str) -> dict[str, object]:
    digest = os.urandom(32)
    return {
        "digest": digest,
        "tenant_id": tenant,
        "issuer": CARRIER,
        "kind": "bill-of-lading",
        "jti": digest.hex()[:22],
        "edition": 0,
        "supersedes": None,
        "kid": "k" * 43,
        "covered": False,
        "warnings": "",
        "iat": 1_790_000_000,
        "exp": None,
        "accepted_at": 1_790_000_000,
        "promised_at": 2**40,
        "receipt": "r" * 620,
        "state": State.STORED,
        "payload_cid": str(cid_of(digest)),
        "lane": Lane.NORMAL,
        "replicas": 1,
    }


def batched(node: PipelineNode) -> float:
    """Make batches of what is stored; return processor seconds."""
    began = time.process_time()
    # As many batches as it takes: nothing is signed here, and the step would wait for that.
    limits = replace(node.resources.limits, batches=1_000)
    while node.step(batch.step, limits=limits):
        pass
    return time.process_time() - began


def cost(action: Callable[[], object], times: int = _LOOKS) -> float:
    """Return processor milliseconds for one of `times`."""
    began = time.process_time()
    for _ in range(times):
        action()
    return (time.process_time() - began) / times * 1e3


def digests(node: PipelineNode, count: int) -> list[bytes]:
    numbers = random.sample(range(1, count + 1), min(count, 500))
    with node.database.read() as session:
        return list(session.scalars(select(DocumentRow.digest).where(DocumentRow.number.in_(numbers))))


def measure(node: PipelineNode, count: int) -> None:
    """Grow to `count` documents and print a row."""
    fill(node, count)
    with node.database.read() as session:
        waiting = len(session.execute(select(DocumentRow.number).where(DocumentRow.state == State.STORED)).all())
    spent = batched(node)
    known = digests(node, count)
    record = node.record(known[0])
    assert record.batch is not None
    place = record.batch
    merkle.verify_inclusion(record.digest, place.index, place.size, place.path, place.root)
    group = [node.registration() for _ in range(100)]
    began = time.process_time()
    accepted = node.accept(*group)
    accepting = (time.process_time() - began) / len(accepted) * 1e3
    room, times = WaitingRoom(node.database), count_from(int(time.time()), promises.INTERVAL + 1)
    figures = (
        count,
        spent / max(1, waiting) * 1e6,
        cost(lambda: node.record(random.choice(known))),
        cost(lambda: full_receipt(node.record(random.choice(known)))),
        cost(lambda: merkle.verify_inclusion(record.digest, place.index, place.size, place.path, place.root)),
        accepting,
        cost(lambda: (room._looks.clear(), room.check(Lane.NORMAL)), 20),
        cost(lambda: look(node.database), 20),
        cost(lambda: node.step(promises.step, clock=lambda: next(times)), 20),
        _bytes(node) / count,
        peak_mb(),
    )
    print("".join(f"{one:>13,.3f}" if isinstance(one, float) else f"{one:>13,}" for one in figures), flush=True)
    with node.database.write() as session:
        # The real ones of this row would be batched with the next: out of the way.
        session.execute(text("UPDATE documents SET state = 'failed' WHERE state = 'accepted'"))
        session.execute(text("DELETE FROM sealed_payloads"))


def _bytes(node: PipelineNode) -> int:
    with node.database.write() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar() or 0
        size = session.execute(text("PRAGMA page_size")).scalar() or 0
    return int(pages * size)


def main(counts: Sequence[str]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    print(f"embedded chain, SQLite, folder store; load {os.getloadavg()[0]:.1f}")
    print("".join(f"{column:>13}" for column in COLUMNS), flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="portseal-growth-") as folder,
        consortium_on("embedded", Path(folder) / "chain") as consortium,
    ):
        node = PipelineNode(consortium, Path(folder) / "node")
        for count in counts or ("1000", "10000", "100000", "1000000"):
            measure(node, int(count))
        node.close()


if __name__ == "__main__":
    main(sys.argv[1:])
