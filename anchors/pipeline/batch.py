"""stored -> batched: leaves of one lane in the order of acceptance, their tree and paths, the manifest in the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from anchors import merkle
from anchors.cid import Cid, cid_of
from anchors.database import State
from anchors.database.models import BatchRow, DocumentRow
from anchors.lane import Lane
from anchors.manifest import Leaf, encode
from anchors.pipeline.coverage import Use, lost
from anchors.pipeline.failure import fail
from anchors.pipeline.resources import Resources
from anchors.pipeline.turn import next_of_lane
from ledger.errors import Refused, Unavailable
from ledger.failpoint import reached

WORK = "batch"
"""The lease of making batches."""


@dataclass(frozen=True)
class _Stored:
    number: int
    digest: bytes
    issuer: str
    kind: str | None
    kid: str | None
    covered: bool
    payload_cid: str

    @property
    def use(self) -> Use:
        return self.kid or "", self.kind or ""

    @property
    def leaf(self) -> Leaf:
        return Leaf(self.digest, self.issuer, Cid.parse(self.payload_cid))


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
    batch = _batch(resources, kept, lane) if kept else None
    with resources.write(WORK) as session:
        fail(session, refused)
        if batch is not None:
            _record(session, batch, kept)
        reached("batch.commit.before")
    reached("batch.commit.after")
    return len(documents)


def _due(resources: Resources, lane: Lane) -> list[_Stored]:
    with resources.database.read() as session:
        if not _is_time(session, resources, lane):
            return []
        numbers = next_of_lane(session, State.STORED, lane, resources.limits.batch_size)
        query = (
            select(
                DocumentRow.number,
                DocumentRow.digest,
                DocumentRow.issuer,
                DocumentRow.kind,
                DocumentRow.kid,
                DocumentRow.covered,
                DocumentRow.payload_cid,
            )
            .where(DocumentRow.number.between(numbers[0], numbers[-1]), DocumentRow.state == State.STORED)
            .order_by(DocumentRow.number)
        )
        chosen = set(numbers)
        return [_Stored(*row) for row in session.execute(query) if row.number in chosen]


def _is_time(session: Session, resources: Resources, lane: Lane) -> bool:
    of_lane = (DocumentRow.state == State.STORED, DocumentRow.lane == lane)
    count, first = session.execute(select(func.count(), func.min(DocumentRow.number)).where(*of_lane)).one()
    if not count or count >= resources.limits.batch_size:
        return bool(count)
    oldest = session.scalar(select(DocumentRow.accepted_at).where(DocumentRow.number == first)) or 0
    if resources.clock() - oldest < resources.limits.patience(lane) and _more_come(session, lane):
        return False
    # What waits longer anyway may as well wait for a fuller batch; an urgent document goes before it all the same.
    return lane is Lane.URGENT or _unsigned(session) < resources.limits.batches


def _more_come(session: Session, lane: Lane) -> bool:
    query = select(DocumentRow.number).where(DocumentRow.state == State.ACCEPTED, DocumentRow.lane == lane)
    return session.scalar(query.limit(1)) is not None


def _unsigned(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(BatchRow).where(BatchRow.state == State.BATCHED)) or 0


def _lost(resources: Resources, documents: Sequence[_Stored]) -> dict[int, Refused]:
    uses = {document.use for document in documents if document.covered}
    ended = lost(resources.directory, uses, resources.now)
    return {
        document.number: ended[document.use] for document in documents if document.covered and document.use in ended
    }


def _batch(resources: Resources, documents: Sequence[_Stored], lane: Lane) -> BatchRow:
    manifest = encode(resources.chain.chain_id, [document.leaf for document in documents])
    cid = cid_of(manifest)
    reached("batch.manifest.before")
    held = resources.store.keep({cid: manifest})
    reached("batch.manifest.after")
    return BatchRow(
        root=merkle.root([document.digest for document in documents]),
        size=len(documents),
        manifest_digest=cid.digest,
        manifest_cid=str(cid),
        manifest_replicas=held,
        lane=lane,
        state=State.BATCHED,
        created_at=resources.now,
    )


def _record(session: Session, batch: BatchRow, documents: Sequence[_Stored]) -> None:
    session.add(batch)
    session.flush()
    paths = merkle.inclusion_paths([document.digest for document in documents])
    placed = session.connection().execute(
        update(DocumentRow)
        .where(DocumentRow.number == bindparam("of"), DocumentRow.state == State.STORED)
        .values(state=State.BATCHED, batch_id=batch.id, leaf_index=bindparam("place"), path=bindparam("siblings")),
        [
            {"of": document.number, "place": index, "siblings": b"".join(path)}
            for index, (document, path) in enumerate(zip(documents, paths, strict=True))
        ],
    )
    if placed.rowcount != len(documents):
        raise Unavailable(
            "database.conflict", "another worker moved documents of this batch", mend="let one worker run at a time"
        )
