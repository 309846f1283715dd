"""What could not be read: a fault of network, node, store or clock, which says nothing about the document."""

from dataclasses import dataclass

from ledger.errors import PortsealError


@dataclass(frozen=True, slots=True)
class Missing:
    """In place of a fact. `reason`: a stable dotted code; `detail`: one sentence."""

    reason: str
    detail: str = ""

    @classmethod
    def of(cls, error: Exception) -> "Missing":
        """Tell why a source did not answer; of an exception that is not ours, only its type."""
        if isinstance(error, PortsealError):
            return cls(error.code, error.detail)
        return cls("source.fault", f"the source failed ({type(error).__name__})")


NOT_ASKED = Missing("not-asked", "nothing to ask with")
"""A fact that was not asked for, since what it would be asked with is not known."""
