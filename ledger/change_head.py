"""The count of a registry's changes of one kind, and their running hash (contracts/src/ChangeLog.sol)."""

from dataclasses import dataclass

from contracts.keccak import keccak


@dataclass(frozen=True, slots=True)
class ChangeHead:
    """head = keccak256(head, change), from 32 zero bytes."""

    count: int
    head: bytes


EMPTY = ChangeHead(0, bytes(32))
"""Before the first change."""


def extended(head: ChangeHead, encoded: bytes) -> ChangeHead:
    """Return the head after one more change, the ABI encoding of the event's members after its index."""
    return ChangeHead(head.count + 1, keccak(head.head + keccak(encoded)))
