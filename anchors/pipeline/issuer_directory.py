"""What the pipeline asks about issuers: whose key it is, and whether it may issue this kind now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from anchors.pipeline.accreditation import (
    Link,
    codes_in_scope,
    link_concerns,
    read_links,
    scope_concerns,
)
from ledger import base64url, change_heads
from ledger.authority_codes import AuthorityChange
from ledger.authority_registry import AuthorityRegistry
from ledger.block import Block
from ledger.chain import Chain
from ledger.dated_list import Entries, code_at
from ledger.issuer_registry import IssuerKey, IssuerRegistry, KeyState
from ledger.issuer_state import IssuerChange
from ledger.jwk import PublicKey
from ledger.registry_names import AUTHORITIES, ISSUERS

_IN_OFFICE = (AuthorityChange.MEMBER, AuthorityChange.AUTHORITY)


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

    def outside(self, kid: str, kind: str, document: Mapping[str, Any], time: int) -> tuple[str, ...]:
        """Return the codes of what speaks against a whole document, as one within the scope of issuer and bodies.

        Raises Unavailable `chain.*`.
        """
        ...

    def scope(self, kid: str, kind: str, time: int) -> tuple[str, ...]:
        """Return the codes that the key's issuer is limited to for the kind; none if it is not limited.

        Raises Unavailable `chain.*`.
        """
        ...


class IssuerDirectory(Protocol):
    """The registries as they change."""

    def at_head(self) -> IssuerFacts:
        """Return the facts at the newest block. Raises Unavailable `chain.*`."""
        ...


class RegistryDirectory:
    """The directory that reads the registries on chain; what was read is kept until their change heads move."""

    def __init__(self, chain: Chain, issuers: IssuerRegistry, authorities: AuthorityRegistry) -> None:
        self._chain, self._issuers, self._authorities = chain, issuers, authorities
        self._facts: RegistryFacts | None = None

    def at_head(self) -> "RegistryFacts":
        """Return the facts at the newest block. Raises Unavailable `chain.*`."""
        head, facts = self._chain.head(), self._facts
        if facts is None or facts.head != head:
            # Two threads may do so for one block; either result will do.
            facts = self._facts = self._next(head, facts)
        return facts

    def _next(self, head: Block, before: "RegistryFacts | None") -> "RegistryFacts":
        facts = RegistryFacts(self._issuers, self._authorities, head, self._state(head))
        # Read by its number: a block that was replaced may have been taken for another.
        if before and before.state == facts.state and self._chain.block(before.head.number) == before.head:
            facts.take_over(before)
        return facts

    def _state(self, head: Block) -> bytes:
        issuers, authorities = self._issuers.contract, self._authorities.contract
        return change_heads.state(issuers, ISSUERS, IssuerChange, head.number) + change_heads.state(
            authorities, AUTHORITIES, _IN_OFFICE, head.number
        )


class RegistryFacts:
    """The registries at block `head`, where `state` names what they hold; each list is read once."""

    def __init__(self, issuers: IssuerRegistry, authorities: AuthorityRegistry, head: Block, state: bytes) -> None:
        self._issuers, self._authorities = issuers, authorities
        self.head, self.state = head, state
        # Two threads may read the same lists; they read the same block, so either result will do.
        self._read: dict[tuple[str, str], _Lists | None] = {}
        self._scopes: dict[tuple[str, str, str], Entries] = {}
        self._standings: dict[tuple[str, str], tuple[int, Standing]] = {}

    def take_over(self, before: "RegistryFacts") -> None:
        """Keep what was read at an earlier block of the same state.

        Only what is there: of what is not, whoever registers can name as much as there is memory.
        """
        self._read |= {place: lists for place, lists in before._read.copy().items() if lists}
        self._scopes |= {place: entries for place, entries in before._scopes.copy().items() if entries}

    def standing(self, kid: str, kind: str, time: int) -> Standing | None:
        """Return how the key stands for the kind at `time`, or at the head's if that is later; None: it is nobody's."""
        lists = self._kept(kid, kind)
        if lists is None:
            return None
        time = max(time, self.head.timestamp)
        kept = self._standings.get((kid, kind))
        if kept is None or kept[0] != time:
            kept = time, Standing(lists.key.issuer, lists.key.public_key, lists.concerns(time))
            self._standings[kid, kind] = kept
        return kept[1]

    def outside(self, kid: str, kind: str, document: Mapping[str, Any], time: int) -> tuple[str, ...]:
        """Return what speaks against a whole document's scope at `time`, or at the head's if that is later."""
        lists = self._kept(kid, kind)
        if lists is None:
            return ()

        def entries(link: str, code: str) -> Entries:
            return self._scope(link, kind, code)

        return scope_concerns(lists.links, kind, document, max(time, self.head.timestamp), entries)

    def scope(self, kid: str, kind: str, time: int) -> tuple[str, ...]:
        """Return the codes that the key's issuer is limited to at `time`, or at the head's if that is later."""
        lists = self._kept(kid, kind)
        if lists is None:
            return ()

        def codes(link: str) -> tuple[str, ...]:
            return self._issuers.scope(link, kind, self.head.number)

        def entries(link: str, code: str) -> Entries:
            return self._scope(link, kind, code)

        return codes_in_scope(lists.links, max(time, self.head.timestamp), codes, entries)

    def _kept(self, kid: str, kind: str) -> "_Lists | None":
        if (kid, kind) not in self._read:
            self._read[kid, kind] = self._lists(base64url.decode(kid), kind)
        return self._read[kid, kind]

    def _scope(self, issuer: str, kind: str, code: str) -> Entries:
        place = (issuer, kind, code)
        if place not in self._scopes:
            self._scopes[place] = self._issuers.scope_entries(issuer, kind, code, self.head.number)
        return self._scopes[place]

    def _lists(self, thumbprint: bytes, kind: str) -> "_Lists | None":
        at = self.head.number
        key = self._issuers.key(thumbprint, at)
        if key is None:
            return None
        links, top = read_links(self._issuers, key.issuer, kind, at)
        authority = self._authorities.authority(top, at) if links and top else None
        if authority is None:
            return None
        return _Lists(
            key=key,
            links=links,
            key_state=self._issuers.key_entries(thumbprint, at),
            compromises=self._issuers.compromise_entries(thumbprint, at),
            authority=self._authorities.authority_entries(authority.id, at),
            member=self._authorities.member_entries(authority.country, at),
        )


@dataclass(frozen=True)
class _Lists:
    key: IssuerKey
    links: tuple[Link, ...]
    key_state: Entries
    compromises: Entries
    authority: Entries
    member: Entries

    def concerns(self, time: int) -> tuple[str, ...]:
        key = code_at(self.key_state, time)
        found = link_concerns(self.links, time) | {
            "issuer.accreditor-not-in-office": code_at(self.authority, time) != 1 or code_at(self.member, time) != 1,
            "issuer.key-retired": key == KeyState.RETIRED,
            "issuer.key-suspended": key == KeyState.SUSPENDED,
            "issuer.key-not-in-service": key not in (KeyState.ACTIVE, KeyState.RETIRED, KeyState.SUSPENDED),
            "issuer.key-compromised": any(entry.effective_from <= time for entry in self.compromises),
        }
        return tuple(code for code, true in found.items() if true)
