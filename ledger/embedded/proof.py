"""Merkle proofs of an account and its storage slots against a block's state root (EIP-1186)."""

from collections.abc import Sequence
from typing import Any

import rlp
from eth.abc import BlockHeaderAPI
from eth_typing import Address
from eth_utils.crypto import keccak
from rlp.sedes import big_endian_int
from trie.hexary import HexaryTrie

from ledger.embedded.hexadecimal import checksum, data, quantity
from ledger.embedded.view import View


def proof(view: View, header: BlockHeaderAPI, address: Address, slots: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """Prove `address` and its `slots` (each as the client wrote it, and its number), there or absent."""
    nodes = view.rules.chaindb.db
    accounts = HexaryTrie(nodes, header.state_root)
    account = view.account(header, address)
    storage = HexaryTrie(nodes, account.storage_root)
    return {
        "address": checksum(address),
        "accountProof": _path(accounts, keccak(address)),
        "balance": quantity(account.balance),
        "codeHash": data(account.code_hash),
        "nonce": quantity(account.nonce),
        "storageHash": data(account.storage_root),
        "storageProof": [_slot(storage, written, slot) for written, slot in slots],
    }


def _slot(storage: HexaryTrie, written: str, slot: int) -> dict[str, Any]:
    key = keccak(slot.to_bytes(32, "big"))
    value = storage[key]
    number = rlp.decode(value, sedes=big_endian_int) if value else 0
    return {"key": written, "value": quantity(number), "proof": _path(storage, key)}


def _path(trie: HexaryTrie, key: bytes) -> list[str]:
    """Return the nodes from the root towards `key`; a node of less than 32 bytes stands inside its parent."""
    nodes = [rlp.encode(node) for node in trie.get_proof(key)]  # type: ignore[no-untyped-call]
    return [data(node) for number, node in enumerate(nodes) if number == 0 or len(node) >= 32]
