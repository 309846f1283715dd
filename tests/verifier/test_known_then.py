"""As known then; lists of a newer contract; and an anchor's time that is not the document's own."""

import dataclasses

import pytest

from ledger.dated_list import Entry
from ledger.document_registry import Status
from ledger.issuer_registry import KeyState
from tests.verifier.world import AUTHORITY, BILL, COUNTRY, ISSUER, START, World, bill, codes, key_named, outcome
from verifier.axes import Authentic, Usable

KEY = key_named("first").public_key.thumbprint
LISTS = [
    ("key", KEY),
    ("issuer", ISSUER),
    ("accreditation", ISSUER, BILL),
    ("authority", AUTHORITY),
    ("member", COUNTRY),
]


@pytest.fixture
def world() -> World:
    world = World()
    world.now += 10
    world.anchor(bill())
    world.now += 90
    return world


def test_a_revocation_that_was_not_known_yet(world: World) -> None:
    world.set_status(bill(), Status.REVOKED)
    assert world.verify(bill(), known_at=world.now - 1).usable is Usable.ACTIVE
    assert world.verify(bill(), known_at=world.now).usable is Usable.REVOKED


@pytest.mark.parametrize("place", LISTS)
def test_an_entry_that_was_made_for_the_past(world: World, place: tuple[object, ...]) -> None:
    """The contracts take none but *compromised since*; whoever reads lists by another way must not differ."""
    world.lists[place].append(Entry(0, 0, START, 0, world.now))
    assert world.verify(bill()).authentic is Authentic.INVALID
    assert world.verify(bill(), known_at=world.now - 1).authentic is Authentic.VALID


@pytest.mark.parametrize("place", LISTS)
def test_a_code_of_a_newer_contract_is_not_held_against_the_document(world: World, place: tuple[object, ...]) -> None:
    world.lists[place].append(Entry(99, 0, START, 0, START))
    verdict = world.verify(bill())
    assert verdict.authentic is Authentic.INDETERMINATE
    assert outcome(verdict, "issuer.unreadable") == "unknown"


def test_a_status_of_a_newer_contract_is_unknown(world: World) -> None:
    world.record("status", ISSUER, bill().digest, code=99)
    verdict = world.verify(bill())
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.UNKNOWN)
    assert "status.unreadable" in codes(verdict)
    world.set_status(bill(), Status.REVOKED)
    assert world.verify(bill()).usable is Usable.REVOKED


def test_superseded_then_revoked_then_nothing_takes_it_back(world: World) -> None:
    for status in (Status.SUPERSEDED, Status.REVOKED, Status.SUSPENDED, Status.REINSTATED):
        world.set_status(bill(), status)
        world.now += 1
    assert world.verify(bill()).usable is Usable.REVOKED


@pytest.mark.parametrize("field", ["path", "batch"])
def test_the_time_of_an_anchor_that_is_not_its_own_is_not_held_against_it(field: str) -> None:
    """The archive mixes up two batches; the other one was anchored while the key was suspended."""
    world = World()
    world.change_key(KeyState.SUSPENDED)
    other = world.anchor(bill(iat=START + 1))
    world.now += 10
    world.change_key(KeyState.ACTIVE)
    world.now += 10
    own = world.anchor(bill())
    assert world.verify(bill()).authentic is Authentic.VALID
    mixed = other if field == "path" else dataclasses.replace(own, batch=other.batch)
    world.records[bill().digest] = mixed
    verdict = world.verify(bill())
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
    assert "anchoring.path-wrong" in codes(verdict)
    assert "issuer.not-anchored" in codes(verdict)
