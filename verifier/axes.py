"""The two axes of a verdict (docs/verdict.md): is it authentic, and can it be used."""

from enum import StrEnum


class Authentic(StrEnum):
    """Whether the issuer that it names made this document, and was entitled to when it was anchored."""

    VALID = "VALID"
    INVALID = "INVALID"
    INDETERMINATE = "INDETERMINATE"


class Usable(StrEnum):
    """What can be done with it at the time asked about. In order: the first that applies is stated."""

    REVOKED = "REVOKED"
    SURRENDERED = "SURRENDERED"
    ON_PAPER = "ON_PAPER"
    SUPERSEDED = "SUPERSEDED"
    SUSPENDED = "SUSPENDED"
    EXPIRED = "EXPIRED"
    NOT_RECOGNISED = "NOT_RECOGNISED"
    PENDING = "PENDING"
    UNKNOWN = "UNKNOWN"
    ACTIVE = "ACTIVE"
