"""The answer about a direction of recognition: the contract's own, with the right reason, from facts read by slots."""

from dataclasses import dataclass, replace

import pytest

from ledger.authority_registry import AuthorityRegistry
from ledger.dated_list import Entry
from ledger.recognition import Arrangement, Direction, RecognitionState, Terms
from ledger.recognition_registry import RecognitionRegistry, offer_id
from ledger.storage_words import StorageWords
from ledger.trade_role import ANY_ROLE, TradeRole
from ledger.vote import by_vote
from tests.consortium import Consortium
from tests.verifier.recognition_reading import read_direction
from verifier.recognition_answer import DirectionFacts, Reason, recognition_answer
from verifier.recognition_sentence import role_names, sentence, since
from verifier.recognition_storage import read_agreed, read_directions, read_parties

COUNTRIES = ("CN", "SG", "KR", "JP", "MY")
DAY = 86_400


@dataclass
class Story:
    """A history with every state in it; `times` are the block times at which something was said, by name."""

    consortium: Consortium
    registry: RecognitionRegistry
    times: dict[str, int]

    def facts(self, direction: Direction) -> DirectionFacts:
        registries, head = self.consortium.registries, self.consortium.chain.head().number
        words = StorageWords(lambda slots: self.registry.slots(slots, head))
        members = {country: registries.authority.member_entries(country, head) for country in COUNTRIES}
        [found] = read_directions(words, [direction], read_parties(words, direction.programme), members)
        return found


def aeo(by: str, of: str) -> Direction:
    return Direction("aeo", by, of)


PAIRS = "CN SG, SG CN, KR JP, JP KR, CN KR, CN JP, CN CN, SG MY"
DIRECTIONS = [aeo(*pair.split()) for pair in PAIRS.split(", ")]


@pytest.fixture(scope="module")
def story(consortium: Consortium) -> Story:
    registry = consortium.registries.recognition
    clock, times = consortium.clock, dict[str, int]()

    def by(country: str, call: object) -> None:
        clock.advance(10)
        consortium.submit(consortium.account(f"{country.lower()}.customs"), call)  # type: ignore[arg-type]

    def agree(terms: Terms, *, own: str, other: str) -> None:
        by(own, registry.offer([terms]))
        by(other, registry.accept([offer_id(terms)]))

    def mark(name: str) -> None:
        times[name] = consortium.chain.head().timestamp

    mark("before")
    start = consortium.chain.head().timestamp
    by("CN", registry.propose_arrangement(Arrangement("cn.sg-2012", "aeo", b"\7" * 32), ["SG"], start - 900 * DAY))
    by("SG", registry.accept_arrangement("cn.sg-2012", start - 900 * DAY))
    by("KR", registry.propose_arrangement(Arrangement("kr.all", "aeo"), ["CN", "JP", "SG", "MY"]))
    by("JP", registry.accept_arrangement("kr.all"))
    by("CN", registry.accept_arrangement("kr.all"))
    by("CN", registry.propose_arrangement(Arrangement("cn.ebl", "ebl"), ["JP"]))
    mark("signed")
    agree(
        Terms("cn.sg-2012", "CN", "SG", benefits=b"\x09" * 32, effective_from=start - 800 * DAY), own="CN", other="SG"
    )
    agree(Terms("cn.sg-2012", "SG", "CN", TradeRole.EXPORTER | TradeRole.IMPORTER), own="CN", other="SG")
    agree(Terms("kr.all", "KR", "JP", effective_from=clock.now + 100 * DAY), own="KR", other="JP")
    agree(Terms("kr.all", "JP", "KR", effective_until=clock.now + 30 * DAY), own="JP", other="KR")
    agree(Terms("kr.all", "CN", "KR"), own="CN", other="KR")
    mark("agreed")
    by("SG", registry.suspend([aeo("CN", "SG")], 4))
    by("CN", registry.suspend([aeo("CN", "SG")], 5))
    mark("suspended")
    by("SG", registry.resume([aeo("CN", "SG")]))
    by("CN", registry.resume([aeo("CN", "SG")]))
    mark("resumed")
    by("KR", registry.end([aeo("CN", "KR")], clock.now + 50))
    by("KR", registry.suspend([aeo("KR", "JP")]))
    mark("ended")
    clock.advance(100)
    agree(Terms("kr.all", "CN", "KR", TradeRole.CARRIER), own="KR", other="CN")
    mark("again")
    by("JP", registry.leave_arrangement("kr.all", clock.now + 20 * DAY))
    clock.advance(10)
    authorities = consortium.registries.authority
    by_vote(consortium.chain, authorities, consortium.voters, [authorities.end_member("SG", clock.now + 5 * DAY)])
    mark("left")
    return Story(consortium, registry, times)


def test_the_facts_by_slots_are_those_of_the_getters(story: Story) -> None:
    head, authorities = story.consortium.chain.head().number, story.consortium.registries.authority
    for direction in DIRECTIONS:
        found, expected = story.facts(direction), read_direction(story.registry, authorities, direction, head)
        both = {name: one for name, one in expected.parties.items() if all(one.values())}
        assert found == replace(expected, parties=both)


def test_the_list_of_directions_is_that_of_the_getter(story: Story) -> None:
    words = StorageWords(story.registry.slots)
    assert tuple(read_agreed(words, "aeo")) == story.registry.agreed("aeo") != ()
    assert read_agreed(words, "ebl") == []


