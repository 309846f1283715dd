"""The sixth must of the design's section 7, and the sentences after the list."""

import dataclasses

import pytest

from ledger.block import Block
from ledger.document_registry import Status
from ledger.envelope import issue, withhold
from ledger.issuer_registry import IssuerState
from ledger.kinds import kind as kind_named
from tests.verifier.world import AEO, BILL, ISSUER, START, World, bill, codes, document, key_named, outcome
from verifier.axes import Authentic, Usable


@pytest.fixture
def world() -> World:
    """A bill is anchored ten seconds after the issuer was entered, and a minute has gone by since."""
    world = World()
    world.now += 10
    world.anchor(bill())
    world.now += 60
    return world


# --- 6. usable is stated as of a block time


@pytest.mark.parametrize(("age", "usable"), [(300, Usable.ACTIVE), (301, Usable.UNKNOWN)])
def test_must_6_older_than_the_policys_freshness_is_unknown_and_never_active(
    world: World, age: int, usable: Usable
) -> None:
    verdict = world.verify(bill(), clock=world.now + age)
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, usable)


def test_must_6_freshness_is_that_of_the_kind(world: World) -> None:
    credential = issue(document(AEO), kind_named(AEO), ISSUER, key_named("first"), iat=START, expires=START + 10**6)
    world.accredit(kind=AEO)
    world.anchor(credential)
    assert world.verify(credential, clock=world.now + 3600).usable is Usable.ACTIVE
    assert world.verify(credential, clock=world.now + 3601).usable is Usable.UNKNOWN


def test_must_6_a_clock_set_back_does_not_make_an_old_block_new(world: World) -> None:
    old: Block = world.head()
    world.now += 301
    assert world.verify(bill()).usable is Usable.ACTIVE
    world.head = lambda: old  # type: ignore[method-assign]
    assert world.verify(bill(), clock=old.timestamp).usable is Usable.UNKNOWN


def test_must_6_a_time_that_has_not_come_is_unknown(world: World) -> None:
    verdict = world.verify(bill(), at=world.now + 301)
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.UNKNOWN)
    assert "freshness.future" in codes(verdict)


def test_must_6_stale_and_revoked_is_still_revoked(world: World) -> None:
    world.set_status(bill(), Status.REVOKED)
    assert world.verify(bill(), clock=world.now + 10**6).usable is Usable.REVOKED


# --- the sentences after the list


def test_with_the_envelope_presented_custody_only_warns(world: World) -> None:
    world.records[bill().digest] = dataclasses.replace(world.records[bill().digest], payload_cid=None)
    verdict = world.verify(bill())
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert outcome(verdict, "custody.none") == "warn"


def test_withholding_alone_never_changes_authentic(world: World) -> None:
    kind = kind_named(BILL)
    groups = [group for group in kind.groups if group.strip("/") in document(BILL)]
    verdict = world.verify(withhold(bill(), groups))
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert outcome(verdict, "form.withheld") == "warn"


def test_a_digest_alone_is_never_invalid() -> None:
    """Who issued it is the archive's word only; the same facts with the document are INVALID."""
    world = World()
    world.record("issuer", ISSUER, code=IssuerState.SUSPENDED)
    world.anchor(bill())
    assert world.verify(bill()).authentic is Authentic.INVALID
    verdict = world.verify(bill().digest)
    assert outcome(verdict, "issuer.suspended") == "fail"
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)


def test_an_issuer_suspended_at_the_anchor_is_invalid_and_later_is_not(world: World) -> None:
    world.record("issuer", ISSUER, code=IssuerState.SUSPENDED)
    assert world.verify(bill()).authentic is Authentic.VALID
    again = bill(iat=START + 1)
    world.anchor(again)
    assert world.verify(again).authentic is Authentic.INVALID
