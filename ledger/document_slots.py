"""At which storage slots the DocumentRegistry keeps anchorings and statuses, so that they can be proved."""

from contracts.keccak import keccak
from ledger.identifier import to_bytes32
from ledger.registry_names import DOCUMENTS
from ledger.registry_slots import Fact


def anchoring(root: bytes, size: int, manifest_digest: bytes) -> Fact:
    """Who anchored the batch and when, in one slot: from the highest byte 12 of the time, 20 of the account."""
    batch = keccak(root + size.to_bytes(32) + manifest_digest)
    return Fact(DOCUMENTS, "_anchorings", (batch, "account"), f"anchoring of the batch 0x{root.hex()} of {size}")


def statuses(issuer: str, digest: bytes) -> Fact:
    """The dated list of what became of a document."""
    return Fact(DOCUMENTS, "_statusEntries", (to_bytes32(issuer), digest), f"status of 0x{digest.hex()}")


def successor(issuer: str, digest: bytes) -> Fact:
    """The digest that took the document's place; zero if none did."""
    return Fact(DOCUMENTS, "_successors", (to_bytes32(issuer), digest), f"successor of 0x{digest.hex()}")
