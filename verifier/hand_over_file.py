"""Hand-overs as a file of their own, by which trust roots are brought up to date (docs/evidence.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger.deterministic_cbor import encode

VERSION = 1

HandOver = bytes | Mapping[str, Any]
"""QBFT: a header (RLP) that lists the new set. Checkpoints: one, packed as in `packed_finality`."""

MOST_HAND_OVERS = 64
"""In one file."""

_LONGEST_HEADER = 65_536


@dataclass(frozen=True, slots=True)
class HandOverFile:
    """hand_overs: oldest first. nodes: of the state, each once, ascending: there those who may sign then are proved."""

    chain_id: int
    genesis_hash: bytes
    hand_overs: tuple[HandOver, ...]
    nodes: tuple[bytes, ...] = field(repr=False)

    def encode(self) -> bytes:
        """Return the file's bytes."""
        return encode(
            {
                "v": VERSION,
                "chain": {"id": self.chain_id, "genesis": self.genesis_hash},
                "hand_overs": plain(self.hand_overs),
                "nodes": list(self.nodes),
            }
        )


def are_hand_overs(value: object) -> bool:
    """Tell whether it has the form of a list of hand-overs; a checkpoint is looked at when it is followed."""
    if not isinstance(value, list) or len(value) > MOST_HAND_OVERS:
        return False
    return all(isinstance(one, dict) or (isinstance(one, bytes) and len(one) <= _LONGEST_HEADER) for one in value)


def plain(hand_overs: Iterable[HandOver]) -> list[bytes | dict[str, Any]]:
    """Return hand-overs as they stand in a file."""
    return [one if isinstance(one, bytes) else dict(one) for one in hand_overs]
