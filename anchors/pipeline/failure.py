"""End the way of documents that cannot go on, each with its reason."""

from collections.abc import Mapping

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from anchors.database import State
from anchors.database.models import DocumentRow
from ledger.errors import PortsealError


def fail(session: Session, reasons: Mapping[int, PortsealError]) -> None:
    """Mark documents, by their numbers, as failed. A document that has a batch is left as it is."""
    if not reasons:
        return
    statement = (
        update(DocumentRow)
        .where(DocumentRow.number == bindparam("of"), DocumentRow.batch_id.is_(None))
        .values(state=State.FAILED, failure_code=bindparam("code"), failure_detail=bindparam("detail"))
    )
    session.connection().execute(
        statement, [{"of": number, "code": error.code, "detail": error.detail} for number, error in reasons.items()]
    )
