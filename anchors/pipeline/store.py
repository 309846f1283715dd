"""accepted -> stored: payloads into the store, both sides hashed, and the local copy deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from anchors.cid import cid_of
from anchors.database import Database, State
from anchors.database.models import DocumentRow, SealedPayloadRow
from anchors.pipeline.failure import fail
from anchors.pipeline.resources import Limits, Resources
from anchors.pipeline.turn import next_numbers
from anchors.stores import PayloadStore
from ledger.errors import Invalid, PortsealError, Refused, Unavailable
from ledger.failpoint import reached

_WORK = "store"


@dataclass(frozen=True)
class _Sealed:
    number: int
    cid: str
    content: bytes


def step(resources: Resources) -> int:
    """Store the next group of payloads; return how many documents moved.

    The store has written, read back and hashed before the database says so; a crash in between stores the same bytes
    again. A payload that its store refuses fails alone. Raises Unavailable `store.*`, `database.*`.
    """
    if not resources.leases.hold(_WORK):
        return 0
    group = _next(resources.database, resources.limits)
    whole = [one for one in group if str(cid_of(one.content)) == one.cid]
    refused: dict[int, PortsealError] = {one.number: _damaged() for one in group if one not in whole}
    if whole:
        reached("store.put.before")
        refused |= _put(resources.store, whole)
        reached("store.put.after")
    if group:
        _record(resources, [one.number for one in group if one.number not in refused], refused)
    return len(group)


def _next(database: Database, limits: Limits) -> list[_Sealed]:
    query = (
        select(DocumentRow.number, DocumentRow.payload_cid, SealedPayloadRow.size)
        .join(SealedPayloadRow, SealedPayloadRow.document_number == DocumentRow.number)
        .where(DocumentRow.state == State.ACCEPTED)
    )
    contents = select(SealedPayloadRow.document_number, SealedPayloadRow.content)
    with database.read() as session:
        numbers = next_numbers(session, State.ACCEPTED, limits.store_documents)
        found = session.execute(query.where(DocumentRow.number.in_(numbers)))
        sizes = {number: (number, cid, size) for number, cid, size in found}
        cids = _first_bytes([sizes[number] for number in numbers if number in sizes], limits)
        rows = session.execute(contents.where(SealedPayloadRow.document_number.in_(cids)))
        return [_Sealed(number, cids[number], content) for number, content in rows]


def _first_bytes(rows: Sequence[tuple[int, str, int]], limits: Limits) -> dict[int, str]:
    taken: dict[int, str] = {}
    total = 0
    for number, cid, size in rows:
        total += size
        if taken and total > limits.store_bytes:
            break
        taken[number] = cid
    return taken


def _put(store: PayloadStore, group: Sequence[_Sealed]) -> dict[int, PortsealError]:
    try:
        _put_all(store, group)
    except (Invalid, Refused) as error:
        if len(group) == 1:
            return {group[0].number: error}
        middle = len(group) // 2
        return _put(store, group[:middle]) | _put(store, group[middle:])
    return {}


def _put_all(store: PayloadStore, group: Sequence[_Sealed]) -> None:
    stored = [str(cid) for cid in store.put([one.content for one in group])]
    if stored != [one.cid for one in group]:
        raise Unavailable(
            "store.corrupt",
            f"the store {store.name} holds other bytes than it was given",
            mend="check the store; the payloads are still in the database",
        )


def _record(resources: Resources, stored: Sequence[int], refused: dict[int, PortsealError]) -> None:
    with resources.write(_WORK) as session:
        fail(session, refused)
        session.execute(
            update(DocumentRow)
            .where(DocumentRow.number.in_(stored), DocumentRow.state == State.ACCEPTED)
            .values(state=State.STORED)
        )
        session.execute(delete(SealedPayloadRow).where(SealedPayloadRow.document_number.in_(stored)))
        reached("store.commit.before")
    reached("store.commit.after")


def _damaged() -> Refused:
    return Refused(
        "payload.damaged",
        "the sealed payload in the database is not the one that was accepted",
        mend="check the disk, then register the document again",
    )
