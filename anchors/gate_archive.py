"""Gate statements as the node keeps them, with their places in their batches."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from anchors.database import Database, State
from anchors.database.models import BatchRow, DocumentRow, GateStatementRow
from anchors.gate_code import split
from anchors.payloads import Payloads
from anchors.sealing import gate_of
from ledger.errors import Refused, Unavailable
from ledger.gate_statement import GateStatement, parse

_FIND = (
    select(DocumentRow, GateStatementRow, BatchRow)
    .outerjoin(GateStatementRow, GateStatementRow.document_number == DocumentRow.number)
    .outerjoin(BatchRow, BatchRow.id == DocumentRow.batch_id)
    .where(DocumentRow.digest == bindparam("digest"))
)


@dataclass(frozen=True)
class GatePlace:
    """Where a gate statement stands in its batch. path: RFC 9162, the lowest sibling first."""

    root: bytes
    size: int
    manifest_digest: bytes
    index: int
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class GateRecord:
    """A document's gate statement. place: None until the document is in a batch. is_final: its anchor is final."""

    statement: GateStatement
    place: GatePlace | None
    is_final: bool


class GateArchive:
    """Finds gate statements by the digests of their documents."""

    def __init__(self, database: Database, payloads: Payloads) -> None:
        self._database, self._payloads = database, payloads

    def find(self, digest: bytes) -> GateRecord:
        """Return a document's gate statement.

        Raises Refused `document.unknown`, `gate.none`; Unavailable `database.*`, `store.*`, `gate.lost`.
        """
        with self._database.read() as session:
            found = session.execute(_FIND, {"digest": digest}).one_or_none()
        if found is None:
            raise Refused("document.unknown", "no such document is registered here", mend="check the digest")
        document, row, batch = found
        if row is None:
            detail = "the document was registered without a gate statement"
            raise Refused("gate.none", detail, mend="use the QR code by link, or issue the document anew")
        content = row.content or self._from_payload(digest, row)
        is_final = batch is not None and batch.state == State.FINAL
        return GateRecord(parse(content), _place(document, row, batch), is_final)

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


def _place(document: DocumentRow, row: GateStatementRow, batch: BatchRow | None) -> GatePlace | None:
    if batch is None or document.leaf_index is None or row.path is None:
        return None
    return GatePlace(batch.root, batch.size, batch.manifest_digest, document.leaf_index + 1, split(row.path))
