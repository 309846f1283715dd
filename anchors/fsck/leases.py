"""Leases end: one that lasts longer than any is given would hold up everybody who waits for it."""

from collections.abc import Iterator

from sqlalchemy import select

from anchors.database.models import LeaseRow
from anchors.fsck.finding import Finding, change
from anchors.fsck.scene import Scene
from anchors.lease import SECONDS


def check(scene: Scene) -> Iterator[Finding]:
    """A lease by a clock that was wrong by hours is found, and ended by the repair."""
    for row in scene.session.scalars(select(LeaseRow).order_by(LeaseRow.name)):
        left = row.until - scene.clock()
        if row.token < 1 or not row.holder or left > 2 * SECONDS:
            detail = f"its holder {row.holder!r} with token {row.token} has it for another {left:.0f} s"
            mend = f"no lease lasts longer than {SECONDS:.0f} s: see whether the machines' clocks are right"
            repair = change(row, until=0.0, token=max(row.token, 1), holder=row.holder or "nobody")
            yield Finding("lease.form", f"lease {row.name}", detail, mend, (row,), repair)
