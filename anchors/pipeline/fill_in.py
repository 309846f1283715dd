"""Fill in what a document that was found again lacks, when its registrant registers it again.

Who that is only its payload says: the key of the registrant's entry. The document itself is anchored, so nothing that
is asked of a new one is asked of it; its receipt is a new one, with the time of now.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from anchors.database import Database
from anchors.database.models import DocumentRow
from anchors.payloads import Payloads
from anchors.pipeline.examine import Examined
from anchors.reader_entry import kid_of
from anchors.sealing import registrant_entry
from ledger.errors import PortsealError

Registrants = Mapping[bytes, str | PortsealError]
"""Digests of documents that were found again, and the thumbprint of the key that each payload was sealed for."""


class FoundAgain(Exception):
    """A group has documents that were found again, and who registered them is not read yet."""


def read_registrants(database: Database, payloads: Payloads, digests: Iterable[bytes]) -> Registrants:
    """Read who registered those of the documents that were found again. Raises Unavailable `database.*`."""
    query = select(DocumentRow.digest).where(DocumentRow.tenant_id.is_(None), DocumentRow.digest.in_(list(digests)))
    with database.read() as session:
        found = session.scalars(query).all()
    return {digest: _registrant(payloads, digest) for digest in found}


def _registrant(payloads: Payloads, digest: bytes) -> str | PortsealError:
    try:
        return kid_of(registrant_entry(payloads.get(digest)))
    except PortsealError as error:
        return error


def fill_in(session: Session, row: DocumentRow, examined: Examined) -> None:
    """Write what only the payload had said; the caller has seen that the registrant is the one."""
    registration, envelope = examined.registration, examined.registration.envelope
    row.edition = _edition(session, row, examined)
    row.tenant_id, row.supersedes = registration.tenant.id, registration.supersedes
    row.kind, row.jti, row.kid = envelope.kind.name, envelope.jti, envelope.kid
    row.iat, row.exp = envelope.iat, envelope.exp
    row.accepted_at, row.promised_at = examined.accepted_at, examined.anchored_by
    row.receipt, row.warnings = examined.receipt, " ".join(examined.warnings)
    # Others of the group may have the same name.
    session.flush()


def _edition(session: Session, row: DocumentRow, examined: Examined) -> int:
    """Return the edition by the order of the chain, whichever of a name's documents comes first now."""
    envelope = examined.registration.envelope
    named = (
        DocumentRow.issuer == envelope.issuer,
        DocumentRow.kind == envelope.kind.name,
        DocumentRow.jti == envelope.jti,
    )
    query = select(func.min(DocumentRow.edition), func.max(DocumentRow.edition), func.min(DocumentRow.number))
    oldest, newest, first = session.execute(query.where(*named)).one()
    if newest is None:
        return 0
    return int(oldest) - 1 if row.number < first else int(newest) + 1
