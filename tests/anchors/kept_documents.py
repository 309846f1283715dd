"""Documents and batches as the database lists them once they are stored, without a chain and without envelopes."""

import hashlib
from collections.abc import Sequence

from anchors.cid import cid_of
from anchors.database import Database, State
from anchors.database.models import BatchRow, DocumentRow
from anchors.replicas.record import LISTINGS, Listing


def document(payload: bytes, held: int, state: State = State.STORED) -> DocumentRow:
    return DocumentRow(
        digest=hashlib.sha256(b"digest of " + payload).digest(),
        issuer="cn.carrier",
        edition=0,
        covered=True,
        warnings="",
        accepted_at=0,
        promised_at=600,
        replicas=held,
        state=state,
        payload_cid=str(cid_of(payload)),
    )


def batch(manifest: bytes, held: int) -> BatchRow:
    cid = cid_of(manifest)
    return BatchRow(
        root=cid.digest,
        size=1,
        manifest_digest=cid.digest,
        manifest_cid=str(cid),
        manifest_replicas=held,
        state=State.FINAL,
        created_at=0,
    )


def enter(database: Database, rows: Sequence[DocumentRow | BatchRow]) -> None:
    with database.write() as session:
        for row in rows:
            session.add(row)
            session.flush()  # so that they have their numbers in this order


def held(database: Database, listing: Listing = LISTINGS[0]) -> list[int]:
    """The bits of each, in the order of their numbers."""
    with database.read() as session:
        return [row.held for row in listing.page(session, 0, 100_000)]
