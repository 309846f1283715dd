"""Times at the edges: RFC 3339 or seconds since the epoch in, RFC 3339 out."""

from datetime import UTC, datetime

from ledger.errors import Invalid

LATEST = 253_402_300_799


def parse(text: str, pointer: str | None = None) -> int:
    """Return seconds since the epoch. Raises Invalid `time.form`."""
    try:
        seconds = int(text) if text.isascii() and text.isdigit() else int(_instant(text).timestamp())
    except (ValueError, OverflowError):
        seconds = -1
    if not 0 <= seconds <= LATEST:
        raise Invalid(
            "time.form",
            f"{text[:40]!r} is not a time",
            mend="write it like 2026-11-22T08:00:00Z, or as seconds since 1970",
            pointer=pointer,
        )
    return seconds


def parse_any(text: str | None, pointer: str | None = None) -> int | None:
    """Do so for a time that need not be given; an empty text is none."""
    return parse(text, pointer) if text else None


def show(seconds: int | None) -> str | None:
    """Return a time as RFC 3339 in UTC; None stays None.

    What lies beyond the year 9999, and an authority can state any number of 64 bits, is given as it is, in seconds.
    """
    if seconds is None or seconds > LATEST:
        return None if seconds is None else str(seconds)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("no time zone")
    return instant
