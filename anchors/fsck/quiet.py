"""Nothing is mended while somebody works: no lease may be in force."""

import time
from collections.abc import Callable

from sqlalchemy import select

from anchors.database import Database
from anchors.database.models import LeaseRow
from anchors.lease import SECONDS
from ledger.errors import Refused


def await_quiet(
    database: Database,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Wait until the leases of a process that died have ended. Raises Refused `fsck.node-runs` if one is renewed."""
    first = _in_force(database, clock())
    deadline = clock() + SECONDS + 1
    while working := _in_force(database, clock()):
        renewed = any(until > first.get(name, until) for name, until in working.items())
        if renewed or clock() > deadline:
            detail = f"somebody has the lease {min(working)} of this database"
            raise Refused("fsck.node-runs", detail, mend="stop the node and every worker first")
        sleep(0.2)


def _in_force(database: Database, now: float) -> dict[str, float]:
    # One that lasts longer than any is given is a fault to be found, nobody's work.
    query = select(LeaseRow.name, LeaseRow.until).where(LeaseRow.until > now, LeaseRow.until <= now + 2 * SECONDS)
    with database.read() as session:
        return {row.name: row.until for row in session.execute(query)}
