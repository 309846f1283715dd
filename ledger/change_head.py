"""The count of a registry's changes of one kind, and their running hash (contracts/src/ChangeLog.sol)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChangeHead:
    """head = keccak256(head, change), from 32 zero bytes."""

    count: int
    head: bytes
