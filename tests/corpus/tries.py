"""A Merkle-Patricia trie made whole from its entries (Ethereum yellow paper, appendix D): root, and nodes by hash."""

from collections.abc import Mapping, Sequence

from contracts.keccak import keccak
from ledger.strict_rlp import Item, encode
from ledger.trie_walk import EMPTY_ROOT

Nodes = dict[bytes, bytes]
_Entries = Sequence[tuple[str, bytes]]


def trie_of(entries: Mapping[bytes, bytes]) -> tuple[bytes, Nodes]:
    """Return the root over values by their keys, which are of one length and hashed already."""
    if not entries:
        return EMPTY_ROOT, {}
    nodes: Nodes = {}
    raw = encode(_node(sorted((key.hex(), value) for key, value in entries.items()), 0, nodes))
    root = keccak(raw)
    nodes[root] = raw
    return root, nodes


def _node(entries: _Entries, at: int, nodes: Nodes) -> Item:
    first, last = entries[0][0], entries[-1][0]
    if len(entries) == 1:
        return [_path(first[at:], is_leaf=True), entries[0][1]]
    shared = at
    while first[shared] == last[shared]:
        shared += 1
    if shared > at:
        return [_path(first[at:shared], is_leaf=False), _kept(_node(entries, shared, nodes), nodes)]
    below: list[list[tuple[str, bytes]]] = [[] for _ in range(16)]
    for entry in entries:
        below[int(entry[0][at], 16)].append(entry)
    return [*(_kept(_node(some, at + 1, nodes), nodes) if some else b"" for some in below), b""]


def _kept(node: Item, nodes: Nodes) -> Item:
    raw = encode(node)
    if len(raw) < 32:
        return node
    name = keccak(raw)
    nodes[name] = raw
    return name


def _path(nibbles: str, *, is_leaf: bool) -> bytes:
    odd = len(nibbles) & 1
    return bytes.fromhex(f"{2 * is_leaf + odd:x}{'' if odd else '0'}{nibbles}")
