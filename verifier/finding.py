"""One check's outcome, with its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from verifier.axes import Usable
from verifier.catalogue import CATALOGUE, CatalogueEntry
from verifier.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """`code`: stable, of the catalogue, `<check>.<what>`; `facts`: JSON members; `pointer`: RFC 6901, if any.

    Raises LookupError for a code that is not in the catalogue or has no such outcome there: that is a bug.
    """

    code: str
    outcome: Outcome
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)
    pointer: str | None = None

    def __post_init__(self) -> None:
        if self.outcome not in CATALOGUE[self.code].outcomes:
            raise LookupError(f"{self.code} has no outcome {self.outcome} in the catalogue")

    @property
    def check(self) -> str:
        """The check that found it."""
        return self.code.partition(".")[0]

    @property
    def entry(self) -> CatalogueEntry:
        """What it means, and what to do, in both languages."""
        return CATALOGUE[self.code]

    @property
    def usable(self) -> Usable | None:
        """What it implies for use, if anything."""
        return self.entry.usable
