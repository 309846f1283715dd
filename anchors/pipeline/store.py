"""accepted -> stored: payloads into as many stores as are wanted, read back and hashed; the local copy is deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, update

from anchors.cid import Cid, cid_of
from anchors.database import State
from anchors.database.models import DocumentRow, SealedPayloadRow
from anchors.pipeline.claim import Claim, claimed
from anchors.pipeline.failure import fail
from anchors.pipeline.resources import Resources
from anchors.replicas.record import by_stores
from anchors.replicas.replicas import Replicas
from ledger.errors import Invalid, PortsealError, Refused
from ledger.failpoint import reached


@dataclass(frozen=True)
class _Whole:
    number: int
    cid: Cid
    content: bytes


@dataclass(frozen=True)
class _Outcome:
    """held: the bits of the stores that hold a document's payload, by its number."""

    held: dict[int, int]
    refused: dict[int, PortsealError]


def step(resources: Resources) -> int:
    """Store the next group of payloads; return how many documents moved.

    As many stores as are wanted have written, read back and hashed before the database says so; a crash in between
    stores the same bytes again. A payload that a store refuses fails alone. Raises Unavailable `store.*`, `database.*`.
    """
    with claimed(resources) as claim:
        group = claim.group
        hashed = [(one.number, cid_of(one.content), one) for one in group]
        whole = [_Whole(number, cid, one.content) for number, cid, one in hashed if str(cid) == one.cid]
        outcome = _Outcome({}, {number: _damaged() for number, cid, one in hashed if str(cid) != one.cid})
        if whole:
            reached("store.put.before")
            _put(resources.store, whole, outcome)
            reached("store.put.after")
        if group:
            _record(claim, outcome)
    if group:
        reached("store.commit.after")
    return len(group)


def _put(replicas: Replicas, group: Sequence[_Whole], outcome: _Outcome) -> None:
    try:
        held = replicas.keep({one.cid: one.content for one in group})
    except (Invalid, Refused) as error:
        if len(group) == 1:
            outcome.refused[group[0].number] = error
            return
        middle = len(group) // 2
        _put(replicas, group[:middle], outcome)
        _put(replicas, group[middle:], outcome)
    else:
        outcome.held.update(dict.fromkeys((one.number for one in group), held))


def _record(claim: Claim, outcome: _Outcome) -> None:
    with claim.write() as session:
        fail(session, outcome.refused)
        for held, numbers in by_stores(outcome.held).items():
            session.execute(
                update(DocumentRow)
                .where(DocumentRow.number.in_(numbers), DocumentRow.state == State.ACCEPTED)
                .values(state=State.STORED, replicas=DocumentRow.replicas.bitwise_or(held))
            )
        session.execute(delete(SealedPayloadRow).where(SealedPayloadRow.document_number.in_(outcome.held)))
        reached("store.commit.before")


def _damaged() -> Refused:
    return Refused(
        "payload.damaged",
        "the sealed payload in the database is not the one that was accepted",
        mend="check the disk, then register the document again",
    )
