"""What the pipeline asks about issuers: whose key it is, and whether it may issue this kind now."""

from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from ledger import base64url
from ledger.authority_registry import AuthorityRegistry
from ledger.block import Block
from ledger.chain import Chain
from ledger.dated_list import Entry, code_at
from ledger.issuer_registry import IssuerKey, IssuerRegistry, IssuerState, KeyState
from ledger.jwk import PublicKey


@dataclass(frozen=True)
class Standing:
    """Whose key it is, and the codes of all that speaks against its use for a kind; none: it is covered."""

    issuer: str
    public_key: PublicKey
    concerns: tuple[str, ...]


class IssuerFacts(Protocol):
    """The registries at one block."""

    def standing(self, kid: str, kind: str, time: int) -> Standing | None:
        """Return how the key stands for the kind at `time`; None if it is registered for nobody.

        Raises Unavailable `chain.*`.
        """
        ...


class IssuerDirectory(Protocol):
    """The registries as they change."""

    def at_head(self) -> IssuerFacts:
        """Return the facts at the newest block. Raises Unavailable `chain.*`."""
        ...


class RegistryDirectory:
    """The directory that reads the registries on chain; what was read at a block is kept until the next one."""

    def __init__(self, chain: Chain, issuers: IssuerRegistry, authorities: AuthorityRegistry) -> None:
        self._chain, self._issuers, self._authorities = chain, issuers, authorities
        self._lock = Lock()
        self._hash = b""
        self._facts: RegistryFacts | None = None

    def at_head(self) -> "RegistryFacts":
        """Return the facts at the newest block. Raises Unavailable `chain.*`."""
        head = self._chain.head()
        with self._lock:
            if self._facts is None or self._hash != head.hash:
                self._facts = RegistryFacts(self._issuers, self._authorities, head)
                self._hash = head.hash
            return self._facts


class RegistryFacts:
    """The registries at block `head`; each list is read once."""

    def __init__(self, issuers: IssuerRegistry, authorities: AuthorityRegistry, head: Block) -> None:
        self._issuers, self._authorities, self._head = issuers, authorities, head
        # Two threads may read the same lists; they read the same block, so either result will do.
        self._read: dict[tuple[str, str], _Lists | None] = {}

    def standing(self, kid: str, kind: str, time: int) -> Standing | None:
        """Return how the key stands for the kind at `time`, or at the head's if that is later; None: it is nobody's."""
        if (kid, kind) not in self._read:
            self._read[kid, kind] = self._lists(base64url.decode(kid), kind)
        lists = self._read[kid, kind]
        return (
            Standing(lists.key.issuer, lists.key.public_key, lists.concerns(max(time, self._head.timestamp)))
            if lists
            else None
        )

    def _lists(self, thumbprint: bytes, kind: str) -> "_Lists | None":
        at = self._head.number
        key = self._issuers.key(thumbprint, at)
        accreditor = self._issuers.accreditor(key.issuer, at) if key else None
        authority = self._authorities.authority(accreditor, at) if accreditor else None
        if key is None or authority is None:
            return None
        return _Lists(
            key=key,
            issuer=self._issuers.issuer_entries(key.issuer, at),
            accreditation=self._issuers.accreditation_entries(key.issuer, kind, at),
            key_state=self._issuers.key_entries(thumbprint, at),
            compromises=self._issuers.compromise_entries(thumbprint, at),
            authority=self._authorities.authority_entries(authority.id, at),
            member=self._authorities.member_entries(authority.country, at),
        )


@dataclass(frozen=True)
class _Lists:
    key: IssuerKey
    issuer: tuple[Entry, ...]
    accreditation: tuple[Entry, ...]
    key_state: tuple[Entry, ...]
    compromises: tuple[Entry, ...]
    authority: tuple[Entry, ...]
    member: tuple[Entry, ...]

    def concerns(self, time: int) -> tuple[str, ...]:
        issuer, key = code_at(self.issuer, time), code_at(self.key_state, time)
        found = {
            "issuer.suspended": issuer == IssuerState.SUSPENDED,
            "issuer.not-active": issuer not in (IssuerState.ACTIVE, IssuerState.SUSPENDED),
            "issuer.not-accredited": code_at(self.accreditation, time) != 1,
            "issuer.accreditor-not-in-office": code_at(self.authority, time) != 1 or code_at(self.member, time) != 1,
            "issuer.key-retired": key == KeyState.RETIRED,
            "issuer.key-suspended": key == KeyState.SUSPENDED,
            "issuer.key-not-in-service": key not in (KeyState.ACTIVE, KeyState.RETIRED, KeyState.SUSPENDED),
            "issuer.key-compromised": any(entry.effective_from <= time for entry in self.compromises),
        }
        return tuple(code for code, true in found.items() if true)
