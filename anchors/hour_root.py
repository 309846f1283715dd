"""One root for all batches that were anchored in one hour, so that an edge pack can be small (docs/gate.md).

An RFC 9162 tree. A leaf is deterministic CBOR of `[root, size, anchored at]`, one for each anchoring of the hour in the
order of the chain (the registry's index). Hours are those of block time: hour = floor(anchored at / 3600).
"""

from collections.abc import Sequence
from typing import NamedTuple

from anchors import merkle
from ledger import deterministic_cbor

SECONDS = 3_600


class Triple(NamedTuple):
    """A batch as an hour's tree has it. root: 32 bytes; anchored_at: block time, seconds since the epoch."""

    root: bytes
    size: int
    anchored_at: int


def hour_of(anchored_at: int) -> int:
    """Return the number of the hour that a block time lies in."""
    return anchored_at // SECONDS


def end_of(hour: int) -> int:
    """Return the first second after the hour: what a block of that time or later says of the hour is all there is."""
    return (hour + 1) * SECONDS


def leaf(root: bytes, size: int, anchored_at: int) -> bytes:
    """Return the bytes of a batch's leaf. Its node in the tree is SHA-256(0x00 || leaf)."""
    return deterministic_cbor.encode([root, size, anchored_at])


def hour_root(batches: Sequence[tuple[bytes, int, int]]) -> tuple[bytes, int]:
    """Return root and size of the tree over an hour's batches, (root, size, anchored at) in the chain's order."""
    return merkle.root_over(_nodes(batches)), len(batches)


def path(batches: Sequence[tuple[bytes, int, int]], index: int) -> tuple[bytes, ...]:
    """Return the siblings of batch `index` (from 0), the lowest first. Raises Invalid `merkle.index`."""
    return merkle.path_over(_nodes(batches), index)


def verifies(
    batch: tuple[bytes, int, int], index: int, siblings: Sequence[bytes], hour: tuple[bytes, int], *, number: int
) -> bool:
    """Tell whether the batch stands at `index` in the tree of hour `number`, whose root and size `hour` gives.

    False for all that is malformed, and for a batch whose own time lies in another hour.
    """
    (root, size, anchored_at), (top, batches) = batch, hour
    if not _is_batch(root, size, anchored_at) or hour_of(anchored_at) != number:
        return False
    node = merkle.leaf_hash(leaf(root, size, anchored_at))
    found = merkle.root_from_leaf_hash(node, index, batches, siblings)
    return found is not None and found == top


def _nodes(batches: Sequence[tuple[bytes, int, int]]) -> list[bytes]:
    return [merkle.leaf_hash(leaf(*batch)) for batch in batches]


def _is_batch(root: object, size: object, anchored_at: object) -> bool:
    if not isinstance(root, bytes) or len(root) != merkle.HASH_SIZE:
        return False
    return all(type(number) is int and 0 < number <= merkle.MAX_SIZE for number in (size, anchored_at))
