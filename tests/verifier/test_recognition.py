"""The relying country: recognition at the anchor for what was done, at the time asked about for how somebody stands."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.document_registry import Status
from ledger.envelope import Envelope, issue
from ledger.errors import Unavailable
from ledger.kinds import kind as kind_named
from ledger.recognition import Direction
from ledger.trade_role import TradeRole
from tests.verifier.world import AEO, BILL, CERTIFICATE, ISSUER, START, World, codes, document, key_named, outcome
from verifier.axes import Authentic, Usable
from verifier.verdict import Verdict

ANCHORED = START + 50
PROGRAMMES = {AEO: "aeo", CERTIFICATE: "origin", BILL: "ebl"}
Event = Callable[[World], None]


def direction(kind: str, recogniser: str = "SG", recognised: str = "CN") -> Direction:
    return Direction(PROGRAMMES[kind], recogniser, recognised)


def of_kind(kind: str, **members: Any) -> Envelope:
    return issue(document(kind) | members, kind_named(kind), ISSUER, key_named("first"), iat=START)


def world_for(kind: str) -> World:
    world = World()
    world.accredit(kind=kind)
    world.sign("SG", "CN")
    return world


def run(world: World, *steps: tuple[int, Event]) -> None:
    for time, happen in sorted(steps, key=lambda step: step[0]):
        world.now = time
        happen(world)
    world.now = max(world.now, ANCHORED) + 30


def agree(kind: str, **terms: int) -> Event:
    return lambda world: world.agree(direction(kind), **terms)


def end(kind: str) -> Event:
    return lambda world: world.end_recognition(direction(kind))


def suspend(kind: str, by: str = "SG", code: int = 1) -> Event:
    return lambda world: world.record("recognition suspension", direction(kind), by, code=code, reason=7)


def leave(country: str) -> Event:
    return lambda world: world.record("party", country, code=0)


def anchor(envelope: Envelope) -> tuple[int, Event]:
    return ANCHORED, lambda world: (world.anchor(envelope), None)[1]


def facts_of(verdict: Verdict) -> dict[str, Any]:
    return next(dict(finding.facts) for finding in verdict.findings if finding.check == "recognition")


@pytest.mark.parametrize("kind", PROGRAMMES)
def test_a_recognised_document_is_active(kind: str) -> None:
    world, envelope = world_for(kind), of_kind(kind)
    run(world, (START + 5, agree(kind)), anchor(envelope))
    verdict = world.verify(envelope, relying_country="SG")
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert outcome(verdict, "recognition.in-effect") == "pass"
    facts = facts_of(verdict)
    assert (facts["programme"], facts["issuing_country"], facts["since"]) == (PROGRAMMES[kind], "CN", START + 5)


@pytest.mark.parametrize("kind", PROGRAMMES)
def test_at_home_none_is_needed(kind: str) -> None:
    world, envelope = world_for(kind), of_kind(kind)
    run(world, anchor(envelope))
    verdict = world.verify(envelope, relying_country="CN")
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert outcome(verdict, "recognition.domestic") == "pass"


NO: dict[str, tuple[list[Event], str]] = {
    "nothing": ([leave("SG")], "recognition.not-agreed"),
    "signed": ([], "recognition.signed-not-in-effect"),
    "agreed for later": ([agree(AEO, since=ANCHORED + 10**6)], "recognition.not-yet"),
    "suspended by who relies": ([agree(AEO), suspend(AEO)], "recognition.suspended"),
    "suspended by who is recognised": ([agree(AEO), suspend(AEO, "CN")], "recognition.suspended"),
    "ended": ([agree(AEO), end(AEO)], "recognition.ended"),
    "its term is over": ([agree(AEO, until=START + 20)], "recognition.ended"),
    "left the arrangement": ([agree(AEO), leave("SG")], "recognition.left"),
    "left the consortium": (
        [
            lambda world: world.record("member", "SG", code=1),
            agree(AEO),
            lambda world: world.record("member", "SG", code=0),
        ],
        "recognition.left",
    ),
    "the other direction": (
        [lambda world: world.agree(direction(AEO, "CN", "SG"))],
        "recognition.signed-not-in-effect",
    ),
    "another programme": ([agree(BILL)], "recognition.signed-not-in-effect"),
    "another role": ([agree(AEO, roles=TradeRole.IMPORTER)], "recognition.role-not-covered"),
}


@pytest.mark.parametrize("name", NO)
def test_each_no_has_its_reason(name: str) -> None:
    events, code = NO[name]
    world, envelope = world_for(AEO), of_kind(AEO)
    run(world, *[(START + 5 + place, happen) for place, happen in enumerate(events)], anchor(envelope))
    verdict = world.verify(envelope, relying_country="SG")
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.NOT_RECOGNISED)
    assert outcome(verdict, code) == "fail"
    assert world.verify(envelope).usable is Usable.ACTIVE


def test_a_suspension_tells_by_whom_and_why_and_its_end_ends_it() -> None:
    world, envelope = world_for(AEO), of_kind(AEO)
    run(world, (START + 1, agree(AEO)), (START + 2, suspend(AEO, "CN")), anchor(envelope))
    facts = facts_of(world.verify(envelope, relying_country="SG"))
    assert (facts["by"], facts["reason"], facts["since"]) == (["CN"], 7, START + 2)
    suspend(AEO, "CN", code=0)(world)
    assert world.verify(envelope, relying_country="SG").usable is Usable.ACTIVE
    assert world.verify(envelope, relying_country="SG", at=world.now - 1).usable is Usable.NOT_RECOGNISED


EVENTS: dict[str, Callable[[str], Event]] = {
    "ended": end,
    "suspended": suspend,
    "left": lambda kind: leave("SG"),
}


@pytest.mark.parametrize("kind", PROGRAMMES)
@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("offset", [-20, -1, 0, 1, 20])
def test_a_no_after_the_anchor_counts_for_a_credential_only(kind: str, name: str, offset: int) -> None:
    world, envelope = world_for(kind), of_kind(kind)
    run(world, (START + 5, agree(kind)), anchor(envelope), (ANCHORED + offset, EVENTS[name](kind)))
    recognised = offset > 0 and kind != AEO
    verdict = world.verify(envelope, relying_country="SG")
    assert verdict.usable is (Usable.ACTIVE if recognised else Usable.NOT_RECOGNISED)
    assert verdict.authentic is Authentic.VALID
    before = world.verify(envelope, relying_country="SG", at=ANCHORED)
    assert before.usable is (Usable.ACTIVE if offset > 0 else Usable.NOT_RECOGNISED)


@pytest.mark.parametrize("kind", PROGRAMMES)
@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_a_recognition_that_begins_around_the_anchor(kind: str, offset: int) -> None:
    world, envelope = world_for(kind), of_kind(kind)
    run(world, anchor(envelope), (ANCHORED + offset, agree(kind)))
    recognised = offset <= 0 or kind == AEO
    verdict = world.verify(envelope, relying_country="SG")
    assert verdict.usable is (Usable.ACTIVE if recognised else Usable.NOT_RECOGNISED)


def test_what_was_agreed_for_the_past_counts_as_known_now_and_not_as_known_then() -> None:
    world, envelope = world_for(BILL), of_kind(BILL)
    run(world, anchor(envelope), (ANCHORED + 20, agree(BILL, since=START)))
    assert world.verify(envelope, relying_country="SG").usable is Usable.ACTIVE
    then = world.verify(envelope, relying_country="SG", at=ANCHORED + 10, known_at=ANCHORED + 10)
    assert then.usable is Usable.NOT_RECOGNISED


def test_nothing_follows_from_other_directions() -> None:
    """CN-SG and SG-MY give no CN-MY."""
    world, envelope = world_for(AEO), of_kind(AEO)
    world.sign("MY")
    for one in (("SG", "CN"), ("CN", "SG"), ("MY", "SG"), ("SG", "MY")):
        world.agree(direction(AEO, *one))
    run(world, anchor(envelope))
    assert world.verify(envelope, relying_country="SG").usable is Usable.ACTIVE
    assert world.verify(envelope, relying_country="MY").usable is Usable.NOT_RECOGNISED


# --- roles


def test_roles_are_those_that_customs_entered_and_else_those_stated() -> None:
    world, envelope = world_for(AEO), of_kind(AEO)
    world.agree(direction(AEO), roles=TradeRole.MANUFACTURER | TradeRole.CARRIER)
    run(world, anchor(envelope))
    verdict = world.verify(envelope, relying_country="SG")
    assert verdict.usable is Usable.ACTIVE
    assert facts_of(verdict)["operator_roles"] == ["exporter", "manufacturer"]
    code = document(AEO)["operator"]["code"]
    world.record("operator", "cn.maritime", code, code=1, reason=int(TradeRole.EXPORTER))
    verdict = world.verify(envelope, relying_country="SG")
    assert verdict.usable is Usable.NOT_RECOGNISED
    assert "recognition.role-not-covered" in codes(verdict)


def test_a_role_that_no_registry_counts_is_not_covered() -> None:
    world, envelope = world_for(AEO), of_kind(AEO, roles=["distributor"])
    world.agree(direction(AEO), roles=TradeRole.EXPORTER)
    run(world, anchor(envelope))
    assert "recognition.role-not-covered" in codes(world.verify(envelope, relying_country="SG"))


def test_the_roles_of_a_credential_that_is_not_shown_are_unknown() -> None:
    world, envelope = world_for(AEO), of_kind(AEO)
    world.agree(direction(AEO), roles=TradeRole.EXPORTER)
    run(world, anchor(envelope))
    verdict = world.verify(envelope.digest, relying_country="SG")
    assert verdict.usable is Usable.UNKNOWN
    assert outcome(verdict, "recognition.role-unknown") == "unknown"


# --- faults


@pytest.mark.parametrize("port", ["recognition", "authority", "issuer", "head", "anchoring", "finality", "find"])
@pytest.mark.parametrize("kind", PROGRAMMES)
def test_a_fault_is_never_a_no(port: str, kind: str) -> None:
    world, envelope = world_for(kind), of_kind(kind)
    world.agree(direction(kind))
    run(world, anchor(envelope))

    def broken(*_: object) -> Any:
        raise Unavailable("chain.timeout", "no answer")

    setattr(world, port, broken)
    verdict = world.verify(envelope, relying_country="SG")
    assert verdict.authentic is not Authentic.INVALID
    assert verdict.usable is Usable.UNKNOWN


@pytest.mark.parametrize("kind", PROGRAMMES)
def test_a_node_that_lags_behind_does_not_say_no(kind: str) -> None:
    world, envelope = world_for(kind), of_kind(kind)
    run(world, anchor(envelope))
    verdict = world.verify(envelope, relying_country="SG", clock=world.now + 10**5)
    assert verdict.usable is Usable.UNKNOWN
    assert outcome(verdict, "recognition.unreadable") == "unknown"


@pytest.mark.parametrize("kind", [BILL, CERTIFICATE])
def test_an_anchor_that_is_not_final_decides_nothing(kind: str) -> None:
    world, envelope = world_for(kind), of_kind(kind)
    run(world, (ANCHORED, lambda world: (world.anchor(envelope, cosigned=2), None)[1]))
    verdict = world.verify(envelope, relying_country="SG")
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.PENDING)
    assert outcome(verdict, "recognition.not-anchored") == "unknown"


def test_revoked_comes_before_not_recognised_and_a_forgery_stays_a_forgery() -> None:
    world, envelope = world_for(AEO), of_kind(AEO)
    run(world, anchor(envelope))
    world.set_status(envelope, Status.REVOKED)
    assert world.verify(envelope, relying_country="SG").usable is Usable.REVOKED
    world.compromise(since=START)
    verdict = world.verify(envelope, relying_country="SG")
    assert (verdict.authentic, verdict.usable) == (Authentic.INVALID, Usable.UNKNOWN)


@given(
    st.sampled_from(list(PROGRAMMES)),
    st.permutations(["anchored", "agreed", "ended", "suspended", "resumed"]),
    st.integers(0, 6),
)
def test_any_order_of_all_events(kind: str, order: list[str], asked_after: int) -> None:
    world, envelope = world_for(kind), of_kind(kind)
    happenings: dict[str, Event] = {
        "anchored": anchor(envelope)[1],
        "agreed": agree(kind),
        "ended": end(kind),
        "suspended": suspend(kind),
        "resumed": suspend(kind, code=0),
    }
    times = {name: START + 10 * (place + 1) for place, name in enumerate(order)}
    run(world, *[(times[name], happenings[name]) for name in order])
    at = START + 10 * asked_after + 5
    verdict = world.verify(envelope, relying_country="SG", at=at)
    if at < times["anchored"]:
        assert verdict.authentic is Authentic.INDETERMINATE
        return
    counts = at if kind == AEO else times["anchored"]
    agreed = times["agreed"] <= counts and not times["agreed"] < times["ended"] <= counts
    suspended = times["suspended"] <= counts and not times["suspended"] < times["resumed"] <= counts
    assert verdict.authentic is Authentic.VALID
    assert verdict.usable is (Usable.ACTIVE if agreed and not suspended else Usable.NOT_RECOGNISED)
