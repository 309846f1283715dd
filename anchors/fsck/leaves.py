"""Each batch is what its manifest says: chain, root, size, manifest digest, and the documents or reports in it."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from anchors import merkle
from anchors.cid import cid_of
from anchors.database.models import BatchRow, DocumentRow, GateStatementRow, ReportRow
from anchors.fsck import placed, reports
from anchors.fsck.finding import Finding, Repair, change
from anchors.fsck.scene import Scene
from anchors.manifest import Leaf, LeafType, Manifest, decode, encode
from anchors.pipeline.leaves import leaves_of
from ledger.errors import Invalid

_BACKUP = "restore the database from a backup, or rebuild it"


def check(scene: Scene) -> Iterator[Finding]:
    """Raises Unavailable `store.*`. One batch is in memory at a time, 65,536 documents at most."""
    for _, batch in scene.pages(select(BatchRow.id, BatchRow), BatchRow.id):
        query = (
            select(*placed.COLUMNS)
            .outerjoin(GateStatementRow, GateStatementRow.document_number == DocumentRow.number)
            .where(DocumentRow.batch_id == batch.id)
            .order_by(DocumentRow.leaf_index)
        )
        rows = scene.session.execute(query).all()
        yield from _batch(scene, batch, rows)
        scene.step(len(rows))


def _batch(scene: Scene, batch: BatchRow, rows: Sequence[Any]) -> Iterator[Finding]:
    content = scene.fetch(batch.manifest_cid)
    if content is None:
        content = _made_again(scene, batch, rows)
        yield _missing(scene, batch, content)
    if content is None:
        return
    if cid_of(content).digest != batch.manifest_digest:
        yield _other_digest(scene, batch, cid_of(content).digest)
        return
    try:
        manifest = decode(content)
    except Invalid as error:
        yield _finding("batch.manifest", batch, f"its manifest is none: {error.detail}")
        return
    yield from _whole(scene, batch, manifest)
    yield from placed.compare(scene.session, batch, rows, manifest.leaves)
    yield from reports.compare(scene.session, batch, manifest.leaves)


def _made_again(scene: Scene, batch: BatchRow, rows: Sequence[Any]) -> bytes | None:
    """Return the manifest as the rows give it, if it is the one that was anchored."""
    try:
        documents = (leaves_of(row.digest, row.issuer, row.payload_cid, row.gate) for row in rows)
        leaves = [leaf for document in documents for leaf in document]
        leaves += (_leaf(row) for row in reports.of_batch(scene.session, batch))
        content = encode(scene.chain.chain_id, leaves)
    except Invalid:
        return None
    return content if cid_of(content).digest == batch.manifest_digest else None


def _leaf(row: ReportRow) -> Leaf:
    return Leaf(row.digest, row.authority, None, LeafType.REPORT)


def _missing(scene: Scene, batch: BatchRow, content: bytes | None) -> Finding:
    if content is None:
        mend = "fetch the manifest from another node's store: nothing but it says what the batch anchors"
        return _finding("manifest.lost", batch, "no store has its manifest, and its rows do not give it", mend)
    cid = str(cid_of(content))
    if cid != batch.manifest_cid and scene.fetch(cid) is not None:
        detail = f"its manifest is {cid}, not {batch.manifest_cid[:64]}"
        return _finding("batch.manifest-cid", batch, detail, repair=change(batch, manifest_cid=cid))
    detail = "no store has its manifest; its rows give it"
    return _finding("manifest.missing", batch, detail, repair=lambda _: scene.put(content))


def _other_digest(scene: Scene, batch: BatchRow, digest: bytes) -> Finding:
    held = scene.documents.anchoring(batch.root, batch.size, digest)
    detail = "its manifest's CID has another hash than its manifest digest"
    return _finding(
        "batch.manifest-digest", batch, detail, repair=change(batch, manifest_digest=digest) if held else None
    )


def _whole(scene: Scene, batch: BatchRow, manifest: Manifest) -> Iterator[Finding]:
    chain_id = scene.chain.chain_id
    if manifest.chain_id != chain_id:
        yield _finding("batch.chain", batch, f"its manifest is for the chain {manifest.chain_id}, not {chain_id}")
    root, size = merkle.root([leaf.digest for leaf in manifest.leaves]), len(manifest.leaves)
    if (root, size) != (batch.root, batch.size):
        held = scene.documents.anchoring(root, size, batch.manifest_digest)
        detail = f"its manifest's {size} leaves give the root {root.hex()}"
        yield _finding("batch.root", batch, detail, repair=change(batch, root=root, size=size) if held else None)


def _finding(code: str, batch: BatchRow, detail: str, mend: str = _BACKUP, repair: Repair | None = None) -> Finding:
    return Finding(code, f"batch {batch.id} {batch.root.hex()}", detail, "" if repair else mend, (batch,), repair)
