"""Each gate statement hashes to its leaf, in the database or in the payload of its document."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from anchors.database.models import DocumentRow, GateStatementRow, SealedPayloadRow
from anchors.fsck.finding import Finding, change
from anchors.fsck.scene import Scene
from anchors.sealing import gate_of
from ledger.errors import Invalid

_MEND = "a QR code by link goes on working; for one by value the issuer has to issue the document anew"


def check(scene: Scene) -> Iterator[Finding]:
    """Raises Unavailable `store.*`. With `quick` no payload is read."""
    query = select(GateStatementRow.document_number, GateStatementRow, DocumentRow).join(
        DocumentRow, DocumentRow.number == GateStatementRow.document_number
    )
    for _, row, document in scene.pages(query, GateStatementRow.document_number):
        where = f"document {document.digest.hex()}"
        if (row.path is not None) != (document.batch_id is not None):
            detail = "its gate statement has a place in a batch and the document has none, or the other way round"
            yield Finding("gate.place", where, detail, "mend what else is found, then look again", (row, document))
        if row.content is not None and _is(row, row.content):
            continue
        if row.content is not None or not scene.quick:
            yield from _unlike(scene, row, document, where)


def _unlike(scene: Scene, row: GateStatementRow, document: DocumentRow, where: str) -> Iterator[Finding]:
    kept = _in_payload(scene, document)
    if kept is not None and _is(row, kept):
        if row.content is not None:
            detail = "its gate statement in the database is another one; the payload has the right one"
            yield Finding("gate.damaged", where, detail, "", (row,), change(row, content=kept))
    else:
        detail = "neither the database nor its payload has the gate statement whose digest is its leaf"
        yield Finding("gate.lost", where, detail, _MEND, (row,))


def _is(row: GateStatementRow, content: bytes) -> bool:
    return hashlib.sha256(content).digest() == row.digest


def _in_payload(scene: Scene, document: DocumentRow) -> bytes | None:
    sealed = scene.session.get(SealedPayloadRow, document.number)
    payload = sealed.content if sealed else scene.fetch(document.payload_cid)
    try:
        return gate_of(payload) if payload is not None else None
    except Invalid:
        return None
