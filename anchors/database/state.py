"""How far a document has come."""

from enum import StrEnum


class State(StrEnum):
    """The states of a document, in order. `FINAL` and `FAILED` are terminal.

    A document's own row knows ACCEPTED, STORED, BATCHED and FAILED; from BATCHED on its batch knows the rest, so
    that a step moves one row and not 65,536.
    """

    ACCEPTED = "accepted"
    STORED = "stored"
    BATCHED = "batched"
    SIGNED = "signed"
    BROADCAST = "broadcast"
    MINED = "mined"
    FINAL = "final"
    FAILED = "failed"


class TransactionState(StrEnum):
    """The states of a chain transaction.

    DISPLACED: another transaction of the same account used its nonce. REVERTED: mined, but it failed.
    """

    SIGNED = "signed"
    BROADCAST = "broadcast"
    MINED = "mined"
    DISPLACED = "displaced"
    REVERTED = "reverted"
