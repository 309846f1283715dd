"""A block of the chain, as far as Portseal looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.rpc_value import read_bytes, read_number


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
        """Read a node's block with transaction hashes. Raises ValueError, KeyError or TypeError."""
        return cls(
            number=read_number(found["number"]),
            hash=bytes32(read_bytes(found["hash"])),
            parent_hash=bytes32(read_bytes(found["parentHash"])),
            timestamp=read_number(found["timestamp"]),
            state_root=bytes32(read_bytes(found["stateRoot"])),
            transactions=tuple(bytes32(read_bytes(one)) for one in found["transactions"]),
            base_fee=read_number(found.get("baseFeePerGas") or "0x0"),
        )


def bytes32(value: Any) -> bytes:
    """Return the value as bytes. Raises ValueError unless it has 32."""
    if len(value) != 32:
        raise ValueError("not 32 bytes")
    return bytes(value)
