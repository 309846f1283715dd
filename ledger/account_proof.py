"""Merkle-Patricia proofs of an account and of its storage, as `eth_getProof` gives them (EIP-1186)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.block import bytes32


@dataclass(frozen=True, slots=True)
class SlotProof:
    """The 32 bytes said to stand in a slot, and the trie nodes (RLP) from the storage root to it."""

    value: bytes
    nodes: tuple[bytes, ...]

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "SlotProof":
        """Read one entry of web3's `storageProof`. Raises ValueError, KeyError or TypeError."""
        value = bytes32(bytes(found["value"]).rjust(32, b"\0"))
        return cls(value=value, nodes=tuple(bytes(node) for node in found["proof"]))


@dataclass(frozen=True, slots=True)
class AccountProof:
    """The account said to stand under the state root, and its slots by number. Nothing of it is checked."""

    address: str
    nonce: int
    balance: int
    code_hash: bytes
    storage_root: bytes
    nodes: tuple[bytes, ...]
    slots: Mapping[int, SlotProof]

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "AccountProof":
        """Read web3's proof. Raises ValueError, KeyError or TypeError."""
        return cls(
            address=str(found["address"]),
            nonce=int(found["nonce"]),
            balance=int(found["balance"]),
            code_hash=bytes32(found["codeHash"]),
            storage_root=bytes32(found["storageHash"]),
            nodes=tuple(bytes(node) for node in found["accountProof"]),
            slots={int.from_bytes(slot["key"], "big"): SlotProof.of(slot) for slot in found["storageProof"]},
        )
