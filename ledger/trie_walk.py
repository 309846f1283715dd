"""Walking a Merkle-Patricia trie from its root to the value under a key (Ethereum yellow paper, appendix D)."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from contracts.keccak import keccak
from ledger import strict_rlp
from ledger.strict_rlp import Item

EMPTY_ROOT: Final = keccak(b"\x80")
"""The root of a trie without entries."""

_HASH_SIZE, _BRANCH_ITEMS = 32, 17
# Nodes of less than 32 bytes stand in their parent; deeper than this nothing so short could stand.
DEEPEST_NODE: Final = 8


def walk(root: bytes, key: bytes, node_at: Callable[[bytes], bytes]) -> bytes:
    """Return the value under a key; empty if the trie shows that there is none.

    node_at: gives the node (RLP) of a hash, which is for the caller to check; what it raises passes through. Raises
    ValueError for what is no node, or leads to none.
    """
    if root == EMPTY_ROOT:
        return b""
    nibbles = key.hex()
    node, at = node_of(node_at(root)), 0
    while True:
        below, at = _step(node, nibbles, at)
        if at < 0 or not below:
            return b""
        if at > len(nibbles):
            return _value(below)
        node = _child(below, node_at)


# Documents of one block share most of their nodes. Nobody changes what is kept.
@lru_cache(maxsize=8192)
def node_of(raw: bytes) -> list[Item]:
    """Read a node in its one form. Raises ValueError."""
    node = strict_rlp.decode(raw, DEEPEST_NODE)
    if isinstance(node, bytes):
        raise ValueError("bytes where a node belongs")
    return node


def _step(node: list[Item], nibbles: str, at: int) -> tuple[Item, int]:
    """Return what the node leads to and how far the key is used up: all and one more for a value, -1 for nothing."""
    if len(node) == _BRANCH_ITEMS:
        return (node[16], at + 1) if at == len(nibbles) else (node[int(nibbles[at], 16)], at + 1)
    if len(node) != 2:
        raise ValueError("a node is neither a branch nor a path")
    path, is_leaf = _path(node[0])
    if is_leaf:
        return node[1], len(nibbles) + 1 if nibbles[at:] == path else -1
    if not path or not node[1]:
        raise ValueError("an extension that leads nowhere")
    return node[1], at + len(path) if nibbles.startswith(path, at) else -1


def _path(encoded: Item) -> tuple[str, bool]:
    """Return the nibbles of a path, and whether it ends in a leaf."""
    if not isinstance(encoded, bytes) or not encoded:
        raise ValueError("a node without a path")
    flag, digits = encoded[0] >> 4, encoded.hex()
    if flag > 3 or (not flag & 1 and digits[1] != "0"):
        raise ValueError("a path that is written otherwise than it must be")
    return digits[1:] if flag & 1 else digits[2:], flag >= 2


def _child(below: Item, node_at: Callable[[bytes], bytes]) -> list[Item]:
    if isinstance(below, bytes):
        if len(below) != _HASH_SIZE:
            raise ValueError("what a node leads to is no hash")
        return node_of(node_at(below))
    if len(strict_rlp.encode(below)) >= _HASH_SIZE:
        raise ValueError("a node stands in its parent that is too long for it")
    return below


def _value(below: Item) -> bytes:
    if not isinstance(below, bytes):
        raise ValueError("what the nodes lead to is no value")
    return below
