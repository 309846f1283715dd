"""At which storage slots the IssuerRegistry keeps issuers, accreditations and keys, so that they can be proved."""

from ledger.identifier import to_bytes32
from ledger.registry_names import ISSUERS
from ledger.registry_slots import Fact


def accreditor(issuer: str) -> Fact:
    """The id that the issuer was entered under; zero if it never was."""
    return Fact(ISSUERS, "_accreditors", (to_bytes32(issuer),), f"accreditor of {issuer}")


def authority(issuer: str) -> Fact:
    """The id of the authority at the top."""
    return Fact(ISSUERS, "_authorities", (to_bytes32(issuer),), f"authority above {issuer}")


def state(issuer: str) -> Fact:
    """The dated list of an issuer: active, suspended."""
    return Fact(ISSUERS, "_issuerEntries", (to_bytes32(issuer),), f"state of {issuer}")


def holds(issuer: str) -> Fact:
    """The dated list of who holds an issuer's suspension."""
    return Fact(ISSUERS, "_issuerHoldEntries", (to_bytes32(issuer),), f"who suspended {issuer}")


def body(issuer: str) -> Fact:
    """The dated list of an issuer's right to accredit others."""
    return Fact(ISSUERS, "_bodyEntries", (to_bytes32(issuer),), f"{issuer} as a body")


def kinds(issuer: str) -> Fact:
    """The list of kinds that the issuer was ever accredited for."""
    return Fact(ISSUERS, "_kinds", (to_bytes32(issuer),), f"kinds of {issuer}")


def accreditation(issuer: str, kind: str) -> Fact:
    """The dated list of an accreditation."""
    path = (to_bytes32(issuer), to_bytes32(kind))
    return Fact(ISSUERS, "_accreditationEntries", path, f"{issuer} accredited for {kind}")


def codes(issuer: str, kind: str) -> Fact:
    """The list of codes that the issuer ever had for the kind."""
    return Fact(ISSUERS, "_scope", (to_bytes32(issuer), to_bytes32(kind)), f"scope of {issuer} for {kind}")


def scope(issuer: str, kind: str, code: str) -> Fact:
    """The dated list of one code in an issuer's scope."""
    path = (to_bytes32(issuer), to_bytes32(kind), to_bytes32(code))
    return Fact(ISSUERS, "_scopeEntries", path, f"{code} in the scope of {issuer} for {kind}")


def keys(issuer: str) -> Fact:
    """The list of an issuer's keys."""
    return Fact(ISSUERS, "_keys", (to_bytes32(issuer),), f"keys of {issuer}")


def key(thumbprint: bytes) -> list[Fact]:
    """The four slots of a document key: issuer, x, y, algorithm."""
    whole = Fact(ISSUERS, "_key", (thumbprint,), f"key 0x{thumbprint.hex()}")
    return [whole.member(name) for name in ("issuer", "x", "y", "algorithm")]


def key_state(thumbprint: bytes) -> Fact:
    """The dated list of a key: active, retired, suspended."""
    return Fact(ISSUERS, "_keyEntries", (thumbprint,), f"state of the key 0x{thumbprint.hex()}")


def key_holds(thumbprint: bytes) -> Fact:
    """The dated list of who holds a key's suspension."""
    return Fact(ISSUERS, "_keyHoldEntries", (thumbprint,), f"who suspended the key 0x{thumbprint.hex()}")


def compromises(thumbprint: bytes) -> Fact:
    """The dated list of *compromised since*."""
    return Fact(ISSUERS, "_compromiseEntries", (thumbprint,), f"compromises of the key 0x{thumbprint.hex()}")
