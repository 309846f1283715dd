"""Who recognises whom: both sides agree, each on its dates, and nothing follows from anything else."""

import pytest

from ledger.account import Account
from ledger.authority import Authority, Domain, Role
from ledger.recognition import (
    Arrangement,
    Direction,
    OfferState,
    PartyState,
    RecognitionState,
    Terms,
    acting_country,
)
from ledger.recognition_registry import RecognitionRegistry, offer_id
from ledger.trade_role import ANY_ROLE, TradeRole
from ledger.vote import by_vote
from tests.consortium import Consortium
from tests.ledger.code_of import code_of
from tests.ledger.recognition_steps import ALWAYS, agree, arrange, customs, state

AEO = "aeo"
TEXT, BENEFITS = b"\x0a" * 32, b"\x0b" * 32


@pytest.fixture(scope="module")
def registry(consortium: Consortium) -> RecognitionRegistry:
    return consortium.registries.recognition


@pytest.fixture
def now(consortium: Consortium) -> int:
    """The time of the blocks to come, well after all that other tests did."""
    consortium.clock.now = consortium.chain.head().timestamp + 100_000
    consortium.embedded.mine()
    return consortium.clock.now


def admitted(consortium: Consortium, country: str) -> Account:
    """Admit a country by vote, with its customs; return the account that acts for it."""
    registry, actor, name = consortium.registries.authority, Account.generate(), f"{country.lower()}.customs"
    office = registry.add_authority(Authority(name, country, Domain.CUSTOMS))
    calls = [registry.admit_member(country), office, registry.add_account(name, Role.ACT, actor.address)]
    by_vote(consortium.chain, registry, consortium.voters, calls)
    return actor


def test_two_in_effect_make_no_third(consortium: Consortium, registry: RecognitionRegistry, now: int) -> None:
    """China and Singapore, Singapore and Malaysia, both ways, give nothing between China and Malaysia."""
    actors = {"MY": admitted(consortium, "MY"), "CN": customs(consortium, "CN"), "SG": customs(consortium, "SG")}
    later = now + 1000
    for name, parties in (("cn.aeo-2012", ("CN", "SG")), ("sg.aeo-2021", ("SG", "MY"))):
        one, other = parties
        consortium.submit(actors[one], registry.propose_arrangement(Arrangement(name, AEO, TEXT), [other]))
        consortium.submit(actors[other], registry.accept_arrangement(name))
        terms = [Terms(name, one, other), Terms(name, other, one)]
        consortium.submit(actors[one], registry.offer(terms))
        consortium.submit(actors[other], registry.accept([offer_id(one) for one in terms]))
    for one, other in (("CN", "SG"), ("SG", "CN"), ("SG", "MY"), ("MY", "SG")):
        assert state(consortium, Direction(AEO, one, other), later) is RecognitionState.IN_EFFECT
    for direction in (Direction(AEO, "CN", "MY"), Direction(AEO, "MY", "CN")):
        found = registry.recognition(direction, later, ALWAYS)
        assert (found.state, found.roles, found.offer) == (RecognitionState.NONE, ANY_ROLE, None)
        assert registry.recognition_entries(direction) == ()
        assert direction not in registry.agreed(AEO)
    assert len(registry.agreed(AEO)) == 4


def test_who_is_invited_is_no_party(consortium: Consortium, registry: RecognitionRegistry, now: int) -> None:
    """A country that is no member can be invited, and offered to; it cannot accept."""
    arrange(consortium, Arrangement("sg.bn", "bn"), ["SG"])
    consortium.submit(customs(consortium, "SG"), registry.invite_party("sg.bn", "BN"))
    assert registry.parties("sg.bn") == ("SG", "BN")
    assert registry.party_entries("sg.bn", "BN")[-1].code == PartyState.INVITED
    consortium.submit(customs(consortium, "SG"), registry.offer([Terms("sg.bn", "SG", "BN")]))
    assert state(consortium, Direction("bn", "SG", "BN"), ALWAYS) is RecognitionState.NONE


