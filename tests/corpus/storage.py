"""A world's facts as the words of the registries' storage, at the slots at which the contracts keep them."""

import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ledger import account_slots, document_slots, issuer_slots, registry_slots
from ledger.address import address_bytes
from ledger.dated_list import Entry
from ledger.identifier import to_bytes32
from ledger.registered_key import key_fields
from ledger.registry_slots import Fact
from tests.verifier.world import World

Words = dict[str, dict[int, bytes]]
"""By contract and slot."""

_ENTRY = struct.Struct(">QQQII")
LISTS: Mapping[str, Callable[..., Fact]] = {
    "member": registry_slots.member,
    "authority": registry_slots.office,
    "account": account_slots.account_entries,
    "issuer": issuer_slots.state,
    "hold": issuer_slots.holds,
    "body": issuer_slots.body,
    "accreditation": issuer_slots.accreditation,
    "scope": issuer_slots.scope,
    "key": issuer_slots.key_state,
    "compromise": issuer_slots.compromises,
    "status": document_slots.statuses,
}


def words_of(world: World) -> Words:
    """Return what stands in storage now; recognitions and operators, of which *authentic* says nothing, left out."""
    words: Words = defaultdict(dict)
    for fact, elements in _lists(world):
        for place, word in zip(fact.whole(len(elements)), [_number(len(elements)), *elements], strict=True):
            words[place.contract][fact.slot if place.path == fact.path else place.slot] = word
    for fact, word in _single(world):
        if any(word):
            words[fact.contract][fact.slot] = word
    return words


def _lists(world: World) -> Iterable[tuple[Fact, Sequence[bytes]]]:
    for (name, *place), entries in list(world.lists.items()):
        if name in LISTS and entries:
            yield LISTS[name](*place), [_word(entry) for entry in entries]
    of_issuer: dict[str, list[bytes]] = defaultdict(list)
    for thumbprint, (issuer, _) in world.keys.items():
        of_issuer[issuer].append(thumbprint)
    for issuer, thumbprints in of_issuer.items():
        yield issuer_slots.keys(issuer), thumbprints


def _single(world: World) -> Iterable[tuple[Fact, bytes]]:
    for address, (authority, role) in world.accounts.items():
        yield from zip(account_slots.account(address), [to_bytes32(authority), _number(role)], strict=True)
    for authority, country in world.countries.items():
        yield registry_slots.authority(authority), country.encode("ascii").rjust(32, b"\0")
    for issuer, accreditor in world.accreditors.items():
        yield issuer_slots.accreditor(issuer), to_bytes32(accreditor)
        yield issuer_slots.authority(issuer), to_bytes32(world.top(issuer))
    for thumbprint, (issuer, key) in world.keys.items():
        _, algorithm, x, y = key_fields(key)
        yield from zip(issuer_slots.key(thumbprint), [to_bytes32(issuer), x, y, _number(algorithm)], strict=True)
    for batch, found in world.anchorings.items():
        yield document_slots.anchoring(*batch), found.anchored_at.to_bytes(12) + address_bytes(found.account)
    for (issuer, digest), successor in world.successors.items():
        yield document_slots.successor(issuer, digest), successor


def _word(entry: Entry) -> bytes:
    fields: Any = (entry.recorded_at, entry.effective_until, entry.effective_from, entry.detail, entry.code)
    return _ENTRY.pack(*fields)


def _number(value: int) -> bytes:
    return value.to_bytes(32)
