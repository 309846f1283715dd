"""The proofs of an answer walked by code of the tests' own: from the header down to each slot, yes and no alike."""

from collections.abc import Iterator
from typing import Any

import rlp
from eth_utils.address import to_canonical_address
from eth_utils.crypto import keccak

from contracts import artifact
from contracts.layout import locate
from tests.chain import trie_walk


def proved(answer: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], bytes]]:
    """Walk every trie from the header's state root; yield contract, slot as stated, and the value that was found.

    The slot must be where the storage layout puts the variable, and the value the one stated.
    """
    header = bytes.fromhex(answer["proofs"]["header"][2:])
    assert "0x" + keccak(header).hex() == answer["as_of"]["block_hash"]
    state_root = rlp.decode(header)[3]
    for contract in answer["proofs"]["contracts"]:
        address = to_canonical_address(contract["address"])
        account = rlp.decode(trie_walk.value_at(state_root, address, _nodes(contract["proof"])))
        assert account[2].hex() == contract["storage_root"][2:]
        for slot in contract["slots"]:
            assert _place(contract["contract"], slot) == int(slot["slot"], 16)
            found = trie_walk.value_at(account[2], bytes.fromhex(slot["slot"][2:]), _nodes(slot["proof"]))
            value: bytes = rlp.decode(found).rjust(32, b"\0") if found else bytes(32)
            assert slot["value"] == "0x" + value.hex()
            yield contract["contract"], slot, value


def _place(contract: str, slot: dict[str, Any]) -> int:
    path = [
        bytes.fromhex(step[2:]) if isinstance(step, str) and step.startswith("0x") else step for step in slot["path"]
    ]
    return locate(artifact(contract), slot["variable"], *path).slot


def _nodes(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text[2:]) for text in texts]
