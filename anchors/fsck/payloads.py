"""Every payload hashes to its CID: the sealed ones in the database, the stored ones in each store that has them."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from anchors.cid import Cid, cid_of
from anchors.database import State
from anchors.database.models import BatchRow, DocumentRow, SealedPayloadRow
from anchors.fsck.finding import Finding, change
from anchors.fsck.scene import Scene
from anchors.stores.known_store import KnownStore
from ledger.errors import Invalid, PortsealError, Unavailable

_GONE = ("store.missing", "store.corrupt")
_ELSEWHERE = "bring it back from a backup of the store, or from whoever has opened it; its proof holds without it"


def check(scene: Scene) -> Iterator[Finding]:
    """Raises Unavailable `store.failed`. With `quick` nothing is read."""
    if scene.quick:
        return
    yield from _sealed(scene)
    documents = select(DocumentRow.number, DocumentRow.payload_cid, DocumentRow.replicas, DocumentRow.digest)
    documents = documents.where(DocumentRow.state.in_((State.STORED, State.BATCHED)))
    for number, cid, replicas, digest in scene.pages(documents, DocumentRow.number):
        yield from _replicas(scene, DocumentRow, number, f"document {digest.hex()}", cid, replicas)
    batches = select(BatchRow.id, BatchRow.manifest_cid, BatchRow.manifest_replicas, BatchRow.root)
    for number, cid, replicas, root in scene.pages(batches, BatchRow.id):
        yield from _replicas(scene, BatchRow, number, f"batch {number} {root.hex()}", cid, replicas)


def _sealed(scene: Scene) -> Iterator[Finding]:
    query = select(SealedPayloadRow.document_number, DocumentRow.payload_cid, DocumentRow.digest).join(
        DocumentRow, DocumentRow.number == SealedPayloadRow.document_number
    )
    for number, cid, digest in scene.pages(query, SealedPayloadRow.document_number):
        row = scene.session.get_one(SealedPayloadRow, number)
        if (str(cid_of(row.content)), row.size) != (cid, len(row.content)):
            yield _damaged(scene, row, cid, digest)
        scene.session.expunge(row)


def _damaged(scene: Scene, row: SealedPayloadRow, cid: str, digest: bytes) -> Finding:
    where, detail = f"document {digest.hex()}", "its sealed payload in the database is not the one that was accepted"
    good = row.content if str(cid_of(row.content)) == cid else scene.fetch(cid)
    if good is None:
        return Finding("sealed.damaged", where, detail, "have its registrant issue and register it anew", (row,))
    return Finding("sealed.damaged", where, detail, "", (row,), change(row, content=good, size=len(good)))


def _replicas(scene: Scene, table: Any, number: int, where: str, cid: str, replicas: int) -> Iterator[Finding]:
    held = [store for store in scene.stores if replicas & store.mask]
    if not held:
        if scene.fetch(cid) is None:
            yield _missing(scene, table, number, where, cid)
        return
    for store in held:
        fault = _fault(store, cid)
        if fault is not None:
            yield _replica(scene, table, number, where, cid, store, fault)


def _fault(store: KnownStore, cid: str) -> PortsealError | None:
    try:
        store.get(Cid.parse(cid))
    except Invalid as error:
        return error
    except Unavailable as error:
        if error.code not in _GONE:
            raise
        return error
    return None


def _replica(
    scene: Scene, table: Any, number: int, where: str, cid: str, store: KnownStore, fault: PortsealError
) -> Finding:
    content = scene.fetch(cid)
    if content is None:
        return _missing(scene, table, number, where, cid)
    row = scene.session.get_one(table, number)
    detail = f"{fault.detail}; another store has it"
    return Finding("payload.replica", where, detail, "", (row,), partial(_put, store, content))


def _missing(scene: Scene, table: Any, number: int, where: str, cid: str) -> Finding:
    row = scene.session.get_one(table, number)
    local = scene.session.get(SealedPayloadRow, number) if table is DocumentRow else None
    if local is not None and str(cid_of(local.content)) == cid:
        content = local.content
        detail = f"no store has {cid} whole; it is still sealed in the database"
        return Finding("payload.missing", where, detail, "", (row,), lambda _: scene.put(content))
    return Finding("payload.missing", where, f"no store has {cid} whole", _ELSEWHERE, (row,))


def _put(store: KnownStore, content: bytes, _: Session) -> None:
    store.put({cid_of(content): content})
