"""Days as documents write them (`2026-03-14`), as times. A day ends when it ends in UTC."""

from datetime import date

_EPOCH = date(1970, 1, 1).toordinal()
_SECONDS = 86_400


def end_of(day: str) -> int:
    """Return the first second after `day`, in seconds since the epoch: the document may be used on that day."""
    return _after(date.fromisoformat(day).toordinal())


def end_of_anniversary(day: str) -> int:
    """Return the first second after the day one year later; for 29 February that is 28 February."""
    start = date.fromisoformat(day)
    try:
        return _after(start.replace(year=start.year + 1).toordinal())
    except ValueError:  # no 29 February then, or the year 10000
        return _after(start.toordinal() + 365)


def _after(ordinal: int) -> int:
    return (ordinal + 1 - _EPOCH) * _SECONDS
