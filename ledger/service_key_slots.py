"""At which storage slots the AuthorityRegistry keeps the service keys of authorities, so that they can be proved."""

from ledger.registry_slots import AUTHORITIES, Fact


def service_key(thumbprint: bytes) -> list[Fact]:
    """The four slots of a service key: authority, x, y, and in one slot algorithm (its upper half) and purpose."""
    whole = Fact(AUTHORITIES, "_serviceKey", (thumbprint,), f"service key 0x{thumbprint.hex()}")
    return [whole.member(name) for name in ("authority", "x", "y", "purpose")]


def service(thumbprint: bytes) -> Fact:
    """The dated list of a service key: in service, or not."""
    return Fact(AUTHORITIES, "_serviceKeyEntries", (thumbprint,), f"service of the key 0x{thumbprint.hex()}")
