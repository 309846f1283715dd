"""What a finality proof shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FinalBlock:
    """A block that is final, and who made it so.

    form: "clique", "qbft" or "checkpoint". block_hash, state_root: 32 bytes. time: the block's, epoch seconds.
    signers: who counts, each once, in ascending order (addresses by EIP-55, or countries). of: how many there could be.
    """

    form: str
    number: int
    block_hash: bytes
    state_root: bytes
    time: int
    signers: tuple[str, ...]
    of: int
