"""What became of a transaction, and the events that it left."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from eth_utils.address import to_checksum_address

from ledger.block import bytes32
from ledger.rpc_value import read_bytes, read_number


@dataclass(frozen=True, slots=True)
class Log:
    """One event: `topics` are 32 bytes each, `index` counts within the block."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    index: int

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "Log":
        """Read a node's log entry. Raises ValueError, KeyError or TypeError."""
        return cls(
            address=_checksum(found["address"]),
            topics=tuple(bytes32(read_bytes(topic)) for topic in found["topics"]),
            data=read_bytes(found["data"]),
            block_number=read_number(found["blockNumber"]),
            block_hash=bytes32(read_bytes(found["blockHash"])),
            transaction_hash=bytes32(read_bytes(found["transactionHash"])),
            index=read_number(found["logIndex"]),
        )


@dataclass(frozen=True, slots=True)
class TransactionReceipt:
    """A mined transaction; `contract_address` only where it created a contract."""

    transaction_hash: bytes
    block_number: int
    block_hash: bytes
    succeeded: bool
    gas_used: int
    contract_address: str | None
    logs: tuple[Log, ...]

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "TransactionReceipt":
        """Read a node's receipt. Raises ValueError, KeyError or TypeError."""
        created = found.get("contractAddress")
        return cls(
            transaction_hash=bytes32(read_bytes(found["transactionHash"])),
            block_number=read_number(found["blockNumber"]),
            block_hash=bytes32(read_bytes(found["blockHash"])),
            succeeded=read_number(found["status"]) == 1,
            gas_used=read_number(found["gasUsed"]),
            contract_address=None if created is None else _checksum(created),
            logs=tuple(Log.of(entry) for entry in found["logs"]),
        )


@lru_cache(1_024)
def _checksum(address: str) -> str:
    return to_checksum_address(read_bytes(address))
