"""Go through all checks; mend what may be mended."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from anchors.database import Database
from anchors.fsck import (
    anchorings,
    batches,
    documents,
    file,
    gates,
    leases,
    leaves,
    nonces,
    on_chain,
    payloads,
    proofs,
    references,
    reports,
    succession,
    transactions,
)
from anchors.fsck.finding import Finding, is_as_seen
from anchors.fsck.scene import Scene
from ledger.errors import PortsealError

Check = Callable[[Scene], Iterator[Finding]]

CHECKS: Sequence[tuple[str, Check]] = (
    ("file", file.check),
    ("references", references.check),
    ("leases", leases.check),
    ("leaves", leaves.check),
    ("transactions", transactions.check),
    ("nonces", nonces.check),
    ("on-chain", on_chain.check),
    ("batches", batches.check),
    ("anchorings", anchorings.check),
    ("documents", documents.check),
    ("gates", gates.check),
    ("reports", reports.check),
    ("succession", succession.check),
    ("proofs", proofs.check),
    ("payloads", payloads.check),
)
"""Those that others build on come first, so that one repair is not made after the same fault twice."""


@dataclass(frozen=True)
class Told:
    """A finding. repaired: it was mended. fault: why it could not be."""

    finding: Finding
    repaired: bool = False
    fault: PortsealError | None = None


@dataclass
class Examination:
    """One go through the checks; what was counted is there when `run` has ended.

    looked_at: by check, how many things. unchecked: by check, why it could not be made. found: by code. left: what was
    found and is not mended.
    """

    looked_at: Counter[str] = field(default_factory=Counter)
    unchecked: dict[str, PortsealError] = field(default_factory=dict)
    found: Counter[str] = field(default_factory=Counter)
    left: int = 0

    def run(
        self,
        scene: Scene,
        *,
        repair: bool = False,
        checks: Sequence[tuple[str, Check]] = CHECKS,
        progress: Callable[[str, int], None] = lambda name, count: None,
    ) -> Iterator[Told]:
        """Yield what is wrong as it is found; `progress` hears of each check how many things it has looked at.

        What has moved on since it was looked at is no finding: the node may run meanwhile.
        """
        for name, check in checks:

            def step(count: int, name: str = name) -> None:
                self.looked_at[name] += count
                progress(name, self.looked_at[name])

            try:
                with scene.viewed(step) as viewed:
                    for finding in check(viewed):
                        yield from self._told(scene.database, finding, repair)
            except PortsealError as error:
                self.unchecked[name] = error

    def _told(self, database: Database, finding: Finding, repair: bool) -> Iterator[Told]:
        with database.read() as session:
            if not is_as_seen(finding, session):
                return
        told = _repaired(database, finding) if repair and finding.repair else Told(finding)
        self.found[finding.code] += 1
        self.left += not told.repaired
        yield told

    @property
    def exit_code(self) -> int:
        """Return 1 if something is wrong and not mended, 2 if something could not be checked, otherwise 0."""
        return 1 if self.left else 2 if self.unchecked else 0


def _repaired(database: Database, finding: Finding) -> Told:
    try:
        with database.write() as session:
            if finding.repair and is_as_seen(finding, session, for_update=True):
                finding.repair(session)
                return Told(finding, repaired=True)
    except PortsealError as error:
        return Told(finding, fault=error)
    return Told(finding)