def test_signed_is_not_in_effect(consortium: Consortium, registry: RecognitionRegistry, now: int) -> None:
    """Signed, offered, and agreed for later: no, no, and not yet."""
    direction, later = Direction("signed", "CN", "JP"), now + 5000
    arrange(consortium, Arrangement("cn.jp-2019", "signed", TEXT), ["CN", "JP"])
    assert registry.party_entries("cn.jp-2019", "JP")[-1].code == PartyState.PARTY
    assert state(consortium, direction, now + 1) is RecognitionState.NONE
    terms = Terms("cn.jp-2019", "CN", "JP", effective_from=later)
    consortium.submit(customs(consortium, "CN"), registry.offer([terms]))
    assert state(consortium, direction, ALWAYS) is RecognitionState.NONE
    consortium.submit(customs(consortium, "JP"), registry.accept([offer_id(terms)]))
    assert state(consortium, direction, later - 1) is RecognitionState.NONE
    assert state(consortium, direction, later) is RecognitionState.IN_EFFECT
    assert registry.recognition_entries(direction)[0].effective_from == later, "the reason: agreed for later"
    assert registry.arrangement("cn.jp-2019") == Arrangement("cn.jp-2019", "signed", TEXT)
    assert registry.arrangement("cn.nothing") is None


def test_nothing_without_both_sides(consortium: Consortium, registry: RecognitionRegistry, now: int) -> None:
    arrange(consortium, Arrangement("cn.both", "both"), ["CN", "SG"])
    terms = Terms("cn.both", "CN", "SG", TradeRole.EXPORTER | TradeRole.IMPORTER, BENEFITS)
    china, singapore, korea = (customs(consortium, one) for one in ("CN", "SG", "KR"))
    consortium.submit(china, registry.offer([terms]))
    offer, accept = offer_id(terms), registry.accept([offer_id(terms)])
    assert registry.offer_terms(offer) == terms
    assert registry.offer_terms(bytes(32)) is None
    for stranger in (china, korea):
        assert code_of(consortium.submit, stranger, accept) == "contract.RecognitionRegistryNotSide"
    for nobody in (consortium.account("sg.chamber"), consortium.account("sg.maritime"), Account.generate()):
        assert code_of(consortium.submit, nobody, accept) == "contract.RecognitionRegistryNotSpeaker"
    assert state(consortium, Direction("both", "CN", "SG"), ALWAYS) is RecognitionState.NONE
    consortium.submit(singapore, registry.close_offers([offer]))
    assert code_of(consortium.submit, singapore, accept) == "contract.RecognitionRegistryOfferNotOpen"
    assert [entry.code for entry in registry.offer_entries(offer)] == [OfferState.OPEN, OfferState.CLOSED]
    assert [acting_country(entry) for entry in registry.offer_entries(offer)] == ["CN", "SG"]
    agree(consortium, terms)
    found = registry.recognition(Direction("both", "CN", "SG"), now + 1000, ALWAYS)
    assert (found.state, found.roles, found.offer) == (RecognitionState.IN_EFFECT, terms.roles, offer)
    assert registry.recognition_offer(Direction("both", "CN", "SG"), 0) == offer
    assert state(consortium, Direction("both", "SG", "CN"), ALWAYS) is RecognitionState.NONE, "not the reverse"


