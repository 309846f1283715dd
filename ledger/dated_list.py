"""The Python twin of contracts/src/DatedList.sol: facts that change, as append-only lists."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """From `effective_from` until `effective_until` (exclusive; 0 = without end) the fact had `code`.

    All times are seconds since the epoch (block time); `recorded_at` says since when the registry knew.
    """

    code: int
    detail: int
    effective_from: int
    effective_until: int
    recorded_at: int

    def covers(self, time: int) -> bool:
        """Tell whether `time` lies in [effective_from, effective_until)."""
        return self.effective_from <= time and (self.effective_until == 0 or time < self.effective_until)


Entries = tuple[Entry, ...]
"""A dated list, oldest entry first."""


def at(entries: Sequence[Entry], time: int, known_at: int | None = None) -> Entry | None:
    """Return the newest entry that covers `time`, of those recorded at or before `known_at` (None: all)."""
    for entry in reversed(entries):
        if (known_at is None or entry.recorded_at <= known_at) and entry.covers(time):
            return entry
    return None


def code_at(entries: Sequence[Entry], time: int, known_at: int | None = None) -> int:
    """Return the code of the fact at `time`; 0 if no entry covers it."""
    entry = at(entries, time, known_at)
    return entry.code if entry else 0
