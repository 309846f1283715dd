"""Gate statements as the node keeps them, with their places in their batches."""

import hashlib
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select, update

from anchors import merkle
from anchors.archive import Archive, BatchPlace
from anchors.database import Database, State
from anchors.database.models import DocumentRow, GateStatementRow
from anchors.payloads import Payloads
from anchors.sealing import gate_of
from ledger.errors import Refused, Unavailable
from ledger.gate_statement import GateStatement, parse

_FIND = (
    select(GateStatementRow)
    .join(DocumentRow, DocumentRow.number == GateStatementRow.document_number)
    .where(DocumentRow.digest == bindparam("digest"))
)


@dataclass(frozen=True)
class GateRecord:
    """A document's gate statement. place: None until the document is in a batch. is_final: its anchor is final."""

    statement: GateStatement
    place: BatchPlace | None
    is_final: bool


class GateArchive:
    """Finds gate statements by the digests of their documents."""

    def __init__(self, database: Database, archive: Archive, payloads: Payloads) -> None:
        self._database, self._archive, self._payloads = database, archive, payloads

    def find(self, digest: bytes) -> GateRecord:
        """Return a document's gate statement.

        Raises Refused `document.unknown`, `gate.none`; Unavailable `database.*`, `store.*`, `gate.lost`.
        """
        record = self._archive.find(digest)
        if record is None:
            raise Refused("document.unknown", "no such document is registered here", mend="check the digest")
        with self._database.read() as session:
            row = session.scalars(_FIND, {"digest": digest}).one_or_none()
        if row is None:
            detail = "the document was registered without a gate statement"
            raise Refused("gate.none", detail, mend="use the QR code by link, or issue the document anew")
        content = row.content or self._from_payload(digest, row)
        return GateRecord(parse(content), _place(record.batch, row), record.state is State.FINAL)

    def _from_payload(self, digest: bytes, row: GateStatementRow) -> bytes:
        """Read it where it lies after a rebuild, and keep it."""
        content = gate_of(self._payloads.get(digest)) or b""
        if hashlib.sha256(content).digest() != row.digest:
            detail = "the document's payload does not hold the gate statement that was anchored"
            raise Unavailable("gate.lost", detail, mend="use the QR code by link, or ask the node that registered it")
        kept = update(GateStatementRow).where(
            GateStatementRow.document_number == row.document_number, GateStatementRow.digest == row.digest
        )
        with self._database.write() as session:
            session.execute(kept.values(content=content))
        return content


def _place(document: BatchPlace | None, row: GateStatementRow) -> BatchPlace | None:
    """A statement stands directly after its document."""
    if document is None or row.path is None:
        return None
    return replace(document, index=document.index + 1, path=merkle.split(row.path))
