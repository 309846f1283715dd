"""What devices without a line have answered, as they handed it in: checked to follow what is here, and kept."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from anchors.database import Database
from anchors.database.models import OfflineVerdictRow
from ledger.errors import Refused
from ledger.failpoint import reached
from ledger.offline_verdict import OfflineVerdict

_MEND = "hand in what the device keeps, in its order: `portseal gate upload`; if it stays so, look at the device"


class OfflineVerdicts:
    """Every method raises Unavailable `database.*`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, tenant: str, verdicts: Sequence[OfflineVerdict], now: int) -> list[bool]:
        """Keep verdicts, all or none; return for each whether it was here already.

        Raises Refused `offline-verdict.forked`, `offline-verdict.gap`, `offline-verdict.tenant` with the pointer of the
        line (`/2`).
        """
        with self._database.write("offline-verdicts") as session:
            last = {one.device.thumbprint: _last(session, one.device.thumbprint) for one in verdicts}
            repeated = [_take(session, tenant, one, place, last, now) for place, one in enumerate(verdicts)]
            session.flush()
            reached("offline-verdicts.commit.before")
        reached("offline-verdicts.commit.after")
        return repeated

    def of_device(self, device: bytes) -> list[OfflineVerdictRow]:
        """Return what a device has handed in, oldest first."""
        query = select(OfflineVerdictRow).where(OfflineVerdictRow.device == device).order_by(OfflineVerdictRow.number)
        with self._database.read() as session:
            return list(session.scalars(query))


def _last(session: Session, device: bytes) -> OfflineVerdictRow | None:
    query = select(OfflineVerdictRow).where(OfflineVerdictRow.device == device)
    return session.scalars(query.order_by(OfflineVerdictRow.number.desc()).limit(1)).first()


def _take(
    session: Session,
    tenant: str,
    one: OfflineVerdict,
    place: int,
    newest: dict[bytes, OfflineVerdictRow | None],
    now: int,
) -> bool:
    device = one.device.thumbprint
    last = newest[device]
    if last is not None and last.tenant_id != tenant:
        raise _refused("tenant", place, "this device's verdicts were handed in by somebody else before")
    if last is not None and one.number <= last.number:
        row = session.get(OfflineVerdictRow, (device, one.number))
        if row is None or row.hash != one.hash:
            raise _refused("forked", place, f"another verdict with number {one.number} of this device is here")
        return True
    expected = last.number + 1 if last else 1
    if one.number != expected:
        raise _refused("gap", place, f"number {one.number} stands where number {expected} belongs")
    if one.previous != (last.hash if last else None):
        raise _refused("forked", place, f"number {one.number} does not follow what this device handed in before")
    row = OfflineVerdictRow(
        device=device,
        number=one.number,
        hash=one.hash,
        tenant_id=tenant,
        digest=one.digest,
        at=one.at,
        line=one.line,
        received_at=now,
    )
    session.add(row)
    newest[device] = row
    return False


def _refused(what: str, place: int, detail: str) -> Refused:
    return Refused(f"offline-verdict.{what}", detail, pointer=f"/{place}", mend=_MEND)
