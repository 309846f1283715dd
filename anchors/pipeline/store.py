"""accepted -> stored: payloads into the store, both sides hashed, and the local copy deleted."""

from collections.abc import Sequence

from sqlalchemy import delete, update

from anchors.cid import cid_of
from anchors.database import State
from anchors.database.models import DocumentRow, SealedPayloadRow
from anchors.pipeline.claim import Claim, Sealed, claimed
from anchors.pipeline.failure import fail
from anchors.pipeline.resources import Resources
from anchors.stores import PayloadStore
from ledger.errors import Invalid, PortsealError, Refused, Unavailable
from ledger.failpoint import reached


def step(resources: Resources) -> int:
    """Store the next group of payloads; return how many documents moved.

    The store has written, read back and hashed before the database says so; a crash in between stores the same bytes
    again. A payload that its store refuses fails alone. Raises Unavailable `store.*`, `database.*`.
    """
    with claimed(resources) as claim:
        group = claim.group
        whole = [one for one in group if str(cid_of(one.content)) == one.cid]
        refused: dict[int, PortsealError] = {one.number: _damaged() for one in group if one not in whole}
        if whole:
            reached("store.put.before")
            refused |= _put(resources.store, whole)
            reached("store.put.after")
        if group:
            _record(claim, [one.number for one in group if one.number not in refused], refused)
    if group:
        reached("store.commit.after")
    return len(group)


def _put(store: PayloadStore, group: Sequence[Sealed]) -> dict[int, PortsealError]:
    try:
        _put_all(store, group)
    except (Invalid, Refused) as error:
        if len(group) == 1:
            return {group[0].number: error}
        middle = len(group) // 2
        return _put(store, group[:middle]) | _put(store, group[middle:])
    return {}


def _put_all(store: PayloadStore, group: Sequence[Sealed]) -> None:
    stored = [str(cid) for cid in store.put([one.content for one in group])]
    if stored != [one.cid for one in group]:
        raise Unavailable(
            "store.corrupt",
            f"the store {store.name} holds other bytes than it was given",
            mend="check the store; the payloads are still in the database",
        )


def _record(claim: Claim, stored: Sequence[int], refused: dict[int, PortsealError]) -> None:
    with claim.write() as session:
        fail(session, refused)
        session.execute(
            update(DocumentRow)
            .where(DocumentRow.number.in_(stored), DocumentRow.state == State.ACCEPTED)
            .values(state=State.STORED)
        )
        session.execute(delete(SealedPayloadRow).where(SealedPayloadRow.document_number.in_(stored)))
        reached("store.commit.before")


def _damaged() -> Refused:
    return Refused(
        "payload.damaged",
        "the sealed payload in the database is not the one that was accepted",
        mend="check the disk, then register the document again",
    )
