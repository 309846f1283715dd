"""The 15 members of RCEP, their AEO programmes, and which of them recognise which, as far as it is known.

Read from `data/`: what is doubtful there stays doubtful here (docs/rcep.md says how each doubt is treated).
"""

from dataclasses import dataclass
from enum import StrEnum

from api.demonstration.table import last_day, parsed, start_of
from ledger.country import to_bytes2

PROGRAMME = "aeo"
AAMRA = "aamra"
"""The arrangement that ASEAN's members signed together; the others are between two countries."""

_MEMBERS = ("country", "alpha3", "name", "in_force", "programme", "programme_name", "since", "aamra_live", "doubt")
_PAIRS = ("a", "b", "signed", "in_effect", "state", "arrangement", "doubt")
_ALL = "*"


class Doubt(StrEnum):
    """What of a row is not certain."""

    IN_FORCE = "in-force"
    PROGRAMME = "programme"
    SINCE = "since"
    SIGNED = "signed"
    EFFECTIVE = "effective"
    EXISTENCE = "existence"
    DERIVED = "derived"


class PairState(StrEnum):
    """How far two countries have come. Signed is not in effect; of an unverified pair nothing is certain."""

    IN_EFFECT = "in-effect"
    SIGNED = "signed"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of RCEP. Dates are as stated: a day, a month, a year, or empty where it is not known.

    programme: its AEO programme's abbreviation, empty where none runs. aamra_live: since when it takes part in the
    ASEAN arrangement.
    """

    country: str
    alpha3: str
    name: str
    in_force: str
    programme: str
    programme_name: str
    since: str
    aamra_live: str
    doubts: frozenset[Doubt]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two countries and the arrangement between them; `b` is `*` for all parties of a multilateral one."""

    a: str
    b: str
    signed: str
    in_effect: str
    state: PairState
    arrangement: str
    doubts: frozenset[Doubt]

    @property
    def is_doubtful(self) -> bool:
        """Whether anything of it is not certain."""
        return bool(self.doubts)

    @property
    def signed_at(self) -> int:
        """When both had surely signed, in seconds since the epoch; 0 where that is not known.

        A month or year counts from its last day on; what took effect was signed by then.
        """
        if self.signed:
            return start_of(last_day(self.signed))
        return self.effective_from

    @property
    def effective_from(self) -> int:
        """Since when each recognises the other, in seconds since the epoch; 0 (on acceptance) if it is not known."""
        return start_of(self.in_effect) if self.in_effect else 0


def members() -> tuple[Member, ...]:
    """Return the members by their codes. Raises Invalid `table.form`."""
    return tuple(parsed("members", _MEMBERS, _member))


def pairs() -> tuple[Pair, ...]:
    """Return every pair of the table, the unverified too. Raises Invalid `table.form`."""
    return tuple(parsed("pairs", _PAIRS, _pair))


def pairs_in_effect() -> tuple[Pair, ...]:
    """Return the pairs that recognise each other; some only since a day that is not known."""
    return tuple(pair for pair in pairs() if pair.state is PairState.IN_EFFECT)


def signatories() -> tuple[str, ...]:
    """Return the countries that signed the ASEAN arrangement, in effect for them or not."""
    found = {country for pair in pairs() if pair.arrangement == AAMRA for country in (pair.a, pair.b)}
    return tuple(sorted(found - {_ALL}))


def _member(row: dict[str, str]) -> Member:
    for day in (row["in_force"], row["aamra_live"]):
        if day:
            start_of(day)
    if row["since"]:
        last_day(row["since"])
    if bool(row["programme"]) != bool(row["programme_name"]) or not to_bytes2(row["country"]):
        raise ValueError("a programme has an abbreviation and a name")
    texts = {name: row[name] for name in _MEMBERS[:-1]}
    return Member(**texts, doubts=_doubts(row))


def _pair(row: dict[str, str]) -> Pair:
    pair = Pair(
        row["a"], row["b"], row["signed"], row["in_effect"], PairState(row["state"]), row["arrangement"], _doubts(row)
    )
    in_effect = pair.state is PairState.IN_EFFECT
    for country in {pair.a, pair.b} - {_ALL}:
        to_bytes2(country)
    if pair.a == pair.b or (pair.b == _ALL) != (pair.state is PairState.SIGNED):
        raise ValueError("only a country for which nothing is in effect stands beside all others")
    if (pair.state is PairState.UNVERIFIED) != (not pair.arrangement) or (pair.in_effect and not in_effect):
        raise ValueError("what is not in effect has no date, what is not verified no arrangement")
    if in_effect and not pair.in_effect and Doubt.EFFECTIVE not in pair.doubts:
        raise ValueError("a start that is not known is a doubt")
    if pair.in_effect and pair.signed_at > pair.effective_from:
        raise ValueError("nothing takes effect before it is signed")
    return pair


def _doubts(row: dict[str, str]) -> frozenset[Doubt]:
    return frozenset(map(Doubt, row["doubt"].split()))
