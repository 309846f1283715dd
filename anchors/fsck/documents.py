"""Every document is in one moving or terminal state, with what belongs to it; each digest and each name once."""

from collections.abc import Iterator

from sqlalchemy import func, select

from anchors.database import State
from anchors.database.models import DocumentRow, SealedPayloadRow
from anchors.fsck.finding import Finding, Repair, change
from anchors.fsck.scene import Scene
from anchors.lane import Lane

_OWN_STATES = (State.ACCEPTED, State.STORED, State.BATCHED, State.FAILED)
_FROM_PAYLOAD = ("tenant_id", "kind", "jti", "kid", "iat", "receipt")
_BACKUP = "restore the database from a backup, or rebuild it"
_AGAIN = "have its registrant issue and register it anew"


def check(scene: Scene) -> Iterator[Finding]:
    """Raises Unavailable `store.*`."""
    query = select(DocumentRow.number, DocumentRow, SealedPayloadRow.document_number).outerjoin(
        SealedPayloadRow, SealedPayloadRow.document_number == DocumentRow.number
    )
    for _, row, local in scene.pages(query, DocumentRow.number):
        yield from _state(row)
        yield from _members(row)
        if row.state == State.ACCEPTED and local is None:
            yield _lost(scene, row)
    yield from _twice(scene)


def _state(row: DocumentRow) -> Iterator[Finding]:
    if row.state not in _OWN_STATES or row.lane not in list(Lane):
        yield _finding("document.state", row, f"its state {row.state!r} or lane {row.lane} is none that there is")
    if row.state == State.FAILED and not row.failure_code:
        yield _finding("document.no-reason", row, "it failed, and nothing says why", _AGAIN)
    placed = row.batch_id is not None
    if placed != (row.leaf_index is not None) or placed != (row.path is not None):
        yield _finding("document.place", row, "of batch, leaf index and path it has some and not all")
    if row.state == State.BATCHED and not placed:
        yield _finding("document.no-batch", row, "it reads `batched` and has no batch")


def _members(row: DocumentRow) -> Iterator[Finding]:
    missing = [name for name in _FROM_PAYLOAD if getattr(row, name) is None]
    if missing and len(missing) != len(_FROM_PAYLOAD):
        yield _finding("document.members", row, f"it has no {', '.join(missing)}, and was not found again")
    elif missing and row.batch_id is None:
        yield _finding("document.members", row, "it was found again and is in no batch")


def _lost(scene: Scene, row: DocumentRow) -> Finding:
    detail = "it was accepted, and its sealed payload is not in the database"
    if scene.fetch(row.payload_cid) is None:
        return _finding("payload.lost", row, detail + " nor in a store", _AGAIN)
    return _finding("payload.stored-already", row, detail + "; a store has it", "", change(row, state=State.STORED))


def _twice(scene: Scene) -> Iterator[Finding]:
    """The database's constraints hold this, unless they are gone or an index is damaged."""
    count = func.count()
    digests = select(DocumentRow.digest, count).group_by(DocumentRow.digest).having(count > 1)
    for digest, times in scene.session.execute(digests):
        where = f"document {digest.hex()}"
        yield Finding("document.twice", where, f"{times} rows have this digest", "keep the one that was anchored first")
    name = (DocumentRow.issuer, DocumentRow.kind, DocumentRow.jti, DocumentRow.edition)
    names = select(*name).where(DocumentRow.jti.is_not(None)).group_by(*name).having(count > 1)
    for issuer, kind, jti, edition in scene.session.execute(names):
        where = f"{kind} {jti} of {issuer}"
        yield Finding("document.name-twice", where, f"two documents are edition {edition} of this name", _BACKUP)


def _finding(code: str, row: DocumentRow, detail: str, mend: str = _BACKUP, repair: Repair | None = None) -> Finding:
    return Finding(code, f"document {row.digest.hex()}", detail, mend, (row,), repair)
