"""The Merkle tree over the digests of a batch (RFC 9162 §2.1): root, paths and their checks.

A leaf is a digest of 32 bytes; `root_over` and `path_over` take other leaves, hashed by the caller. Its node is
SHA-256(0x00 || leaf), above two it is SHA-256(0x01 || left || right).
The tree is built level by level: a last node without a sibling moves up unchanged, which gives the same tree
as the split at the largest power of two in RFC 9162 §2.1.1. The check functions answer False to anything that
is malformed.
"""

from collections.abc import Sequence
from hashlib import sha256

from ledger.errors import Invalid

HASH_SIZE = 32
MAX_SIZE = 2**64 - 1


def leaf_hash(leaf: bytes) -> bytes:
    """Return the node of one leaf (RFC 9162 §2.1.1)."""
    return sha256(b"\x00" + leaf).digest()


def split(path: bytes) -> tuple[bytes, ...]:
    """Return the hashes that stand in a row."""
    return tuple(path[start : start + HASH_SIZE] for start in range(0, len(path), HASH_SIZE))


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over `leaves` in their order; SHA-256 of nothing for none (RFC 9162 §2.1.1).

    Raises Invalid `merkle.leaf` for a leaf that is not 32 bytes.
    """
    return root_over(_bottom(leaves))


def root_over(nodes: Sequence[bytes]) -> bytes:
    """Do as `root` for leaves that are hashed already (`leaf_hash`), whatever their length was."""
    if not nodes:
        return sha256(b"").digest()
    level = list(nodes)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def inclusion_path(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the siblings of leaf `index` (from 0) from the bottom up (RFC 9162 §2.1.3.1).

    Raises Invalid `merkle.index` outside the tree, `merkle.leaf` for a leaf that is not 32 bytes.
    """
    return path_over(_bottom(leaves), index)


def path_over(nodes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Do as `inclusion_path` for leaves that are hashed already. Raises Invalid `merkle.index`."""
    if not 0 <= index < len(nodes):
        raise Invalid("merkle.index", f"a tree of {len(nodes)} leaves has no leaf {index}", mend="count from 0")
    path: list[bytes] = []
    for level in _levels(nodes):
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        index >>= 1
    return tuple(path)


def inclusion_paths(leaves: Sequence[bytes]) -> list[tuple[bytes, ...]]:
    """Return the inclusion path of every leaf, in order. O(n log n) in time and space.

    Raises Invalid `merkle.leaf` for a leaf that is not 32 bytes.
    """
    if not leaves:
        return []
    paths: list[tuple[bytes, ...]] = [()]
    for level in reversed(_levels(_bottom(leaves))[:-1]):
        paths = [_sibling(level, index) + paths[index >> 1] for index in range(len(level))]
    return paths


def consistency_path(leaves: Sequence[bytes], first: int) -> tuple[bytes, ...]:
    """Return the proof that the first `first` leaves are the beginning of `leaves` (RFC 9162 §2.1.4.1).

    Raises Invalid `merkle.size` unless 0 < first <= len(leaves), `merkle.leaf` for one that is not 32 bytes.
    """
    if not 0 < first <= len(leaves):
        raise Invalid("merkle.size", f"{first} is not a size from 1 to {len(leaves)}", mend="name an earlier size")
    if first == len(leaves):
        return ()
    levels = _levels(_bottom(leaves))
    height = _trailing_ones(first - 1)
    index, last = (first - 1) >> height, (len(leaves) - 1) >> height
    path = [levels[height][index]] if index else []
    for level in levels[height:-1]:
        path += _sibling(level, index)
        index, last = index >> 1, last >> 1
    return tuple(path)


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that `path` leads to from the leaf, None if it does not fit (RFC 9162 §2.1.3.2)."""
    return root_from_leaf_hash(leaf_hash(leaf), index, size, path) if _is_hash(leaf) else None


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Tell whether the leaf stands at `index` (from 0) in the tree of `size` leaves with that root."""
    return _is_hash(root) and root_from_path(leaf, index, size, path) == root


def root_from_leaf_hash(node: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Do as `root_from_path` for a leaf that is hashed already."""
    if not (_ascending(0, index, size - 1) and _is_hash(node) and all(map(_is_hash, path))):
        return None
    last = size - 1
    for sibling in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = _node(sibling, node)
            index, last = _skip_promoted(index, last)
        else:
            node = _node(node, sibling)
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def verify_consistency(first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Tell whether the tree of `second` leaves continues the one of `first` leaves (RFC 9162 §2.1.4.2).

    A proof from size 0 says nothing and is refused. Equal sizes need equal roots and no path, and nothing else.
    """
    if not _ascending(1, first, second):
        return False
    if first == second:
        return not path and first_root == second_root
    hashes = (first_root, second_root, *path)
    return all(map(_is_hash, hashes)) and _roots_agree(first, second, path, first_root, second_root)


def _roots_agree(first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    height = _trailing_ones(first - 1)
    index, last = (first - 1) >> height, (second - 1) >> height
    siblings = list(path) if index else [first_root, *path]
    if not siblings:
        return False
    old = new = siblings[0]
    for sibling in siblings[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old, new = _node(sibling, old), _node(sibling, new)
            index, last = _skip_promoted(index, last)
        else:
            new = _node(new, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _skip_promoted(index: int, last: int) -> tuple[int, int]:
    """Climb the levels at which the node was the last one and moved up without a sibling."""
    while index and not index & 1:
        index, last = index >> 1, last >> 1
    return index, last


def _trailing_ones(number: int) -> int:
    return (~number & (number + 1)).bit_length() - 1


def _ascending(low: int, middle: int, high: int) -> bool:
    """Check sizes first: beyond 64 bits they are nobody's tree, and shifting them would cost time."""
    return all(isinstance(number, int) for number in (middle, high)) and low <= middle <= high <= MAX_SIZE


def _is_hash(value: object) -> bool:
    return isinstance(value, bytes) and len(value) == HASH_SIZE


def _bottom(leaves: Sequence[bytes]) -> list[bytes]:
    if not all(map(_is_hash, leaves)):
        raise Invalid("merkle.leaf", "a leaf is not 32 bytes", mend="give SHA-256 digests")
    return [sha256(b"\x00" + leaf).digest() for leaf in leaves]


def _above(level: list[bytes]) -> list[bytes]:
    pairs = iter(level)
    above = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
    return above + level[-1:] if len(level) & 1 else above


def _levels(nodes: Sequence[bytes]) -> list[list[bytes]]:
    levels = [list(nodes)]
    while len(levels[-1]) > 1:
        levels.append(_above(levels[-1]))
    return levels


def _sibling(level: list[bytes], index: int) -> tuple[bytes, ...]:
    return (level[index ^ 1],) if index ^ 1 < len(level) else ()
