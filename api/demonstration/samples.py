"""The project's own samples, dated for today: a shipment that left some weeks ago, whenever the demonstration runs."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

_WRITTEN_ON = date(2026, 10, 30)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FOLDER = files(__package__) / "samples"


def sample(kind: str, today: date | None = None) -> dict[str, Any]:
    """Return the sample of a kind; every date in it is moved by the days since it was written."""
    moved: dict[str, Any] = _moved(
        json.loads((_FOLDER / f"{kind}.json").read_text(encoding="utf-8")),
        (today or datetime.now(UTC).date()) - _WRITTEN_ON,
    )
    return moved


def _moved(value: Any, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {name: _moved(item, by) for name, item in value.items()}
    if isinstance(value, list):
        return [_moved(item, by) for item in value]
    if isinstance(value, str) and _DATE.fullmatch(value):
        return (date.fromisoformat(value) + by).isoformat()
    return value
