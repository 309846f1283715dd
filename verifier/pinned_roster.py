"""The members of a consortium and the keys that their authorities cosign checkpoints with, as trust roots pin them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger.dated_list import Entry, code_at
from ledger.jwk import PublicKey
from ledger.roster import Roster, RosterFacts, Seat

Span = tuple[int, int]
"""From, until (exclusive; 0: without end), seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class PinnedKey:
    """A key for checkpoints, and when it is in service."""

    key: PublicKey
    in_service: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PinnedAuthority:
    """An authority: the country that it acts for, when it is in office, and its keys."""

    country: str
    in_office: tuple[Span, ...]
    keys: tuple[PinnedKey, ...]


@dataclass(frozen=True, slots=True)
class PinnedRoster:
    """Members by country, authorities by id."""

    members: Mapping[str, tuple[Span, ...]]
    authorities: Mapping[str, PinnedAuthority]

    def at(self, time: int) -> Roster:
        """Return who may cosign a checkpoint of that time."""
        countries = frozenset(country for country, spans in self.members.items() if covers(spans, time))
        seats = {
            name: Seat(one.country, tuple(key.key for key in one.keys if covers(key.in_service, time)))
            for name, one in self.authorities.items()
            if one.country in countries and covers(one.in_office, time)
        }
        return Roster(countries, seats)


def covers(spans: Iterable[Span], time: int) -> bool:
    """Tell whether a time lies in one of the spans."""
    return any(start <= time and (end == 0 or time < end) for start, end in spans)


def spans_of(entries: Sequence[Entry]) -> tuple[Span, ...]:
    """Return when a dated list says anything but no (code 0), as known now; spans that touch become one."""
    starts = {one.effective_from for one in entries}
    edges = sorted(starts | {one.effective_until for one in entries if one.effective_until})
    spans: list[Span] = []
    for start, end in zip(edges, [*edges[1:], 0], strict=False):
        if not code_at(entries, start):
            continue
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def pinned_of(facts: RosterFacts, known_at: int | None = None) -> PinnedRoster:
    """Return what the registry of authorities says of rosters, as far as it was recorded by `known_at` (None: all)."""

    def spans(entries: Sequence[Entry]) -> tuple[Span, ...]:
        return spans_of([one for one in entries if known_at is None or one.recorded_at <= known_at])

    return PinnedRoster(
        members={country: spans(entries) for country, entries in facts.members.items()},
        authorities={
            name: PinnedAuthority(
                one.country,
                spans(one.entries),
                tuple(PinnedKey(key, spans(entries)) for key, entries in one.keys),
            )
            for name, one in facts.authorities.items()
        },
    )
