"""Authorities of the consortium: what they are, who acts for them, with which keys (IAuthorityRegistry.sol)."""

from dataclasses import dataclass

from ledger.authority_codes import AuthorityChange, Domain, Purpose, Role
from ledger.country import to_bytes2
from ledger.identifier import to_bytes32
from ledger.jwk import PublicKey

__all__ = [
    "Authority",
    "AuthorityChange",
    "Domain",
    "Founder",
    "Proposal",
    "ProposalDates",
    "Purpose",
    "Role",
    "ServiceKey",
    "Successor",
]


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority that was ever entered."""

    id: str
    country: str
    domain: Domain


@dataclass(frozen=True, slots=True)
class Founder:
    """The first authority of a founding member, and the account that votes for it."""

    country: str
    authority: str
    domain: Domain
    voter: str

    def fields(self) -> tuple[bytes, bytes, int, str]:
        """Return the founder as the constructor takes it."""
        return to_bytes2(self.country), to_bytes32(self.authority), int(self.domain), self.voter


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """A key of an authority, and what it is for."""

    authority: str
    purpose: Purpose
    public_key: PublicKey


@dataclass(frozen=True, slots=True)
class Proposal:
    """Calls of the registry that countries vote on; `approvals` that were not withdrawn."""

    calls: tuple[bytes, ...]
    approvals: tuple[str, ...]
    executed: bool


@dataclass(frozen=True, slots=True)
class ProposalDates:
    """From `expires_at` on a proposal can be neither approved nor executed; `executed_at` None: it was not."""

    proposed_at: int
    expires_at: int
    executed_at: int | None


@dataclass(frozen=True, slots=True)
class Successor:
    """The contract that takes a registry's place (docs/adr/0080); None: none does after all."""

    address: str | None
    recorded_at: int
