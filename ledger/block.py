"""A block of the chain, as far as Portseal looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Block:
    """A header and the hashes of its transactions (32 bytes each); `timestamp` in seconds since the epoch.

    base_fee: what the next unit of gas costs at least, in wei (EIP-1559); 0 where the chain asks for nothing.
    """

    number: int
    hash: bytes
    parent_hash: bytes
    timestamp: int
    state_root: bytes
    transactions: tuple[bytes, ...]
    base_fee: int = 0

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "Block":
        """Read web3's block with transaction hashes. Raises ValueError, KeyError or TypeError."""
        return cls(
            number=int(found["number"]),
            hash=bytes32(found["hash"]),
            parent_hash=bytes32(found["parentHash"]),
            timestamp=int(found["timestamp"]),
            state_root=bytes32(found["stateRoot"]),
            transactions=tuple(bytes32(one) for one in found["transactions"]),
            base_fee=int(found.get("baseFeePerGas") or 0),
        )


def bytes32(value: Any) -> bytes:
    """Return the value as bytes. Raises ValueError unless it has 32."""
    if len(value) != 32:
        raise ValueError("not 32 bytes")
    return bytes(value)
