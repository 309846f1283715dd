"""What the registries must answer, as plainly as it can be said: lists of facts, and whoever asks looks at all of them.

Written from the rules (contracts/src/interfaces), not from the contracts. A refused step raises Refusal, and nothing
has changed. Times are seconds; 0 as a beginning means now, as an end without end.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple


class Refusal(Exception):
    """The registry says no."""


class Fact(NamedTuple):
    code: int
    detail: int
    begin: int
    end: int
    recorded: int


class History(list[Fact]):
    """The facts of one thing, oldest first. Where several cover a time, the one written last is right."""

    def at(self, time: int, known: int) -> Fact | None:
        told = [fact for fact in self if fact.recorded <= known]
        covering = [fact for fact in told if fact.begin <= time and (fact.end == 0 or time < fact.end)]
        return covering[-1] if covering else None

    def code(self, time: int, known: int) -> int:
        fact = self.at(time, known)
        return fact.code if fact else 0

    def ended(self, time: int, known: int) -> bool:
        begun = [fact for fact in self if fact.recorded <= known and fact.begin <= time]
        return bool(begun) and self.code(time, known) == 0

    def throughout(self, begin: int, end: int, now: int, allowed: int = 0) -> bool:
        """Tell whether at every moment of [begin, end) the code is 1 and the detail has no bit besides `allowed`."""
        changes = {moment for fact in self for moment in (fact.begin, fact.end)}
        moments = {begin} | {moment for moment in changes if begin < moment and (end == 0 or moment < end)}
        found = [self.at(moment, now) for moment in moments]
        return all(fact is not None and fact.code == 1 and not fact.detail & ~allowed for fact in found)

    def add(self, now: int, code: int, detail: int = 0, begin: int = 0, end: int = 0, *, past: bool = False) -> Fact:
        begin = begin or now
        require(past or begin >= now)
        require(end == 0 or end > begin)
        self.append(Fact(code, detail, begin, end, now))
        return self[-1]

    def close(self, now: int, begin: int) -> None:
        require(bool(self))
        require(not (self[-1].code == 0 and self[-1].begin <= (begin or now)))
        self.add(now, 0, 0, begin)


def require(condition: bool) -> None:
    if not condition:
        raise Refusal


def refuse(now: int, *arguments: object) -> None:
    """A step that is no one's to make."""
    raise Refusal


class Members:
    """Countries; each has a voter for ever, and its authorities are in office as long as it is a member."""

    def __init__(self, quorum: int) -> None:
        self.quorum = quorum
        self.of: dict[str, History] = defaultdict(History)

    def admit(self, now: int, country: str, begin: int) -> None:
        newest = self.of[country][-1] if self.of[country] else None
        require(newest is None or newest.code == 0)
        self.of[country].add(now, 1, 0, begin)

    def end(self, now: int, country: str, begin: int) -> None:
        lasting = [one for one, history in self.of.items() if one != country and self._lasts(history, begin or now)]
        require(len(lasting) >= self.quorum)
        self.of[country].close(now, begin)

    def acts(self, now: int, country: str) -> bool:
        return self.of[country].code(now, now) == 1

    @staticmethod
    def _lasts(history: History, time: int) -> bool:
        return bool(history) and history[-1].code == 1 and history[-1].begin <= time


class Offered(NamedTuple):
    arrangement: str
    recogniser: str
    recognised: str
    roles: int
    begin: int
    end: int


Pair = tuple[str, str]


