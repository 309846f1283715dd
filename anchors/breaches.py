"""The promises to one tenant that were broken, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from anchors.database import Database
from anchors.database.models import BreachRow, DocumentRow

AT_ONCE = 500


@dataclass(frozen=True)
class Breach:
    """A document, when its receipt promised it to be anchored, and when it was; None: not yet. `number`: its place."""

    number: int
    digest: bytes
    promised_at: int
    anchored_at: int | None


def breaches(database: Database, tenant: str, before: int | None = None) -> Sequence[Breach]:
    """Return at most AT_ONCE of the tenant's, those of documents with a lower number than `before`.

    Raises Unavailable `database.*`.
    """
    query = (
        select(BreachRow.document_number, DocumentRow.digest, BreachRow.promised_at, BreachRow.anchored_at)
        .join(DocumentRow, DocumentRow.number == BreachRow.document_number)
        .where(DocumentRow.tenant_id == tenant)
        .order_by(BreachRow.document_number.desc())
        .limit(AT_ONCE)
    )
    if before is not None:
        query = query.where(BreachRow.document_number < before)
    with database.read() as session:
        return [Breach(*row) for row in session.execute(query)]