def test_every_answer_is_the_contracts(story: Story) -> None:
    marks = sorted({*story.times.values()})
    ahead = [marks[-1] + days * DAY for days in (4, 6, 19, 21, 31, 99, 101)]
    times = [marks[0] - 1000 * DAY, marks[0] - 1 * DAY, *marks[::2], marks[-2] + 1, *ahead]
    seen = set()
    for direction in DIRECTIONS:
        facts = story.facts(direction)
        for time in times:
            for known_at in (marks[3], marks[-4], 2**64 - 1):
                answer, said = recognition_answer(facts, time, known_at), ask(story, direction, time, known_at)
                offer = answer.agreement.offer if answer.agreement else None
                assert (answer.state, answer.roles, offer) == said
                seen.add(answer.reason)
            assert answer == recognition_answer(facts, time)
    assert seen == set(Reason) - {Reason.ROLE_NOT_COVERED, Reason.ROLE_NOT_STATED}


def ask(
    story: Story, direction: Direction, time: int, known_at: int
) -> tuple[RecognitionState, TradeRole, bytes | None]:
    said = story.registry.recognition(direction, time, known_at)
    return said.state, said.roles, said.offer


@pytest.mark.parametrize(
    ("by", "of", "when", "reason", "who"),
    [
        ("CN", "SG", "before", Reason.IN_EFFECT, ()),
        ("SG", "CN", "before", Reason.LATER, ()),
        ("CN", "JP", "agreed", Reason.SIGNED, ()),
        ("SG", "KR", "agreed", Reason.NONE, ()),
        ("CN", "MY", "agreed", Reason.NONE, ()),
        ("KR", "JP", "agreed", Reason.LATER, ()),
        ("CN", "SG", "suspended", Reason.SUSPENDED, ("CN", "SG")),
        ("CN", "SG", "resumed", Reason.IN_EFFECT, ()),
        ("CN", "CN", "agreed", Reason.SAME, ()),
    ],
)
def test_the_reason_is_told(story: Story, by: str, of: str, when: str, reason: Reason, who: tuple[str, ...]) -> None:
    answer = recognition_answer(story.facts(aeo(by, of)), story.times[when])
    assert (answer.reason, answer.by) == (reason, who)
    for text in sentence(aeo(by, of), answer).values():
        assert by in text
        assert "{" not in text


def test_who_left_is_told(story: Story) -> None:
    later = story.times["left"] + 25 * DAY
    assert recognition_answer(story.facts(aeo("JP", "KR")), later).by == ("JP",)
    assert recognition_answer(story.facts(aeo("CN", "SG")), later).by == ("SG",)
    [chinese, english] = sentence(aeo("CN", "SG"), recognition_answer(story.facts(aeo("CN", "SG")), later)).values()
    assert chinese.startswith("SG 已退出")
    assert english.startswith("SG left")


def test_dates_are_those_of_the_reason(story: Story) -> None:
    facts = story.facts(aeo("JP", "KR"))
    [agreed] = facts.agreements
    until = agreed.entry.effective_until
    assert since(recognition_answer(facts, until - 1, story.times["agreed"])) == agreed.entry.effective_from
    ended = recognition_answer(facts, until, story.times["agreed"])
    assert (ended.reason, since(ended)) == (Reason.ENDED, until)
    ended = recognition_answer(story.facts(aeo("CN", "KR")), story.times["ended"] + 60, story.times["ended"])
    assert (ended.reason, since(ended)) == (Reason.ENDED, ended.entry and ended.entry.effective_from)


def test_a_date_beyond_any_calendar_has_a_sentence(story: Story) -> None:
    facts = story.facts(aeo("CN", "SG"))
    [agreement] = facts.agreements
    later = replace(agreement, entry=Entry(1, 0, 2**64 - 2, 0, 1))
    answer = recognition_answer(replace(facts, agreements=(later,)), 5)
    assert answer.reason is Reason.LATER
    assert str(2**64 - 2) in sentence(facts.direction, answer)["en"]


def test_roles(story: Story) -> None:
    limited = recognition_answer(story.facts(aeo("SG", "CN")), story.times["agreed"])
    assert limited.for_roles(TradeRole.IMPORTER | TradeRole.CARRIER).in_effect
    for roles, reason in ((TradeRole.CARRIER, Reason.ROLE_NOT_COVERED), (ANY_ROLE, Reason.ROLE_NOT_STATED)):
        refused = limited.for_roles(roles)
        assert (refused.reason, refused.state) == (reason, RecognitionState.IN_EFFECT)
        assert "exporter, importer" in sentence(aeo("SG", "CN"), refused)["en"]
    unlimited = recognition_answer(story.facts(aeo("CN", "SG")), story.times["agreed"])
    assert unlimited.for_roles(ANY_ROLE) is unlimited
    assert role_names(16 | 256) == ["customs-broker", "role-256"]


def test_member_facts_are_used(story: Story) -> None:
    assert isinstance(story.consortium.registries.authority, AuthorityRegistry)
    facts = replace(story.facts(aeo("CN", "SG")), members={})
    assert recognition_answer(facts, story.times["left"] + 25 * DAY).in_effect
