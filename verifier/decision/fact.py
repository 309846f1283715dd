"""Values of facts. What is withheld or could not be found out is not known, and never taken for a no."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """complete: there are no others; otherwise there may be more than these."""

    values: frozenset[str]
    complete: bool = True


Fact = int | bool | Words | None
"""A count, a flag, or words; None: not known."""

Facts = Mapping[str, Fact]
"""By the names of the vocabulary."""


def fact_json(fact: Fact) -> Any:
    """Return it as JSON."""
    return {"values": sorted(fact.values), "complete": fact.complete} if isinstance(fact, Words) else fact
