"""What makes a block final, whichever form the chain's proof has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ledger.checkpoint import Cosignature


@dataclass(frozen=True)
class FinalityProof:
    """A checkpoint that holds: what the block says (Checkpoint.claims), and who signed it."""

    number: int
    block_hash: bytes
    time: int
    claims: Mapping[str, Any]
    cosignatures: tuple[Cosignature, ...]


class Finality(Protocol):
    """The chain's form of finality proof. QBFT seals will be another one."""

    def collect(self) -> int:
        """Get what proofs can be had now; return how many. Raises Unavailable `chain.*`, `database.*`."""
        ...

    def proof_for(self, number: int) -> FinalityProof | None:
        """Return the proof that is held for the block `number`. Raises Unavailable `database.*`."""
        ...

    def newest(self) -> FinalityProof | None:
        """Return the proof of the highest block that has one. Raises Unavailable `database.*`."""
        ...
