"""The 15 RCEP members as the demonstration enters them, compared with the tables that were collected elsewhere."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.demonstration import operators, rcep
from api.demonstration.recognition import arrangement_of
from api.demonstration.table import last_day, parse_table, start_of
from api.home import Home
from ledger.chain import Chain
from ledger.embedded import EmbeddedChain
from ledger.errors import Invalid
from ledger.network import Network
from ledger.operator import Alias, OperatorState, alias_id, operator_id
from ledger.recognition import Direction, PartyState, RecognitionState
from ledger.registries import Registries
from tests.demonstration_node import copy_of_founded
from tests.rcep_table import COUNTRIES, in_effect, shared

STATES = {"in effect": "in-effect", "signed, not in effect": "signed", "unverified": "unverified"}
DOUBTS = {
    "read": "",
    "read; signing month not looked up": "signed",
    "effective date not found": "effective",
    "no announcement found": "existence",
    "not confirmed": "existence",
    "month 05 or 06": "signed effective",
    "2010 or 2011": "signed effective",
    "dates not found": "signed effective",
    "month only": "effective",
    "joint assessment 2025-10": "",
    "start read per member; the pair date is the later of the two (derived)": "derived",
    "read; start year not looked up": "since",
    "read; programme name in full not confirmed by a customs page": "programme",
    "in-force date and start year not looked up": "in-force since",
    "read; in-force applies member by member": "in-force",
}


@dataclass(frozen=True)
class Ledger:
    registries: Registries
    now: int


@contextmanager
def opened(folder: Path) -> Iterator[Ledger]:
    copy_of_founded(folder)
    home = Home(folder)
    with EmbeddedChain.open(home.chain) as embedded:
        chain = Chain(embedded.request)
        yield Ledger(Network.read(home.network).registries(chain), chain.head().timestamp)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with opened(tmp_path_factory.mktemp("rcep")) as found:
        yield found


def test_every_member_is_as_collected() -> None:
    ours = {member.country: member for member in rcep.members()}
    theirs = shared("rcep-members.csv")
    assert len(theirs) == len(ours) == 15
    for row in theirs:
        one = ours[row["iso2"]]
        facts = (one.alpha3, one.name, one.in_force, one.since)
        assert facts == (row["iso3"], row["name"], row["rcep_in_force"], row["programme_since"])
        assert bool(one.programme) == bool(row["aeo_programme"])
        assert one.programme in row["aeo_programme"]
        assert one.programme_name in row["aeo_programme"]
        assert one.doubts == set(DOUBTS[row["confidence"]].split())
        live = re.findall(r"\d{4}-\d{2}-\d{2}", row["aeo_status_2025"]) if "live " in row["aeo_status_2025"] else []
        assert [one.aamra_live] == (live or [""])


def test_every_pair_is_as_collected() -> None:
    ours, theirs = rcep.pairs(), shared("rcep-aeo-mra-pairs.csv")
    assert len(ours) == len(theirs)
    for one, row in zip(ours, theirs, strict=True):
        assert (one.a, one.b, one.signed, one.in_effect) == (row["a"], row["b"], row["signed"], row["in_effect"])
        assert one.state == STATES[row["state"]]
        assert (one.arrangement == rcep.AAMRA) == ("AAMRA" in row["arrangement"])
        assert (one.arrangement == "bilateral") == (row["arrangement"] == "bilateral")
        assert one.doubts == set(DOUBTS[row["confidence"]].split())
        assert one.is_doubtful == bool(DOUBTS[row["confidence"]])


@pytest.mark.parametrize("day", ["2014-01-01", "2024-10-17", "now"])
def test_the_whole_matrix_is_the_table(ledger: Ledger, day: str) -> None:
    registry = ledger.registries.recognition
    time = ledger.now if day == "now" else start_of(day)
    answers = {
        (by, of): registry.recognition(Direction("aeo", by, of), time, ledger.now).state
        for by in COUNTRIES
        for of in COUNTRIES
    }
    assert len(answers) == 225
    assert {pair for pair, state in answers.items() if state is RecognitionState.IN_EFFECT} == in_effect(
        time, ledger.now - 1000
    )
    assert set(answers.values()) <= {RecognitionState.IN_EFFECT, RecognitionState.NONE}


def test_no_other_programme_is_recognised(ledger: Ledger) -> None:
    for programme in ("origin", "ebl"):
        assert ledger.registries.recognition.agreed(programme) == ()
    assert len(ledger.registries.recognition.agreed("aeo")) == 2 * len(rcep.pairs_in_effect())


def state(ledger: Ledger, by: str, of: str, time: int | None = None) -> RecognitionState:
    at = ledger.now if time is None else time
    return ledger.registries.recognition.recognition(Direction("aeo", by, of), at, ledger.now).state


def test_two_recognitions_make_no_third(ledger: Ledger) -> None:
    assert state(ledger, "CN", "SG") == state(ledger, "SG", "MY") == RecognitionState.IN_EFFECT
    assert state(ledger, "CN", "MY") == state(ledger, "MY", "CN") == RecognitionState.NONE


@pytest.mark.parametrize("country", ["KH", "LA", "MM", "VN"])
def test_signed_is_not_in_effect(ledger: Ledger, country: str) -> None:
    registry = ledger.registries.recognition
    entries = registry.party_entries("sg.aamra", country)
    assert entries[-1].code == PartyState.PARTY
    assert entries[-1].effective_from == start_of("2023-09-19")
    for other in COUNTRIES:
        assert state(ledger, country, other) == state(ledger, other, country) == RecognitionState.NONE


def test_a_pair_is_in_effect_from_its_own_day(ledger: Ledger) -> None:
    for pair in rcep.pairs_in_effect():
        if pair.in_effect:
            assert state(ledger, pair.a, pair.b, pair.effective_from - 1) is RecognitionState.NONE
            assert state(ledger, pair.b, pair.a, pair.effective_from) is RecognitionState.IN_EFFECT


def test_a_day_that_is_not_known_is_not_made_up(ledger: Ledger) -> None:
    undated = [pair for pair in rcep.pairs_in_effect() if not pair.in_effect]
    assert undated
    for pair in undated:
        assert rcep.Doubt.EFFECTIVE in pair.doubts
        (entry,) = ledger.registries.recognition.recognition_entries(Direction("aeo", pair.a, pair.b))
        assert entry.effective_from == entry.recorded_at


def test_both_sides_have_agreed_and_nobody_else(ledger: Ledger) -> None:
    registry = ledger.registries.recognition
    for pair in rcep.pairs_in_effect():
        assert {pair.a, pair.b} <= set(registry.parties(arrangement_of(pair)))
    assert set(registry.parties("sg.aamra")) == set(rcep.signatories())
    assert len(registry.arrangements()) == 1 + sum(pair.arrangement != rcep.AAMRA for pair in rcep.pairs_in_effect())


def test_an_operator_and_its_codes_elsewhere(ledger: Ledger) -> None:
    registry = ledger.registries.operator
    status = registry.status("cn.customs", operator_id("AEOCN3302961K7Q"), ledger.now, ledger.now)
    assert (status.state, status.tier) == (OperatorState.AUTHORIZED, 1)
    japanese, code = operator_id("JPEX2020000417"), "JP20200004170000001"
    assert len(code) == 19
    assert registry.alias(alias_id("jp.customs", "cn.customs", code)) == Alias(japanese, "cn.customs", code)
    for customs in {one.authority for one in operators.operators()}:
        assert registry.operator_count(customs) == 2


def test_codes_have_the_forms_of_the_table() -> None:
    """Where a form was found: the code at home, in ASEAN or at a counterpart."""
    places = {"cn.customs": "CN", "jp.customs": "JP", "my.customs": "MY", "asean": "ASEAN"}
    forms: dict[tuple[str, str], list[str]] = {}
    for row in shared("aeo-code-formats.csv"):
        for place in ("CN", "JP", "MY", "ASEAN"):
            if row["regex"] and place in re.split(r"[ ,/]+", row["used_at"]):
                forms.setdefault((row["aeo_of"], place), []).append(row["regex"])
    checked = 0
    for one in operators.aliases():
        country, alias = one.authority[:2].upper(), one.grant.alias
        known = forms.get((country, places[alias.counterpart]), [])
        assert not known or any(re.fullmatch(form, alias.code) for form in known), alias.code
        checked += bool(known)
    assert checked >= 10


def test_founding_stamps_nothing_in_the_future(ledger: Ledger) -> None:
    assert ledger.now <= datetime.now(UTC).timestamp()


def test_days() -> None:
    assert [last_day(day) for day in ("2011", "2012-06", "2023-12", "2024-02", "2010-06-25")] == [
        "2011-12-31",
        "2012-06-30",
        "2023-12-31",
        "2024-02-29",
        "2010-06-25",
    ]
    assert start_of("1970-01-02") == 86400


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("a,b\n1,2\n", 1),
        ("a,b,c\n1,2,3\n", 1),
        ("a,c\n1\n", 2),
        ("a,c\n1, 2\n", 2),
        ("a,c\n1,2\n3,4\n1,2\n", 4),
        ("a,c\n1,2\nx,4\n", 3),
    ],
)
def test_a_table_that_is_none_is_refused_with_the_line(text: str, line: int) -> None:
    with pytest.raises(Invalid, match=f"line {line}: ") as caught:
        parse_table(text, ("a", "c"), lambda row: int(row["a"]))
    assert caught.value.code == "table.form"


@pytest.mark.parametrize(
    "row",
    [
        "CN,CN,,2013-03-15,in-effect,bilateral,",
        "CN,SG,,,in-effect,bilateral,",
        "CN,SG,2014,2013-03-15,in-effect,bilateral,",
        "CN,SG,,2013-03-15,unverified,,existence",
        "CN,MY,,,unverified,bilateral,existence",
        "CN,*,,2013-03-15,signed,aamra,",
        "CN,SG,,,signed,aamra,",
        "CN,*,,2013-03-15,in-effect,aamra,",
        "CN,SG,,2013-03-32,in-effect,bilateral,",
        "CN,SG,,2013-03-15,maybe,bilateral,",
        "CN,SG,,2013-03-15,in-effect,bilateral,perhaps",
        "cn,SG,,2013-03-15,in-effect,bilateral,",
    ],
)
def test_a_pair_that_cannot_be_is_refused(row: str) -> None:
    header = "a,b,signed,in_effect,state,arrangement,doubt"
    with pytest.raises(Invalid):
        parse_table(f"{header}\n{row}\n", tuple(header.split(",")), rcep._pair)
