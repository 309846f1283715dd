"""The tables about RCEP's members that were collected elsewhere, as they are: ../shared, not part of the project."""

import csv
from pathlib import Path

import pytest

from api.demonstration import rcep
from api.demonstration.table import start_of

SHARED = Path(__file__).parents[1].parent / "shared/samples/real/reference"
COUNTRIES = sorted(member.country for member in rcep.members())


def shared(name: str) -> list[dict[str, str]]:
    """Return the rows of a table. Skips where the folder is absent."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{path.name} is not here: the folder ../shared is not part of the project")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def in_effect(day: int, entered: int) -> set[tuple[str, str]]:
    """Both directions of each pair that was in effect then; one without a date is since `entered`."""
    found = set()
    for row in shared("rcep-aeo-mra-pairs.csv"):
        if row["state"] == "in effect" and (start_of(row["in_effect"]) if row["in_effect"] else entered) <= day:
            found |= {(row["a"], row["b"]), (row["b"], row["a"])}
    return found
