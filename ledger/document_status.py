"""What became of a document, and the kinds of change of its registry (DocumentRegistry.sol)."""

from enum import IntEnum


class Status(IntEnum):
    """What became of a document: the codes of `status_entries`."""

    REVOKED = 1
    SUSPENDED = 2
    REINSTATED = 3
    SUPERSEDED = 4


class DocumentChange(IntEnum):
    """The kinds of change that are counted and hashed."""

    ANCHORING = 0
    STATUS = 1
    HOLD = 2