def test_a_suspension_is_lifted_by_who_made_it(consortium: Consortium, registry: RecognitionRegistry, now: int) -> None:
    direction = Direction("held", "CN", "SG")
    arrange(consortium, Arrangement("cn.held", "held"), ["CN", "SG"])
    agree(consortium, Terms("cn.held", "CN", "SG"))
    china, singapore = customs(consortium, "CN"), customs(consortium, "SG")
    consortium.clock.now = now + 1000
    consortium.submit(singapore, registry.suspend([direction], 4))
    assert consortium.chain.head().timestamp == now + 1000
    assert state(consortium, direction, now + 999) is RecognitionState.IN_EFFECT
    assert state(consortium, direction, now + 1000) is RecognitionState.SUSPENDED, "in its block"
    assert state(consortium, direction, now + 1000, now + 999) is RecognitionState.IN_EFFECT, "as known before"
    entry = registry.suspension_entries(direction, "SG")[-1]
    assert (entry.code, entry.detail) == (1, 4)
    resume = registry.resume([direction])
    assert code_of(consortium.submit, china, resume) == "contract.RecognitionRegistryNotSuspended"
    consortium.submit(china, registry.suspend([direction]))
    consortium.submit(singapore, resume)
    assert state(consortium, direction, ALWAYS) is RecognitionState.SUSPENDED, "the other side's still holds"
    consortium.submit(china, resume)
    assert state(consortium, direction, ALWAYS) is RecognitionState.IN_EFFECT


def test_either_side_ends_it(consortium: Consortium, registry: RecognitionRegistry, now: int) -> None:
    direction, end = Direction("over", "KR", "SG"), now + 3000
    arrange(consortium, Arrangement("kr.over", "over"), ["KR", "SG"])
    agree(consortium, Terms("kr.over", "KR", "SG"))
    consortium.submit(customs(consortium, "SG"), registry.end([direction], end))
    assert [state(consortium, direction, time) for time in (end - 1, end)] == [
        RecognitionState.IN_EFFECT,
        RecognitionState.ENDED,
    ]
    assert registry.recognition_offer(direction, 1) is None
    assert code_of(consortium.submit, customs(consortium, "KR"), registry.end([direction], end + 1)) == (
        "contract.DatedListEnded"
    )
    assert code_of(consortium.submit, customs(consortium, "JP"), registry.end([direction])) == (
        "contract.RecognitionRegistryNotSide"
    )


def test_terms_have_their_own_dates(consortium: Consortium, registry: RecognitionRegistry, now: int) -> None:
    """One arrangement of three; each pair from and until its own date, with its own roles."""
    arrange(consortium, Arrangement("cn.three", "three"), ["CN", "SG", "KR"])
    dated = [
        Terms("cn.three", "CN", "SG", TradeRole.EXPORTER, None, now + 1000, now + 2000),
        Terms("cn.three", "SG", "CN", TradeRole.CARRIER, BENEFITS, now + 1500),
        Terms("cn.three", "KR", "CN", ANY_ROLE, None, now + 3000),
    ]
    agree(consortium, *dated)
    expected = {
        ("CN", "SG"): ["NONE", "IN_EFFECT", "IN_EFFECT", "ENDED", "ENDED"],
        ("SG", "CN"): ["NONE", "NONE", "IN_EFFECT", "IN_EFFECT", "IN_EFFECT"],
        ("KR", "CN"): ["NONE", "NONE", "NONE", "NONE", "IN_EFFECT"],
        ("CN", "KR"): ["NONE"] * 5,
    }
    for (one, other), states in expected.items():
        direction = Direction("three", one, other)
        times = [now + offset for offset in (999, 1000, 1500, 2000, 3000)]
        assert [state(consortium, direction, time).name for time in times] == states
    assert registry.recognition(Direction("three", "SG", "CN"), now + 1500, ALWAYS).roles == TradeRole.CARRIER


