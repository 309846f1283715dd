"""Merkle-Patricia proofs of an account and of its storage, as `eth_getProof` gives them (EIP-1186)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.address import checksum_address
from ledger.block import bytes32
from ledger.rpc_value import read_bytes, read_number


@dataclass(frozen=True, slots=True)
class SlotProof:
    """The 32 bytes said to stand in a slot, and the trie nodes (RLP) from the storage root to it."""

    value: bytes
    nodes: tuple[bytes, ...]

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "SlotProof":
        """Read one entry of a node's `storageProof`. Raises ValueError, KeyError or TypeError."""
        value = bytes32(read_bytes(f"0x{read_number(found['value']):064x}"))
        return cls(value=value, nodes=tuple(read_bytes(node) for node in found["proof"]))


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
        """Read a node's proof. Raises ValueError, KeyError or TypeError."""
        return cls(
            address=checksum_address(read_bytes(found["address"])),
            nonce=read_number(found["nonce"]),
            balance=read_number(found["balance"]),
            code_hash=bytes32(read_bytes(found["codeHash"])),
            storage_root=bytes32(read_bytes(found["storageHash"])),
            nodes=tuple(read_bytes(node) for node in found["accountProof"]),
            slots={read_number(slot["key"]): SlotProof.of(slot) for slot in found["storageProof"]},
        )
