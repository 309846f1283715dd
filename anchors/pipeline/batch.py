"""stored -> batched: leaves of one lane in the order of acceptance, their tree and paths, the manifest in the store."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from anchors import merkle
from anchors.cid import cid_of
from anchors.database import State
from anchors.database.models import BatchRow, DocumentRow, GateStatementRow
from anchors.lane import Lane
from anchors.manifest import Leaf, LeafType, encode
from anchors.pipeline.coverage import lost
from anchors.pipeline.failure import fail
from anchors.pipeline.leaves import StoredDocument, fitting, read_stored
from anchors.pipeline.resources import Resources
from anchors.pipeline.turn import next_of_lane
from ledger.errors import Refused, Unavailable
from ledger.failpoint import reached

WORK = "batch"
"""The lease of making batches."""


def step(resources: Resources) -> int:
    """Make one batch of each lane whose time has come; return how many documents moved.

    The manifest is in the store before the database knows the batch; a crash in between leaves a manifest that nothing
    points to. Raises Unavailable `store.*`, `chain.*`, `database.*`.
    """
    return sum(_step(resources, lane) for lane in Lane) if resources.leases.hold(WORK) else 0


def _step(resources: Resources, lane: Lane) -> int:
    documents = _due(resources, lane)
    if not documents:
        return 0
    refused = _lost(resources, documents)
    kept = [document for document in documents if document.number not in refused]
    batch = batch_of(resources, [leaf for document in kept for leaf in document.leaves], lane) if kept else None
    with resources.write(WORK) as session:
        fail(session, refused)
        if batch is not None:
            _record(session, batch, kept)
        reached("batch.commit.before")
    reached("batch.commit.after")
    return len(documents)


def _due(resources: Resources, lane: Lane) -> list[StoredDocument]:
    with resources.database.read() as session:
        if not _is_time(session, resources, lane):
            return []
        numbers = next_of_lane(session, State.STORED, lane, resources.limits.batch_size)
        return fitting(read_stored(session, numbers), resources.limits.batch_size)


def _is_time(session: Session, resources: Resources, lane: Lane) -> bool:
    of_lane = (DocumentRow.state == State.STORED, DocumentRow.lane == lane)
    count, first = session.execute(select(func.count(), func.min(DocumentRow.number)).where(*of_lane)).one()
    if not count or count >= resources.limits.batch_size:
        return bool(count)
    oldest = session.scalar(select(DocumentRow.accepted_at).where(DocumentRow.number == first)) or 0
    if resources.clock() - oldest < resources.limits.patience(lane) and _more_come(session, lane):
        return False
    # What waits longer anyway may as well wait for a fuller batch; an urgent document goes before it all the same.
    return lane is Lane.URGENT or unsigned(session) < resources.limits.batches


def _more_come(session: Session, lane: Lane) -> bool:
    query = select(DocumentRow.number).where(DocumentRow.state == State.ACCEPTED, DocumentRow.lane == lane)
    return session.scalar(query.limit(1)) is not None


def unsigned(session: Session) -> int:
    """Return how many batches wait to be signed."""
    return session.scalar(select(func.count()).select_from(BatchRow).where(BatchRow.state == State.BATCHED)) or 0


def _lost(resources: Resources, documents: Sequence[StoredDocument]) -> dict[int, Refused]:
    uses = {document.use for document in documents if document.covered}
    ended = lost(resources.directory, uses, resources.now)
    return {
        document.number: ended[document.use] for document in documents if document.covered and document.use in ended
    }


def batch_of(resources: Resources, leaves: Sequence[Leaf], lane: Lane) -> BatchRow:
    """Put the manifest into the store; return the batch, which is not in the database yet."""
    manifest = encode(resources.chain.chain_id, leaves)
    cid = cid_of(manifest)
    reached("batch.manifest.before")
    held = resources.store.keep({cid: manifest})
    reached("batch.manifest.after")
    return BatchRow(
        root=merkle.root([leaf.digest for leaf in leaves]),
        size=len(leaves),
        manifest_digest=cid.digest,
        manifest_cid=str(cid),
        manifest_replicas=held,
        lane=lane,
        state=State.BATCHED,
        created_at=resources.now,
    )


def _record(session: Session, batch: BatchRow, documents: Sequence[StoredDocument]) -> None:
    session.add(batch)
    session.flush()
    envelopes, gates = _places(documents)
    placed = session.connection().execute(
        update(DocumentRow)
        .where(DocumentRow.number == bindparam("of"), DocumentRow.state == State.STORED)
        .values(state=State.BATCHED, batch_id=batch.id, leaf_index=bindparam("place"), path=bindparam("siblings")),
        envelopes,
    )
    if placed.rowcount != len(documents):
        raise Unavailable(
            "database.conflict", "another worker moved documents of this batch", mend="let one worker run at a time"
        )
    if gates:
        statement = update(GateStatementRow).where(GateStatementRow.document_number == bindparam("of"))
        session.connection().execute(statement.values(path=bindparam("siblings")), gates)


def _places(documents: Sequence[StoredDocument]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return where each document stands, and each gate statement."""
    owners = [(document.number, leaf.leaf_type) for document in documents for leaf in document.leaves]
    paths = merkle.inclusion_paths([leaf.digest for document in documents for leaf in document.leaves])
    placed = list(enumerate(zip(owners, paths, strict=True)))
    return (
        [
            {"of": number, "place": index, "siblings": b"".join(path)}
            for index, ((number, leaf_type), path) in placed
            if leaf_type == LeafType.ENVELOPE
        ],
        [
            {"of": number, "siblings": b"".join(path)}
            for _, ((number, leaf_type), path) in placed
            if leaf_type == LeafType.GATE
        ],
    )
