"""What a pack is made of, read through a node that need not be believed: every list is checked by its hash."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from anchors.hour_root import Triple, hour_of, hour_root
from contracts.keccak import keccak
from ledger.block import Block
from ledger.chain import Chain, encode_abi
from ledger.change_chain import check_complete
from ledger.change_head import EMPTY, ChangeHead
from ledger.change_kind import KINDS as EVERY_KIND
from ledger.change_kind import ChangeKind
from ledger.contract import Contract
from ledger.document_registry import Anchored
from ledger.errors import Invalid, Refused, Unavailable
from ledger.jwk import PublicKey
from ledger.registries import Registries
from ledger.registry_change import RegistryChange
from ledger.registry_changes import RegistryChanges
from verifier.pack.content import Content, Hours, offers, thumbprints
from verifier.pack.kinds import KINDS

_HOUR = 3_600
_SPAN = 2_048
_TERMS = ("bytes32", "bytes32", "bytes2", "bytes2", "uint32", "uint64", "uint64")
_PACKED: Sequence[ChangeKind] = [kind for kind in EVERY_KIND if kind.name in KINDS]
[_ANCHORING] = [kind for kind in EVERY_KIND if kind.name == "document-registry.anchoring"]


class Source(Protocol):
    """Where a pack's content comes from. Every method raises Unavailable `chain.*`."""

    def after(self, held: Content, held_block: int | None, block: Block) -> Content:
        """Return what was added to the registries after `held_block`, as of which `held` is all; no hours."""
        ...

    def hours(self, since: int, until: int, block: Block) -> Hours:
        """Return the hours [since, until) that have anchorings, as of a block that is later than all of them."""
        ...


@dataclass(frozen=True)
class PackSource:
    """first: the first block that has any change. Every method raises Unavailable `chain.*`.

    `chain.answer` where the node's events do not lead to the running hashes that it states.
    """

    chain: Chain
    registries: Registries
    first: int

    def after(self, held: Content, held_block: int | None, block: Block) -> Content:
        """Return what was added to the registries after `held_block`, as of which `held` is all; no hours."""
        changes = self._changes(self.first if held_block is None else held_block + 1, block, held.heads())
        known, agreed = thumbprints(held.changes), offers(held.changes)
        new = [one for one in thumbprints(changes) if one not in known]
        return Content(
            changes=changes,
            keys=tuple(key for one in new if (key := self._key(one, block.number))),
            terms=tuple(self._terms(offer, block.number) for offer in offers(changes) if offer not in agreed),
        )

    def hours(self, since: int, until: int, block: Block) -> Hours:
        """Return the hours [since, until) that have anchorings, as of a block that is later than all of them."""
        found: defaultdict[int, list[Triple]] = defaultdict(list)
        for one in self._anchored(self._first_block_from(since * _HOUR, block), block):
            if since <= (hour := hour_of(one.anchored_at)) < until:
                found[hour].append(Triple(one.root, one.size, one.anchored_at))
        return {hour: hour_root(batches) for hour, batches in sorted(found.items())}

    @cached_property
    def _contracts(self) -> Mapping[str, Contract]:
        return self.registries.contracts()

    def _changes(self, first: int, block: Block, held: Mapping[str, ChangeHead]) -> dict[str, list[bytes]]:
        found: defaultdict[str, list[RegistryChange]] = defaultdict(list)
        for change in self._between(first, block.number, _PACKED):
            found[change.kind.name].append(change)
        for kind in _PACKED:
            self._check(kind, found[kind.name], held[kind.name], block)
        return {name: [one.encoded for one in found[name]] for name in KINDS}

    def _anchored(self, first: int, block: Block) -> list[Anchored]:
        changes = list(self._between(first, block.number, [_ANCHORING]))
        contract = self._contracts[_ANCHORING.contract]
        before = contract.read_changes(_ANCHORING.change, first - 1) if first > self.first else EMPTY
        self._check(_ANCHORING, changes, before, block)
        return self.registries.document.anchored(first, block.number) if changes else []

    def _between(self, first: int, last: int, kinds: Sequence[ChangeKind]) -> Iterator[RegistryChange]:
        reader = RegistryChanges(self.chain, self._contracts)
        for begin in range(first, last + 1, _SPAN):
            yield from reader.between(begin, min(begin + _SPAN - 1, last), kinds)

    def _check(self, kind: ChangeKind, changes: Collection[RegistryChange], before: ChangeHead, block: Block) -> None:
        stated = self._contracts[kind.contract].read_changes(kind.change, block.number)
        with _complete(kind):
            check_complete(list(changes), stated, since=before)

    def _key(self, thumbprint: bytes, at: int) -> PublicKey | None:
        """Return the key; None for one that was registered wrongly, which no signature can fit."""
        try:
            document = self.registries.issuer.key(thumbprint, at)
            service = None if document else self.registries.authority.service_key(thumbprint, at)
        except Refused as error:
            if error.code != "registry.key":
                raise
            return None
        return document.public_key if document else service.public_key if service else None

    def _terms(self, offer: bytes, at: int) -> bytes:
        terms = self.registries.recognition.offer_terms(offer, at)
        encoded = encode_abi(_TERMS, terms.fields()) if terms else b""
        if keccak(encoded) != offer:
            raise _incomplete("the terms of an offer")
        return encoded

    def _first_block_from(self, time: int, block: Block) -> int:
        """Return the number of the first block that is not before a time."""
        low, high = self.first, block.number
        while low < high:
            middle = (low + high) // 2
            found = self.chain.block(middle)
            if found is None:
                raise _incomplete(f"the block {middle}")
            low, high = (low, middle) if found.timestamp >= time else (middle + 1, high)
        return low


@contextmanager
def _complete(kind: ChangeKind) -> Iterator[None]:
    try:
        yield
    except Invalid as error:
        raise _incomplete(f"a change of the kind {kind.name} ({error.code})") from None


def _incomplete(what: str) -> Unavailable:
    return Unavailable(
        "chain.answer", f"the node leaves out {what}", mend="ask another node; this one may be catching up"
    )
