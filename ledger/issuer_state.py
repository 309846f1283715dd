"""What the codes in the lists of the IssuerRegistry mean (IssuerRegistry.sol)."""

from enum import IntEnum, IntFlag


class IssuerState(IntEnum):
    """The codes of `issuer_entries`."""

    ACTIVE = 1
    SUSPENDED = 2


class KeyState(IntEnum):
    """The codes of `key_entries`; COMPROMISED stands in `compromise_entries`."""

    ACTIVE = 1
    RETIRED = 2
    SUSPENDED = 3
    COMPROMISED = 4


class IssuerChange(IntEnum):
    """The kinds of change that are counted and hashed."""

    ISSUER = 0
    ACCREDITATION = 1
    ACCOUNT = 2
    KEY = 3
    BODY = 4
    SCOPE = 5
    HOLD = 6


class Power(IntEnum):
    """What an account may do for an issuer, by whose it is; the codes of hold entries (NONE: released)."""

    NONE = 0
    ISSUER = 1
    BODY = 2
    AUTHORITY = 3


class Limit(IntFlag):
    """Where an accreditation is limited to the codes in its scope; the detail of its entries, and of a code's."""

    AGREEMENT = 1
    HS_CHAPTER = 2
    PORT = 4


NO_LIMIT = Limit(0)
