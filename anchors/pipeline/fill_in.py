"""Fill in what a document that was found again lacks, when its registrant registers it again.

Who that is only its payload says: the key of the registrant's entry. The document itself is anchored, so nothing that
is asked of a new one is asked of it; its receipt is a new one, with the time of now.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from anchors.database import Database
from anchors.database.models import DocumentRow
from anchors.payloads import Payloads
from anchors.pipeline.examine import Examined
from anchors.pipeline.known import KnownDocument
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


def fill_in(session: Session, document: KnownDocument, examined: Examined) -> KnownDocument:
    """Write what only the payload had said, and return it; the caller has seen that the registrant is the one."""
    registration, envelope = examined.registration, examined.registration.envelope
    filled = document._replace(
        tenant_id=registration.tenant.id,
        kind=envelope.kind.name,
        jti=envelope.jti,
        edition=_edition(session, document.digest, examined),
        supersedes=registration.supersedes,
        accepted_at=examined.accepted_at,
        promised_at=examined.anchored_by,
        receipt=examined.receipt,
        warnings=" ".join(examined.warnings),
    )
    row = filled._asdict() | {"kid": envelope.kid, "iat": envelope.iat, "exp": envelope.exp}
    session.execute(update(DocumentRow).where(DocumentRow.digest == document.digest).values(row))
    return filled


def _edition(session: Session, digest: bytes, examined: Examined) -> int:
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
    number = session.scalars(select(DocumentRow.number).where(DocumentRow.digest == digest)).one()
    return int(oldest) - 1 if number < first else int(newest) + 1
