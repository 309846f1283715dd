"""What waits for which part of the pipeline, by one question to the database: asked twenty times a second."""

from dataclasses import dataclass

from sqlalchemy import exists, select

from anchors.database import Database, State
from anchors.database.models import BatchRow, DocumentRow, ReportRow

_MADE = (State.BATCHED, State.SIGNED)
_SENT = (State.BROADCAST, State.MINED)

# Put together once.
_LOOK = select(
    exists().where(DocumentRow.state == State.ACCEPTED),
    exists().where(DocumentRow.state == State.STORED),
    exists().where(ReportRow.batch_id.is_(None)),
    exists().where(BatchRow.state.in_(_MADE)),
    exists().where(BatchRow.state.in_(_SENT)),
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether anything is to be stored, to be batched, to be signed or sent; sent: whether anything awaits a block."""

    to_store: bool
    to_batch: bool
    to_send: bool
    sent: bool

    @property
    def is_idle(self) -> bool:
        """Whether every document is final or failed, and every report final."""
        return not (self.to_store or self.to_batch or self.to_send or self.sent)


def outlook(database: Database) -> Outlook:
    """Return what waits now. Raises Unavailable `database.*`."""
    with database.look() as connection:
        accepted, stored, reports, made, sent = connection.execute(_LOOK).one()
    return Outlook(to_store=bool(accepted), to_batch=bool(stored or reports), to_send=bool(made), sent=bool(sent))
