"""Merkle proofs of an account and its storage slots against a block's state root (EIP-1186)."""

from collections.abc import Sequence
from typing import Any

from eth.abc import BlockHeaderAPI
from eth_typing import Address

from ledger.embedded.hexadecimal import checksum, data, quantity
from ledger.embedded.view import View, number_of


def proof(view: View, header: BlockHeaderAPI, address: Address, slots: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """Prove `address` and its `slots` (each as the client wrote it, and its number), there or absent."""
    account = view.account(header, address)
    _, nodes = view.tries.path(header.state_root, address)
    return {
        "address": checksum(address),
        "accountProof": [data(node) for node in nodes],
        "balance": quantity(account.balance),
        "codeHash": data(account.code_hash),
        "nonce": quantity(account.nonce),
        "storageHash": data(account.storage_root),
        "storageProof": [_slot(view, account.storage_root, written, slot) for written, slot in slots],
    }


def _slot(view: View, root: bytes, written: str, slot: int) -> dict[str, Any]:
    value, nodes = view.tries.path(root, slot.to_bytes(32))
    return {"key": written, "value": quantity(number_of(value)), "proof": [data(node) for node in nodes]}