class Recognitions:
    """Arrangements of one programme, offers and directions."""

    def __init__(self, members: Members) -> None:
        self.members = members
        self.parties: dict[str, dict[str, History]] = {}
        self.offers: dict[Offered, History] = defaultdict(History)
        self.agreed: dict[Pair, History] = defaultdict(History)
        self.terms: dict[Pair, list[Offered | None]] = defaultdict(list)
        self.suspensions: dict[tuple[Pair, str], History] = defaultdict(History)

    def propose(self, now: int, by: str, arrangement: str, others: Sequence[str], signed: int) -> None:
        require(self.members.acts(now, by))
        require(arrangement not in self.parties and by not in others and len(set(others)) == len(others))
        self.parties[arrangement] = {country: History() for country in (by, *others)}
        self.parties[arrangement][by].add(now, 1, 0, signed, past=True)
        for country in others:
            self.parties[arrangement][country].add(now, 2)

    def invite(self, now: int, by: str, arrangement: str, country: str) -> None:
        require(self.members.acts(now, by) and self._party(arrangement, by).code(now, now) == 1)
        require(country not in self.parties[arrangement])
        self.parties[arrangement][country] = History()
        self.parties[arrangement][country].add(now, 2)

    def join(self, now: int, by: str, arrangement: str, signed: int) -> None:
        require(self.members.acts(now, by))
        history = self._party(arrangement, by)
        require(bool(history) and history[-1].code != 1)
        history.add(now, 1, 0, signed, past=len(history) == 1)

    def leave(self, now: int, by: str, arrangement: str, begin: int) -> None:
        require(self.members.acts(now, by))
        self._party(arrangement, by).close(now, begin)

    def offer(self, now: int, by: str, terms: Offered) -> None:
        require(self.members.acts(now, by) and terms.arrangement in self.parties)
        require(by in terms[1:3] and terms.recogniser != terms.recognised)
        require(terms.end == 0 or terms.end > terms.begin)
        require(self.offers[terms].code(now, now) != 1)
        self.offers[terms].add(now, 1, int.from_bytes(by.encode(), "big"))

    def accept(self, now: int, by: str, terms: Offered) -> None:
        self._require_open(now, by, terms)
        require(self.offers[terms][-1].detail != int.from_bytes(by.encode(), "big"))
        begin = terms.begin or now
        require(terms.end == 0 or terms.end > begin)
        require(all(self._party(terms.arrangement, side).code(begin, now) == 1 for side in terms[1:3]))
        pair = terms.recogniser, terms.recognised
        self.agreed[pair].add(now, 1, terms.roles, begin, terms.end, past=True)
        self.terms[pair].append(terms)
        self.offers[terms].add(now, 2, int.from_bytes(by.encode(), "big"))

    def close(self, now: int, by: str, terms: Offered) -> None:
        self._require_open(now, by, terms)
        self.offers[terms].add(now, 0, int.from_bytes(by.encode(), "big"))

    def suspend(self, now: int, by: str, pair: Pair, reason: int) -> None:
        self._require_side(now, by, pair)
        require(self.suspensions[pair, by].code(now, now) != 1)
        self.suspensions[pair, by].add(now, 1, reason)

    def resume(self, now: int, by: str, pair: Pair) -> None:
        self._require_side(now, by, pair)
        require(self.suspensions[pair, by].code(now, now) == 1)
        self.suspensions[pair, by].add(now, 0)

    def end(self, now: int, by: str, pair: Pair, begin: int) -> None:
        self._require_side(now, by, pair)
        self.agreed[pair].close(now, begin)
        self.terms[pair].append(None)

    def answer(self, pair: Pair, time: int, known: int) -> tuple[str, Offered | None]:
        fact = self.agreed[pair].at(time, known)
        if fact is None or fact.code == 0:
            return ("ENDED" if self.agreed[pair].ended(time, known) else "NONE"), None
        (terms,) = (one for place, one in enumerate(self.terms[pair]) if self.agreed[pair][place] is fact)
        assert terms is not None
        if any(self._has_left(terms.arrangement, side, time, known) for side in pair):
            return "LEFT", terms
        suspended = any(self.suspensions[pair, side].code(time, known) == 1 for side in pair)
        return ("SUSPENDED" if suspended else "IN_EFFECT"), terms

    def _has_left(self, arrangement: str, country: str, time: int, known: int) -> bool:
        party = self._party(arrangement, country).code(time, known) == 1
        return not party or self.members.of[country].ended(time, known)

    def _party(self, arrangement: str, country: str) -> History:
        return self.parties.get(arrangement, {}).get(country, History())

    def _require_open(self, now: int, by: str, terms: Offered) -> None:
        require(self.members.acts(now, by) and self.offers[terms].code(now, now) == 1)
        require(by in terms[1:3])

    def _require_side(self, now: int, by: str, pair: Pair) -> None:
        require(self.members.acts(now, by) and by in pair and bool(self.agreed[pair]))


class Operators:
    """The operators of each country's customs, by their codes, and the codes by which others know them."""

    def __init__(self, members: Members) -> None:
        self.members = members
        self.granted: dict[tuple[str, str], History] = defaultdict(History)
        self.suspensions: dict[tuple[str, str], History] = defaultdict(History)
        self.aliases: dict[tuple[str, str, str], History] = defaultdict(History)
        self.whose: dict[tuple[str, str, str], str] = {}

    def grant(self, now: int, by: str, code: str, tier: int, roles: int, begin: int, end: int) -> None:
        history = self.granted[by, code]
        require(self.members.acts(now, by) and roles < 1 << 24)
        history.add(now, 1, tier << 24 | roles, begin, end, past=not history)

    def end(self, now: int, by: str, code: str, begin: int) -> None:
        require(self.members.acts(now, by))
        self.granted[by, code].close(now, begin)

    def suspend(self, now: int, by: str, code: str, reason: int) -> None:
        require(self.members.acts(now, by) and bool(self.granted[by, code]))
        require(self.suspensions[by, code].code(now, now) != 1)
        self.suspensions[by, code].add(now, 1, reason)

    def reinstate(self, now: int, by: str, code: str) -> None:
        require(self.members.acts(now, by) and self.suspensions[by, code].code(now, now) == 1)
        self.suspensions[by, code].add(now, 0)

    def add_alias(self, now: int, by: str, code: str, counterpart: str, alias: str, begin: int, end: int) -> None:
        key = by, counterpart, alias
        require(self.members.acts(now, by) and bool(self.granted[by, code]))
        require(self.whose.get(key, code) == code)
        self.aliases[key].add(now, 1, 0, begin, end, past=not self.aliases[key])
        self.whose[key] = code

    def end_alias(self, now: int, by: str, counterpart: str, alias: str, begin: int) -> None:
        require(self.members.acts(now, by))
        self.aliases[by, counterpart, alias].close(now, begin)

    def answer(self, country: str, code: str, time: int, known: int) -> tuple[str, int, int]:
        fact = self.granted[country, code].at(time, known)
        if fact is None or fact.code == 0:
            return ("ENDED" if self.granted[country, code].ended(time, known) else "NONE"), 0, 0
        suspended = self.suspensions[country, code].code(time, known) == 1
        state = "SUSPENDED" if suspended else "AUTHORIZED"
        if self.members.of[country].ended(time, known):
            state = "LEFT"
        return state, fact.detail >> 24, fact.detail % (1 << 24)
