"""What became of a transaction, and the events that it left."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.block import bytes32


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
        """Read web3's log entry. Raises ValueError, KeyError or TypeError."""
        return cls(
            address=str(found["address"]),
            topics=tuple(bytes32(topic) for topic in found["topics"]),
            data=bytes(found["data"]),
            block_number=int(found["blockNumber"]),
            block_hash=bytes32(found["blockHash"]),
            transaction_hash=bytes32(found["transactionHash"]),
            index=int(found["logIndex"]),
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
        """Read web3's receipt. Raises ValueError, KeyError or TypeError."""
        return cls(
            transaction_hash=bytes32(found["transactionHash"]),
            block_number=int(found["blockNumber"]),
            block_hash=bytes32(found["blockHash"]),
            succeeded=int(found["status"]) == 1,
            gas_used=int(found["gasUsed"]),
            contract_address=found.get("contractAddress"),
            logs=tuple(Log.of(entry) for entry in found["logs"]),
        )
