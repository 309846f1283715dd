"""Signed reports to be anchored: taken once each, and how far each has come."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from anchors.archive import BatchPlace, BlockPlace, batch_place, block_place
from anchors.database import Database, State
from anchors.database.models import BatchRow, ReportRow, TransactionRow
from anchors.finality import Finality, FinalityProof
from ledger.errors import Unavailable
from ledger.failpoint import reached

PLACES = 1_000
"""Reports of one tenant that may wait for a batch."""


@dataclass(frozen=True)
class ReportRecord:
    """What is known of one report's anchor; its members come as an AnchorRecord's do. It never fails.

    digest: SHA-256 of its compact JWS. authority: who signed it.
    """

    digest: bytes
    authority: str
    state: State
    accepted_at: int
    batch: BatchPlace | None
    transaction_hash: bytes | None
    block: BlockPlace | None
    final_at: int | None
    proof: FinalityProof | None


class Reports:
    """Takes and finds reports; thread-safe. Every method raises Unavailable `database.*`.

    places: how many of one tenant may wait. notify: called after one that is new.
    """

    def __init__(
        self,
        database: Database,
        finality: Finality,
        *,
        places: int = PLACES,
        notify: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._finality = finality
        self._places = places
        self._notify = notify
        self._clock = clock

    def accept(self, digest: bytes, authority: str, tenant: str) -> bool:
        """Take a report that `authority` signed, to be anchored once; return whether it had been taken before.

        It is durable when this returns. Raises Unavailable `report.busy` where too many of the tenant wait.
        """
        # In turn, on PostgreSQL too: the same report by two at once is one that is new, and one that is there.
        with self._database.write(queue="reports") as session:
            if session.scalar(select(ReportRow.number).where(ReportRow.digest == digest)) is not None:
                return True
            self._check_room(session, tenant)
            accepted_at = int(self._clock())
            session.add(ReportRow(digest=digest, tenant_id=tenant, authority=authority, accepted_at=accepted_at))
            session.flush()
            reached("report.commit.before")
        reached("report.commit.after")
        self._notify()
        return False

    def find(self, digest: bytes) -> ReportRecord | None:
        """Return how far a report has come; None if it was never taken here."""
        query = (
            select(ReportRow, BatchRow, TransactionRow)
            .outerjoin(BatchRow, BatchRow.id == ReportRow.batch_id)
            .outerjoin(TransactionRow, TransactionRow.id == BatchRow.transaction_id)
        )
        with self._database.read() as session:
            found = session.execute(query.where(ReportRow.digest == digest)).one_or_none()
        return self._record(*found) if found else None

    def _check_room(self, session: Session, tenant: str) -> None:
        waiting = select(func.count()).where(ReportRow.tenant_id == tenant, ReportRow.batch_id.is_(None))
        if (session.scalar(waiting) or 0) >= self._places:
            detail = f"{self._places} reports of {tenant} wait to be anchored"
            raise Unavailable("report.busy", detail, mend="send it again in some seconds; nothing of it was kept")

    def _record(self, report: ReportRow, batch: BatchRow | None, transaction: TransactionRow | None) -> ReportRecord:
        block = block_place(transaction)
        is_final = batch is not None and batch.state == State.FINAL
        return ReportRecord(
            digest=report.digest,
            authority=report.authority,
            state=State(batch.state) if batch else State.ACCEPTED,
            accepted_at=report.accepted_at,
            batch=batch_place(report, batch),
            transaction_hash=transaction.hash if transaction else None,
            block=block,
            final_at=batch.final_at if batch else None,
            proof=self._finality.proof_for(block.number) if is_final and block else None,
        )
