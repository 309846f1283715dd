"""What a registry fact says against a document, before it is known whether that counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger.dated_list import Entries, Entry, at


@dataclass(frozen=True, slots=True)
class Concern:
    """`code`: of the catalogue; `facts`: its evidence."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def entry_facts(entry: Entry | None) -> dict[str, Any]:
    """Return an entry of a dated list as JSON members; nothing for none."""
    if entry is None:
        return {}
    return {
        "since": entry.effective_from,
        "until": entry.effective_until or None,
        "reason": entry.detail,
        "recorded_at": entry.recorded_at,
    }


def concern_at(
    entries: Entries, time: int, known_at: int | None, codes: Mapping[int, str | None], unreadable: str
) -> list[Concern]:
    """Return what a dated list says against a document at `time`.

    `codes` gives the finding for each code of the list, None for what is well; 0 is no entry, or an end. A code
    that is not there is `unreadable`: a newer contract may have it.
    """
    entry = at(entries, time, known_at)
    code = codes.get(entry.code if entry else 0, unreadable)
    return [Concern(code, {"at": time, **entry_facts(entry)})] if code else []
