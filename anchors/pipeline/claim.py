"""Which accepted documents this worker stores now, so that no other does the same work.

On PostgreSQL any number of workers store at once: each locks the rows of its group and passes over the locked ones
(SKIP LOCKED). The locks end with the transaction, also when the worker dies; when it stands still, the server ends
its session. On SQLite one worker stores at a time, the one with the lease.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from anchors.database import State
from anchors.database.models import DocumentRow, SealedPayloadRow
from anchors.pipeline.resources import Limits, Resources
from anchors.pipeline.turn import next_numbers

PATIENCE_SECONDS = 300
"""How long a claim may rest while the store is at work, before the server takes its worker for dead (PostgreSQL)."""

_WORK = "store"
_PATIENCE = text(f"SET LOCAL idle_in_transaction_session_timeout = {PATIENCE_SECONDS * 1000}")


@dataclass(frozen=True)
class Sealed:
    """A document's number, the CID that its payload should have, and the payload."""

    number: int
    cid: str
    content: bytes


@dataclass(frozen=True)
class Claim:
    """A group, and the transaction in which to note what became of it."""

    group: Sequence[Sealed]
    write: Callable[[], AbstractContextManager[Session]]


@contextmanager
def claimed(resources: Resources) -> Iterator[Claim]:
    """Yield the next group; nobody else has it until the end of the block, and what was noted is durable then.

    The group is empty where there is nothing to do, or it is another's to do. Raises Unavailable `database.*`,
    `pipeline.lease-lost`.
    """
    if resources.database.has_many_writers:
        with resources.database.write() as session:
            session.execute(_PATIENCE)
            yield Claim(_next(session, resources.limits, claim=True), lambda: nullcontext(session))
    elif resources.leases.hold(_WORK):
        with resources.database.read() as session:
            group = _next(session, resources.limits)
        yield Claim(group, lambda: resources.write(_WORK))
    else:
        yield Claim([], lambda: resources.write(_WORK))


def _next(session: Session, limits: Limits, *, claim: bool = False) -> list[Sealed]:
    numbers = next_numbers(session, State.ACCEPTED, limits.store_documents, claim=claim)
    query = (
        select(DocumentRow.number, DocumentRow.payload_cid, SealedPayloadRow.size)
        .join(SealedPayloadRow, SealedPayloadRow.document_number == DocumentRow.number)
        .where(DocumentRow.state == State.ACCEPTED)
    )
    found = session.execute(query.where(DocumentRow.number.in_(numbers)))
    sizes = {number: (number, cid, size) for number, cid, size in found}
    cids = _first_bytes([sizes[number] for number in numbers if number in sizes], limits)
    contents = select(SealedPayloadRow.document_number, SealedPayloadRow.content)
    rows = session.execute(contents.where(SealedPayloadRow.document_number.in_(cids)))
    return [Sealed(number, cids[number], content) for number, content in rows]


def _first_bytes(rows: Sequence[tuple[int, str, int]], limits: Limits) -> dict[int, str]:
    taken: dict[int, str] = {}
    total = 0
    for number, cid, size in rows:
        total += size
        if taken and total > limits.store_bytes:
            break
        taken[number] = cid
    return taken
