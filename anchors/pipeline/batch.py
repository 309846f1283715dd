"""stored -> batched: leaves in the order of acceptance, their tree and inclusion paths, the manifest in the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from anchors import merkle
from anchors.cid import Cid
from anchors.database import State
from anchors.database.models import BatchRow, DocumentRow
from anchors.manifest import Leaf, encode
from anchors.pipeline.coverage import lost
from anchors.pipeline.failure import fail
from anchors.pipeline.resources import Resources
from ledger.errors import Refused, Unavailable


@dataclass(frozen=True)
class _Stored:
    number: int
    digest: bytes
    issuer: str
    kind: str
    kid: str
    covered: bool
    payload_cid: str

    @property
    def leaf(self) -> Leaf:
        return Leaf(self.digest, self.issuer, Cid.parse(self.payload_cid))


def step(resources: Resources) -> int:
    """Make one batch if it is time; return how many documents moved.

    The manifest is in the store before the database knows the batch; a crash in between leaves a manifest that nothing
    points to. Raises Unavailable `store.*`, `chain.*`, `database.*`.
    """
    documents = _due(resources)
    if not documents:
        return 0
    refused = _lost(resources, documents)
    kept = [document for document in documents if document.number not in refused]
    batch = _batch(resources, kept) if kept else None
    with resources.database.write() as session:
        fail(session, refused)
        if batch is not None:
            _record(session, batch, kept)
    return len(documents)


def _due(resources: Resources) -> list[_Stored]:
    with resources.database.read() as session:
        if not _is_time(session, resources):
            return []
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
            .where(DocumentRow.state == State.STORED)
            .order_by(DocumentRow.number)
            .limit(resources.limits.batch_size)
        )
        return [_Stored(*row) for row in session.execute(query)]


def _is_time(session: Session, resources: Resources) -> bool:
    stored = select(func.count(), func.min(DocumentRow.accepted_at)).where(DocumentRow.state == State.STORED)
    count, oldest = session.execute(stored).one()
    if not count or count >= resources.limits.batch_size:
        return bool(count)
    waiting = session.scalar(select(DocumentRow.number).where(DocumentRow.state == State.ACCEPTED).limit(1))
    return waiting is None or resources.clock() - oldest >= resources.limits.batch_seconds


def _lost(resources: Resources, documents: Sequence[_Stored]) -> dict[int, Refused]:
    uses = {(document.kid, document.kind) for document in documents if document.covered}
    ended = lost(resources.directory, uses, resources.now)
    return {
        document.number: ended[document.kid, document.kind]
        for document in documents
        if document.covered and (document.kid, document.kind) in ended
    }


def _batch(resources: Resources, documents: Sequence[_Stored]) -> BatchRow:
    manifest = encode(resources.chain.chain_id, [document.leaf for document in documents])
    cid = resources.store.put([manifest])[0]
    return BatchRow(
        root=merkle.root([document.digest for document in documents]),
        size=len(documents),
        manifest_digest=cid.digest,
        manifest_cid=str(cid),
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
