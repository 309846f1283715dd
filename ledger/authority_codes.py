"""The numbers by which the AuthorityRegistry knows domains, roles, purposes and changes (IAuthorityRegistry.sol)."""

from enum import IntEnum


class Domain(IntEnum):
    """What an authority is for."""

    CUSTOMS = 1
    MARITIME = 2
    CHAMBER = 3


class Role(IntEnum):
    """What an account may do for its authority."""

    VOTE = 1
    ACT = 2
    ANCHOR = 3


class Purpose(IntEnum):
    """What a service key is for."""

    ANSWERS = 1
    CHECKPOINTS = 2
    ENCRYPTION = 3


class AuthorityChange(IntEnum):
    """The kinds of change that are counted and hashed."""

    MEMBER = 0
    AUTHORITY = 1
    ACCOUNT = 2
    SERVICE_KEY = 3
    PROPOSAL = 4
    QUORUM = 5
    SUCCESSOR = 6
