"""The table of the design's rule 3, one event at a time: what counts is the anchor's block."""

from collections.abc import Callable

import pytest

from ledger.issuer_registry import IssuerState, KeyState
from tests.verifier.world import AUTHORITY, BILL, COUNTRY, ISSUER, START, World, bill, codes
from verifier.axes import Authentic

ANCHORED = START + 50

Event = Callable[[World], None]

ENDS: dict[str, tuple[Event, str]] = {
    "key retired": (lambda world: world.change_key(KeyState.RETIRED), "issuer.key-retired"),
    "key suspended": (lambda world: world.change_key(KeyState.SUSPENDED), "issuer.key-suspended"),
    "key compromised": (lambda world: world.compromise(), "issuer.key-compromised"),
    "issuer suspended": (lambda world: world.record("issuer", ISSUER, code=IssuerState.SUSPENDED), "issuer.suspended"),
    "accreditation ended": (
        lambda world: world.record("accreditation", ISSUER, BILL, code=0),
        "issuer.accreditation-not-in-force",
    ),
    "authority left": (lambda world: world.record("authority", AUTHORITY, code=0), "issuer.authority-not-in-office"),
    "member left": (lambda world: world.record("member", COUNTRY, code=0), "issuer.country-not-member"),
}

BEGINNINGS: dict[str, tuple[Event, str]] = {
    "key added": (lambda world: world.add_key(), "issuer.key-not-in-force"),
    "accredited": (lambda world: world.accredit(), "issuer.accreditation-not-in-force"),
}


@pytest.mark.parametrize("event", ENDS)
@pytest.mark.parametrize("offset", [-20, -1, 0, 1, 20])
def test_what_ended_before_or_in_the_anchors_block_does_not_count(event: str, offset: int) -> None:
    world = World()
    happen, code = ENDS[event]
    run(world, {ANCHORED: lambda world: world.anchor(bill())}, {ANCHORED + offset: happen})
    verdict = world.verify(bill())
    assert verdict.authentic is (Authentic.VALID if offset > 0 else Authentic.INVALID)
    assert (code in codes(verdict)) is (offset <= 0)


@pytest.mark.parametrize("event", BEGINNINGS)
@pytest.mark.parametrize("offset", [-20, -1, 0, 1, 20])
def test_what_began_after_the_anchor_does_not_count(event: str, offset: int) -> None:
    world = World(with_issuer=False)
    world.admit()
    happen, code = BEGINNINGS[event]
    others = [other for name, (other, _) in BEGINNINGS.items() if name != event]
    run(world, *({START + 1: other} for other in others), {ANCHORED: anchor}, {ANCHORED + offset: happen})
    verdict = world.verify(bill())
    assert verdict.authentic is (Authentic.VALID if offset <= 0 else Authentic.INVALID)
    assert (code in codes(verdict)) is (offset > 0)


@pytest.mark.parametrize("list_name", ["key", "accreditation"])
def test_a_term_ends_by_itself_at_its_last_second(list_name: str) -> None:
    for until, expected in ((ANCHORED, Authentic.INVALID), (ANCHORED + 1, Authentic.VALID)):
        world = World(with_issuer=False)
        world.admit()
        world.accredit(until=until if list_name == "accreditation" else 0)
        world.add_key(until=until if list_name == "key" else 0)
        run(world, {ANCHORED: anchor})
        assert world.verify(bill()).authentic is expected


@pytest.mark.parametrize("event", ["key suspended", "issuer suspended"])
def test_a_suspension_ends_with_reinstatement(event: str) -> None:
    reinstate: dict[str, Event] = {
        "key suspended": lambda world: world.change_key(KeyState.ACTIVE),
        "issuer suspended": lambda world: world.record("issuer", ISSUER, code=IssuerState.ACTIVE),
    }
    world = World()
    run(world, {ANCHORED - 20: ENDS[event][0]}, {ANCHORED - 10: reinstate[event]}, {ANCHORED: anchor})
    assert world.verify(bill()).authentic is Authentic.VALID


def test_a_compromise_that_moves_earlier_reaches_what_was_anchored_since() -> None:
    world = World()
    run(world, {ANCHORED: anchor}, {ANCHORED + 10: lambda world: world.compromise(since=ANCHORED + 5)})
    assert world.verify(bill()).authentic is Authentic.VALID
    world.compromise(since=ANCHORED - 5)
    assert world.verify(bill()).authentic is Authentic.INVALID


def test_a_key_cannot_be_reinstated_over_a_compromise() -> None:
    world = World()
    run(world, {ANCHORED - 5: lambda world: world.compromise()}, {ANCHORED: anchor})
    world.change_key(KeyState.ACTIVE)
    assert world.verify(bill()).authentic is Authentic.INVALID


def anchor(world: World) -> None:
    world.anchor(bill())


def run(world: World, *steps: dict[int, Event]) -> None:
    """Let each thing happen at its time, then let ten seconds go by; time never runs back for what is recorded."""
    for time, happen in sorted((item for step in steps for item in step.items()), key=lambda item: item[0]):
        world.now = time
        happen(world)
    world.now += 10
