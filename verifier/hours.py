"""The roots of hours, over all batches that were anchored in each: from a node's chain, or out of an edge pack."""

from dataclasses import dataclass
from typing import Protocol

from anchors.finality import FinalityProof
from ledger.block import Block
from ledger.errors import Unavailable


@dataclass(frozen=True, slots=True)
class HourRoot:
    """Root and size of an hour's tree (anchors/hour_root.py). proof: that a block after the hour's end is final.

    attested_by: who stands for it, an authority's id; empty where the chain itself was asked.
    """

    root: bytes
    size: int
    proof: FinalityProof
    attested_by: str = ""


class Hours(Protocol):
    """Where the roots of hours come from. Raises a PortsealError when it cannot tell."""

    def hour(self, number: int, block: Block) -> HourRoot | None:
        """Return the root of an hour, as known at the block; None for one that is not there."""
        ...


class NoHours:
    """A verifier that has none: gate statements alone cannot be dated."""

    def hour(self, number: int, block: Block) -> HourRoot | None:
        """Raise Unavailable `gate.no-hours`."""
        detail = "this verifier has no roots of hours"
        raise Unavailable("gate.no-hours", detail, mend="ask a node, or load an edge pack")
