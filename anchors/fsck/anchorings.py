"""Whatever this node's accounts have anchored is a batch of the database."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from anchors.database.models import BatchRow, DocumentRow, ReportRow
from anchors.fsck.finding import Finding
from anchors.fsck.scene import Scene
from anchors.rebuild.found_again import take_in
from anchors.rebuild.manifest_search import search
from anchors.rebuild.mined_anchoring import mined_transaction
from ledger.document_registry import Anchored
from ledger.errors import Invalid

_FEW = 100
"""Leaves that are looked up: where one is known, its batch is damaged rather than unknown."""


def check(scene: Scene) -> Iterator[Finding]:
    """Raises Unavailable `chain.*`, `store.*`."""
    for one in scene.documents.all_anchored(scene.deployed_at):
        scene.step(1)
        if one.account in scene.accounts and not _is_known(scene, one):
            yield _unknown(scene, one)


def _is_known(scene: Scene, one: Anchored) -> bool:
    query = select(BatchRow.id).filter_by(root=one.root, size=one.size, manifest_digest=one.manifest_digest)
    if scene.session.scalar(query) is not None:
        return True
    # It may be newer than the view.
    with scene.database.read() as session:
        return session.scalar(query) is not None


def _unknown(scene: Scene, one: Anchored) -> Finding:
    where = f"batch {one.root.hex()}"
    detail = f"{one.account} anchored it in block {one.block_number}, and the database does not have it"
    try:
        found, mined = search(scene.fetch, one, scene.chain.chain_id), mined_transaction(scene.chain, one)
    except Invalid as error:
        mend = "fetch its manifest from another node's store, then run with --repair"
        return Finding("anchoring.unknown", where, f"{detail}; {error.detail}", mend)

    if _are_elsewhere(scene, [leaf.digest for leaf in found.leaves[:_FEW]]):
        mend = "mend what else is found, then look again"
        return Finding("anchoring.unknown", where, f"{detail}; its leaves are those of other batches", mend)

    def repair(session: Session) -> None:
        take_in(session, found, mined)

    return Finding("anchoring.unknown", where, detail, "", (), repair)


def _are_elsewhere(scene: Scene, digests: Sequence[bytes]) -> bool:
    documents = select(DocumentRow.number).where(DocumentRow.digest.in_(digests))
    # One that waits is taken in as it is found: it was anchored before the database was set back.
    reports = select(ReportRow.number).where(ReportRow.digest.in_(digests), ReportRow.batch_id.is_not(None))
    return any(scene.session.scalar(query.limit(1)) is not None for query in (documents, reports))
