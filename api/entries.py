"""Dated lists as JSON."""

from collections.abc import Sequence
from typing import Any

from api.moment import show
from ledger.dated_list import Entry


def entries_json(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the entries, oldest first; times are RFC 3339, `effective_until` null is without end."""
    return [
        {
            "code": entry.code,
            "detail": entry.detail,
            "effective_from": show(entry.effective_from),
            "effective_until": show(entry.effective_until or None),
            "recorded_at": show(entry.recorded_at),
        }
        for entry in entries
    ]
