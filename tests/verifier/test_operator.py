"""The operator of an AEO credential, as its customs lists it at the time asked about."""

from collections.abc import Callable
from typing import Any

import pytest

from ledger.envelope import Envelope, issue
from ledger.errors import Unavailable
from ledger.kinds import kind as kind_named
from tests.verifier.world import (
    AEO,
    AUTHORITY,
    COUNTRY,
    ISSUER,
    START,
    World,
    bill,
    codes,
    document,
    key_named,
    outcome,
)
from verifier.axes import Authentic, Usable

CODE = document(AEO)["operator"]["code"]
PLACE, SUSPENSION = ("operator", AUTHORITY, CODE), ("operator suspension", AUTHORITY, CODE)
EXPORTER, TIER_2 = 1, 2 << 24


@pytest.fixture
def envelope() -> Envelope:
    return issue(document(AEO), kind_named(AEO), ISSUER, key_named("first"), iat=START)


@pytest.fixture
def world(envelope: Envelope) -> World:
    """A credential that is anchored, and nothing in customs' list yet."""
    world = World()
    world.accredit(kind=AEO)
    world.now += 10
    world.anchor(envelope)
    world.now += 10
    return world


def test_a_credential_whose_operator_is_listed_is_active(world: World, envelope: Envelope) -> None:
    world.record(*PLACE, code=1, reason=TIER_2 | EXPORTER)
    verdict = world.verify(envelope)
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    facts = next(finding.facts for finding in verdict.findings if finding.code == "operator.authorized")
    assert (facts["operator"], facts["authority"], facts["tier"], facts["roles"]) == (CODE, AUTHORITY, 2, ["exporter"])


def test_an_operator_that_customs_has_not_entered_is_worth_a_warning_only(world: World, envelope: Envelope) -> None:
    verdict = world.verify(envelope)
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert outcome(verdict, "operator.not-registered") == "warn"


Event = Callable[[World], None]
NOT_USABLE: dict[str, tuple[Event, Usable, str]] = {
    "suspended": (lambda world: world.record(*SUSPENSION, code=1, reason=4), Usable.SUSPENDED, "operator.suspended"),
    "ended": (lambda world: world.record(*PLACE, code=0), Usable.REVOKED, "operator.withdrawn"),
    "customs left": (
        lambda world: world.record("authority", AUTHORITY, code=0),
        Usable.EXPIRED,
        "operator.authority-left",
    ),
    "country left": (lambda world: world.record("member", COUNTRY, code=0), Usable.EXPIRED, "operator.authority-left"),
}


@pytest.mark.parametrize("name", NOT_USABLE)
def test_from_the_second_of_the_change_on_and_never_in_doubt_of_authenticity(
    world: World, envelope: Envelope, name: str
) -> None:
    happen, usable, code = NOT_USABLE[name]
    world.record(*PLACE, code=1)
    world.now += 10
    happen(world)
    for at, expected in ((world.now - 1, Usable.ACTIVE), (world.now, usable), (world.now + 1, usable)):
        verdict = world.verify(envelope, at=at)
        assert (verdict.authentic, verdict.usable) == (Authentic.VALID, expected)
    assert outcome(world.verify(envelope), code) == "fail"
    assert world.verify(envelope, known_at=world.now - 1).usable is Usable.ACTIVE


def test_a_term_that_is_over_or_has_not_begun(world: World, envelope: Envelope) -> None:
    world.record(*PLACE, code=1, since=world.now + 10, until=world.now + 20)
    asked = {world.now: Usable.PENDING, world.now + 10: Usable.ACTIVE, world.now + 20: Usable.EXPIRED}
    world.now += 30
    assert {at: world.verify(envelope, at=at).usable for at in asked} == asked
    assert "operator.term-over" in codes(world.verify(envelope))


def test_reinstated_and_granted_again(world: World, envelope: Envelope) -> None:
    world.record(*PLACE, code=1)
    for place, code, expected in (
        (SUSPENSION, 1, Usable.SUSPENDED),
        (SUSPENSION, 0, Usable.ACTIVE),
        (PLACE, 0, Usable.REVOKED),
        (PLACE, 1, Usable.ACTIVE),
    ):
        world.now += 1
        world.record(*place, code=code)
        assert world.verify(envelope).usable is expected


@pytest.mark.parametrize("place", [("operator", "sg.customs", CODE), ("operator", AUTHORITY, CODE + "X")])
def test_another_customs_or_another_operator_does_not_matter(
    world: World, envelope: Envelope, place: tuple[str, ...]
) -> None:
    world.record(*place, code=1)
    world.now += 1
    world.record(*place, code=0)
    assert world.verify(envelope).usable is Usable.ACTIVE


def test_a_list_that_cannot_be_read_is_unknown(world: World, envelope: Envelope) -> None:
    def broken(*_: object) -> Any:
        raise Unavailable("chain.timeout", "no answer")

    world.operator = broken  # type: ignore[method-assign]
    verdict = world.verify(envelope)
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.UNKNOWN)
    assert outcome(verdict, "operator.unreadable") == "unknown"


def test_a_code_of_a_newer_contract_is_unknown(world: World, envelope: Envelope) -> None:
    world.record(*PLACE, code=9)
    assert world.verify(envelope).usable is Usable.UNKNOWN


def test_a_digest_alone_does_not_tell_the_operator(world: World, envelope: Envelope) -> None:
    verdict = world.verify(envelope.digest)
    assert outcome(verdict, "operator.not-presented") == "unknown"


def test_other_kinds_are_not_asked_about(world: World) -> None:
    world.anchor(bill())
    assert outcome(world.verify(bill()), "operator.not-applicable") == "skipped"