def test_of_several_parties(consortium: Consortium, registry: RecognitionRegistry, now: int) -> None:
    """An arrangement of four, as the ASEAN one: all recognise all, until one leaves, and then the others still do."""
    countries = ("JP", "CN", "SG", "KR")
    arrange(consortium, Arrangement("jp.all", "all"), countries)
    pairs = [(one, other) for one in countries for other in countries if one != other]
    for one in countries:
        consortium.submit(
            customs(consortium, one), registry.offer([Terms("jp.all", a, b) for a, b in pairs if a == one])
        )
    for one in countries:
        offers = [offer_id(Terms("jp.all", a, b)) for a, b in pairs if b == one]
        consortium.submit(customs(consortium, one), registry.accept(offers))
    consortium.clock.now = left = now + 1000
    consortium.submit(customs(consortium, "KR"), registry.leave_arrangement("jp.all"))
    for pair in pairs:
        states = [state(consortium, Direction("all", *pair), time) for time in (left - 1, left)]
        assert states[0] is RecognitionState.IN_EFFECT
        assert states[1] is (RecognitionState.LEFT if "KR" in pair else RecognitionState.IN_EFFECT)
    call = registry.offer([Terms("jp.all", "KR", "JP", TradeRole.IMPORTER)])
    consortium.submit(customs(consortium, "KR"), call)
    accept = registry.accept([offer_id(Terms("jp.all", "KR", "JP", TradeRole.IMPORTER))])
    code = code_of(consortium.submit, customs(consortium, "JP"), accept)
    assert code == "contract.RecognitionRegistryNotParty", "who has left agrees to nothing under it"


def test_backdated_is_unknown_then(consortium: Consortium, registry: RecognitionRegistry, now: int) -> None:
    """In effect since 2012, entered today: as known now, yes; as known before today, the registry knew nothing."""
    signed, since = 1_340_000_000, 1_346_000_000
    direction = Direction("old", "CN", "SG")
    arrange(consortium, Arrangement("cn.old", "old"), ["CN", "SG"], signed)
    agree(consortium, Terms("cn.old", "CN", "SG", effective_from=since))
    recorded = registry.recognition_entries(direction)[0].recorded_at
    assert recorded == consortium.chain.head().timestamp
    assert [state(consortium, direction, time) for time in (since - 1, since)] == [
        RecognitionState.NONE,
        RecognitionState.IN_EFFECT,
    ]
    assert state(consortium, direction, since, recorded - 1) is RecognitionState.NONE
    assert state(consortium, direction, since, recorded) is RecognitionState.IN_EFFECT
    early = Terms("cn.old", "CN", "SG", TradeRole.CARRIER, effective_from=signed - 1)
    consortium.submit(customs(consortium, "CN"), registry.offer([early]))
    code = code_of(consortium.submit, customs(consortium, "SG"), registry.accept([offer_id(early)]))
    assert code == "contract.RecognitionRegistryNotParty", "not before both had signed"


def test_for_bills_the_maritime_authority_speaks_too(consortium: Consortium, registry: RecognitionRegistry) -> None:
    arrange(consortium, Arrangement("cn.ebl", "ebl"), ["CN"])
    consortium.submit(consortium.account("cn.maritime"), registry.invite_party("cn.ebl", "SG"))
    consortium.submit(consortium.account("sg.maritime"), registry.accept_arrangement("cn.ebl"))
    assert registry.party_entries("cn.ebl", "SG")[-1].code == PartyState.PARTY


def test_a_member_leaves(consortium: Consortium, registry: RecognitionRegistry, now: int) -> None:
    """By vote, and last here: what its recognitions were before stays so."""
    direction = Direction("gone", "JP", "SG")
    arrange(consortium, Arrangement("jp.gone", "gone"), ["JP", "SG"])
    agree(consortium, Terms("jp.gone", "JP", "SG"))
    consortium.clock.now = now + 1000
    end = consortium.registries.authority.end_member("JP")
    by_vote(consortium.chain, consortium.registries.authority, consortium.voters, [end])
    left = consortium.registries.authority.member_entries("JP")[-1].effective_from
    assert [state(consortium, direction, time) for time in (left - 1, left)] == [
        RecognitionState.IN_EFFECT,
        RecognitionState.LEFT,
    ]
    assert state(consortium, direction, left, left - 1) is RecognitionState.IN_EFFECT
    call = registry.resume([direction])
    assert code_of(consortium.submit, customs(consortium, "JP"), call) == "contract.RecognitionRegistryNotSpeaker"
