"""Accreditation of several levels: every link up to the authority is judged in the anchor's block, scope included."""

from collections.abc import Callable
from typing import Any

import pytest

from ledger.envelope import Envelope, issue, withhold
from ledger.errors import Unavailable
from ledger.issuer_registry import IssuerState, Limit, Power
from ledger.kinds import kind as kind_named
from tests.verifier.world import (
    AUTHORITY,
    BILL,
    CERTIFICATE,
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
from verifier.verdict import Verdict

BODY, ANCHORED = "cn.lines", START + 50
Event = Callable[[World], None]


def chain_of(kind: str = BILL, issuer_limits: int = 0, body_limits: int = 0) -> World:
    """An authority has accredited BODY and let it accredit ISSUER, for one kind."""
    world = World(with_issuer=False)
    world.admit()
    world.accredit(BODY, kind, limits=body_limits)
    world.record("body", BODY, code=1)
    world.accredit(ISSUER, kind, by=BODY, limits=issuer_limits)
    world.add_key()
    return world


def run(world: World, *steps: tuple[int, Event]) -> None:
    for time, happen in sorted(steps, key=lambda step: step[0]):
        world.now = time
        happen(world)
    world.now += 10


def anchor(world: World) -> None:
    world.anchor(bill())


def evidence_of(verdict: Verdict, code: str) -> dict[str, Any]:
    return next(dict(finding.facts) for finding in verdict.findings if finding.code == code)


def test_the_whole_chain_is_named() -> None:
    world = chain_of()
    run(world, (ANCHORED, anchor))
    verdict = world.verify(bill())
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert evidence_of(verdict, "issuer.accredited")["chain"] == [ISSUER, BODY, AUTHORITY, COUNTRY]


def suspend(issuer: str, by: Power) -> Event:
    def happen(world: World) -> None:
        world.record("issuer", issuer, code=IssuerState.SUSPENDED, reason=3)
        world.record("hold", issuer, code=by)

    return happen


BREAKS: dict[str, tuple[Event, str, str]] = {
    "issuer suspended by its body": (suspend(ISSUER, Power.BODY), "issuer.suspended", ISSUER),
    "body suspended": (suspend(BODY, Power.AUTHORITY), "issuer.body-suspended", BODY),
    "body not authorized any more": (
        lambda world: world.record("body", BODY, code=0),
        "issuer.body-not-authorized",
        BODY,
    ),
    "body without the kind": (
        lambda world: world.record("accreditation", BODY, BILL, code=0),
        "issuer.body-not-accredited",
        BODY,
    ),
    "authority left": (
        lambda world: world.record("authority", AUTHORITY, code=0),
        "issuer.authority-not-in-office",
        AUTHORITY,
    ),
    "country left": (lambda world: world.record("member", COUNTRY, code=0), "issuer.country-not-member", COUNTRY),
}


@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.parametrize("offset", [-20, -1, 0, 1, 20])
def test_each_link_is_judged_at_the_anchors_time_and_named(name: str, offset: int) -> None:
    happen, code, link = BREAKS[name]
    world = chain_of()
    run(world, (ANCHORED, anchor), (ANCHORED + offset, happen))
    verdict = world.verify(bill())
    assert verdict.authentic is (Authentic.VALID if offset > 0 else Authentic.INVALID)
    if offset <= 0:
        assert outcome(verdict, code) == "fail"
        assert evidence_of(verdict, code)["link"] == link


@pytest.mark.parametrize(("name", "by"), [("issuer suspended by its body", "body"), ("body suspended", "authority")])
def test_who_suspended_is_told(name: str, by: str) -> None:
    happen, code, _ = BREAKS[name]
    world = chain_of()
    run(world, (START + 5, happen), (ANCHORED, anchor))
    facts = evidence_of(world.verify(bill()), code)
    assert (facts["suspended_by"], facts["reason"], facts["since"]) == (by, 3, START + 5)


def test_a_suspension_counts_whatever_date_the_document_states() -> None:
    world = chain_of()
    backdated = bill(iat=START - 10**6)
    run(world, (START + 5, suspend(BODY, Power.AUTHORITY)), (ANCHORED, lambda world: world.anchor(backdated)))
    assert world.verify(backdated).authentic is Authentic.INVALID


def test_a_body_that_was_reinstated_before_the_anchor() -> None:
    world = chain_of()
    run(
        world,
        (START + 5, suspend(BODY, Power.AUTHORITY)),
        (START + 9, lambda world: world.record("issuer", BODY, code=IssuerState.ACTIVE)),
        (ANCHORED, anchor),
    )
    assert world.verify(bill()).authentic is Authentic.VALID


def test_a_body_over_a_body_is_read_up_to_the_authority() -> None:
    """No registry of ours allows it; a chain that is longer is judged link by link all the same."""
    world = chain_of()
    world.accreditors[BODY] = "cn.association"
    world.accredit("cn.association", BILL)
    run(world, (ANCHORED, anchor))
    verdict = world.verify(bill())
    assert verdict.authentic is Authentic.INVALID
    assert evidence_of(verdict, "issuer.body-not-authorized")["link"] == "cn.association"


def test_accreditors_in_a_circle_lead_to_no_authority() -> None:
    world = chain_of()
    world.accreditors[BODY] = ISSUER
    world.top = lambda issuer: AUTHORITY  # type: ignore[method-assign]
    run(world, (ANCHORED, anchor))
    verdict = world.verify(bill())
    assert verdict.authentic is Authentic.INVALID
    assert "issuer.authority-unknown" in codes(verdict)


@pytest.mark.parametrize("port", ["issuer", "accreditation", "authority"])
def test_a_fault_while_the_chain_is_read_is_no_fault_of_the_document(port: str) -> None:
    world = chain_of()
    run(world, (ANCHORED, anchor))
    read = getattr(world, port)

    def broken(name: str, *rest: Any) -> Any:
        if name in (BODY, AUTHORITY):
            raise Unavailable("chain.timeout", "no answer")
        return read(name, *rest)

    setattr(world, port, broken)
    verdict = world.verify(bill())
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
    assert outcome(verdict, "issuer.unreadable") == "unknown"


# --- scope


def certificate(**members: Any) -> Envelope:
    stated = {name: value for name, value in (document(CERTIFICATE) | members).items() if value is not None}
    return issue(stated, kind_named(CERTIFICATE), ISSUER, key_named("first"), iat=START)


def allow(world: World, *allowed: str, link: str = ISSUER, kind: str = CERTIFICATE) -> None:
    for code in allowed:
        world.record("scope", link, kind, code, code=1)


def judged(world: World, envelope: Envelope) -> Verdict:
    world.now = ANCHORED
    world.anchor(envelope)
    return world.verify(envelope)


def test_all_that_is_stated_must_be_in_scope() -> None:
    world = chain_of(CERTIFICATE, issuer_limits=Limit.AGREEMENT | Limit.HS_CHAPTER | Limit.PORT)
    allow(world, "agreement.rcep", "hs.85", "port.cnnbo")
    assert judged(world, certificate()).authentic is Authentic.VALID


@pytest.mark.parametrize(
    ("limit", "allowed", "outside"),
    [
        (Limit.AGREEMENT, "agreement.aanzfta", "agreement.rcep"),
        (Limit.HS_CHAPTER, "hs.84", "hs.85"),
        (Limit.PORT, "port.cnsha", "port.cnnbo"),
    ],
)
@pytest.mark.parametrize("link", [ISSUER, BODY])
def test_what_lies_outside_is_invalid_and_link_and_code_are_named(
    limit: Limit, allowed: str, outside: str, link: str
) -> None:
    world = chain_of(CERTIFICATE, **{"issuer_limits" if link == ISSUER else "body_limits": limit})
    allow(world, allowed, link=link)
    verdict = judged(world, certificate())
    assert verdict.authentic is Authentic.INVALID
    facts = evidence_of(verdict, "issuer.out-of-scope")
    assert (facts["link"], facts["code"]) == (link, outside)


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_scope_is_that_of_the_anchors_time(offset: int) -> None:
    world = chain_of(CERTIFICATE, issuer_limits=Limit.AGREEMENT)
    allow(world, "agreement.rcep")
    envelope = certificate()
    end = (ANCHORED + offset, lambda world: world.record("scope", ISSUER, CERTIFICATE, "agreement.rcep", code=0))
    run(world, (ANCHORED, lambda world: world.anchor(envelope)), end)
    assert world.verify(envelope).authentic is (Authentic.VALID if offset > 0 else Authentic.INVALID)


def test_one_item_of_another_chapter_is_enough() -> None:
    world = chain_of(CERTIFICATE, issuer_limits=Limit.HS_CHAPTER)
    allow(world, "hs.85")
    items = [dict(item) for item in document(CERTIFICATE)["items"]]
    items[1]["hsCode"] = "9403.20"
    verdict = judged(world, certificate(items=items))
    assert evidence_of(verdict, "issuer.out-of-scope")["code"] == "hs.94"
    assert verdict.authentic is Authentic.INVALID


@pytest.mark.parametrize("agreement", [None, "区域全面经济伙伴关系协定", "RCEP协定", "X" * 40])
def test_who_is_limited_and_states_nothing_that_can_be_read_is_outside(agreement: str | None) -> None:
    world = chain_of(CERTIFICATE, issuer_limits=Limit.AGREEMENT)
    allow(world, "agreement.rcep")
    verdict = judged(world, certificate(agreement=agreement))
    assert verdict.authentic is Authentic.INVALID
    assert outcome(verdict, "issuer.scope-not-stated") == "fail"


def test_a_withheld_member_that_decides_is_unknown_and_never_passes() -> None:
    world = chain_of(CERTIFICATE, issuer_limits=Limit.PORT)
    allow(world, "port.cnnbo")
    whole = certificate()
    assert judged(world, whole).authentic is Authentic.VALID
    verdict = world.verify(withhold(whole, ["/transport"]))
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
    assert evidence_of(verdict, "issuer.scope-withheld")["member"] == "/transport/portOfLoading"
    assert world.verify(withhold(whole, ["/exporter"])).authentic is Authentic.VALID


def test_a_withheld_member_cannot_hide_what_lies_outside() -> None:
    world = chain_of(BILL, issuer_limits=Limit.HS_CHAPTER)
    allow(world, "hs.84", kind=BILL)
    assert judged(world, bill()).authentic is Authentic.INVALID
    assert world.verify(withhold(bill(), ["/consignmentItems"])).authentic is Authentic.INDETERMINATE


def test_withholding_changes_nothing_where_nothing_is_limited() -> None:
    world = chain_of()
    run(world, (ANCHORED, anchor))
    assert world.verify(withhold(bill(), ["/consignmentItems"])).authentic is Authentic.VALID


def test_a_digest_alone_says_nothing_about_scope() -> None:
    world = chain_of(CERTIFICATE, issuer_limits=Limit.AGREEMENT)
    envelope = certificate()
    judged(world, envelope)
    verdict = world.verify(envelope.digest)
    assert verdict.authentic is Authentic.INDETERMINATE
    assert outcome(verdict, "issuer.scope-not-presented") == "unknown"


def test_a_scope_that_cannot_be_read_or_a_limit_of_a_newer_contract_is_unknown() -> None:
    world = chain_of(CERTIFICATE, issuer_limits=Limit.AGREEMENT)
    allow(world, "agreement.rcep")
    envelope = certificate()
    assert judged(world, envelope).authentic is Authentic.VALID

    def broken(*_: object) -> Any:
        raise Unavailable("chain.timeout", "no answer")

    world.scope = broken  # type: ignore[method-assign]
    assert world.verify(envelope).authentic is Authentic.INDETERMINATE
    newer = chain_of(CERTIFICATE, issuer_limits=8)
    assert judged(newer, envelope).authentic is Authentic.INDETERMINATE
