"""At which storage slots the AuthorityRegistry keeps what rosters rest on, so that they can be proved."""

from ledger.authority_codes import Purpose
from ledger.identifier import to_bytes32
from ledger.registry_slots import AUTHORITIES, Fact


def members() -> Fact:
    """The list of every country that ever was a member."""
    return Fact(AUTHORITIES, "_members", (), "members")


def authorities() -> Fact:
    """The list of the ids of every authority that was ever entered."""
    return Fact(AUTHORITIES, "_authorities", (), "authorities")


def checkpoint_keys(authority: str) -> Fact:
    """The list of the thumbprints of every key that the authority ever had for checkpoints."""
    path = (to_bytes32(authority), int(Purpose.CHECKPOINTS))
    return Fact(AUTHORITIES, "_serviceKeys", path, f"keys of {authority} for checkpoints")


def service_key(thumbprint: bytes) -> list[Fact]:
    """The slots of a service key: x, y, and in one slot algorithm (the upper half) and purpose."""
    whole = Fact(AUTHORITIES, "_serviceKey", (thumbprint,), f"key 0x{thumbprint.hex()}")
    return [whole.member(name) for name in ("x", "y", "purpose")]


def service_key_entries(thumbprint: bytes) -> Fact:
    """The dated list of a service key."""
    return Fact(AUTHORITIES, "_serviceKeyEntries", (thumbprint,), f"key 0x{thumbprint.hex()} in service")
