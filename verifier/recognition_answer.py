"""Does one country recognise another for a programme, and if not, why? Pure; the twin of the contract's `recognition`.

The contract answers with a state; here no comes with its reason, so that who only signed is told apart from a stranger.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ledger.dated_list import Entries, Entry, at, code_at
from ledger.recognition import Direction, PartyState, RecognitionState, Terms
from ledger.trade_role import ANY_ROLE, TradeRole


class Reason(StrEnum):
    """Why the answer is yes (IN_EFFECT) or no.

    SIGNED: both are parties of an arrangement, and this direction was never agreed. LATER: agreed, and begins later.
    LEFT: one side has left the arrangement or the consortium. SAME: one country, asked about itself.
    ROLE_NOT_COVERED, ROLE_NOT_STATED: in effect, not for what this operator does (RecognitionAnswer.for_roles).
    """

    IN_EFFECT = "in-effect"
    NONE = "not-agreed"
    SIGNED = "signed-not-in-effect"
    LATER = "not-yet"
    SAME = "same-country"
    ROLE_NOT_COVERED = "role-not-covered"
    ROLE_NOT_STATED = "role-not-stated"
    SUSPENDED = "suspended"
    ENDED = "ended"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One entry of a direction's list (code 1 agreed, detail: the roles; 0 ended), and the terms that it came from."""

    entry: Entry
    offer: bytes | None = None
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class DirectionFacts:
    """All that the registry holds about one direction. Keys of the mappings are countries, or arrangements.

    suspensions: by the side that suspends. members: of the consortium, code 1 or not. parties: of every arrangement
    of the programme, by side (PartyState).
    """

    direction: Direction
    agreements: tuple[Agreement, ...] = ()
    suspensions: Mapping[str, Entries] = field(default_factory=dict)
    members: Mapping[str, Entries] = field(default_factory=dict)
    parties: Mapping[str, Mapping[str, Entries]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecognitionAnswer:
    """The answer for one time. `entry`: what decides it (the agreement, the end, the suspension); None if nothing does.

    by: which side suspended or left. arrangements: what the agreement came from, or for SIGNED what both signed.
    roles: ANY_ROLE means whatever the role.
    """

    reason: Reason
    entry: Entry | None = None
    by: tuple[str, ...] = ()
    arrangements: tuple[str, ...] = ()
    roles: TradeRole = ANY_ROLE
    agreement: Agreement | None = None

    @property
    def in_effect(self) -> bool:
        """Whether the answer is yes."""
        return self.reason is Reason.IN_EFFECT

    @property
    def state(self) -> RecognitionState:
        """What the contract answers."""
        return _STATES[self.reason]

    def for_roles(self, roles: TradeRole) -> "RecognitionAnswer":
        """Return the answer for an operator of these roles (ANY_ROLE: none is registered for it)."""
        if not self.in_effect or self.roles == ANY_ROLE or self.roles & roles:
            return self
        return replace(self, reason=Reason.ROLE_NOT_COVERED if roles else Reason.ROLE_NOT_STATED)


_STATES = {
    Reason.IN_EFFECT: RecognitionState.IN_EFFECT,
    Reason.SUSPENDED: RecognitionState.SUSPENDED,
    Reason.ENDED: RecognitionState.ENDED,
    Reason.LEFT: RecognitionState.LEFT,
    Reason.NONE: RecognitionState.NONE,
    Reason.SIGNED: RecognitionState.NONE,
    Reason.LATER: RecognitionState.NONE,
    Reason.SAME: RecognitionState.NONE,
    Reason.ROLE_NOT_COVERED: RecognitionState.IN_EFFECT,
    Reason.ROLE_NOT_STATED: RecognitionState.IN_EFFECT,
}


def recognition_answer(facts: DirectionFacts, time: int, known_at: int | None = None) -> RecognitionAnswer:
    """Return the answer at `time` as known at `known_at` (None: as known now), seconds since the epoch."""
    known = [one for one in facts.agreements if known_at is None or one.entry.recorded_at <= known_at]
    current = next((one for one in reversed(known) if one.entry.covers(time)), None)
    if current is not None and current.entry.code != 0 and current.terms is not None:
        return _agreed(facts, current, current.terms, time, known_at)
    begun = [one.entry for one in known if one.entry.effective_from <= time]
    if begun:
        return RecognitionAnswer(Reason.ENDED, current.entry if current else begun[-1])
    if known:
        return RecognitionAnswer(Reason.LATER, known[-1].entry, arrangements=_arrangement(known[-1].terms))
    if facts.direction.recogniser == facts.direction.recognised:
        return RecognitionAnswer(Reason.SAME)
    signed = tuple(_signed(facts, time, known_at))
    return RecognitionAnswer(Reason.SIGNED, arrangements=signed) if signed else RecognitionAnswer(Reason.NONE)


def _agreed(
    facts: DirectionFacts, agreement: Agreement, terms: Terms, time: int, known_at: int | None
) -> RecognitionAnswer:
    sides = (terms.recogniser, terms.recognised)
    reason, entry = Reason.IN_EFFECT, agreement.entry
    by = tuple(side for side in sides if _has_left(facts, terms.arrangement, side, time, known_at))
    if by:
        reason = Reason.LEFT
    elif suspended := {side: one for side in sides if (one := _suspension(facts, side, time, known_at))}:
        reason, by, entry = Reason.SUSPENDED, tuple(suspended), next(iter(suspended.values()))
    roles = TradeRole(agreement.entry.detail)
    return RecognitionAnswer(reason, entry, by, (terms.arrangement,), roles, agreement)


def _suspension(facts: DirectionFacts, side: str, time: int, known_at: int | None) -> Entry | None:
    entry = at(facts.suspensions.get(side, ()), time, known_at)
    return entry if entry and entry.code == 1 else None


def _has_left(facts: DirectionFacts, arrangement: str, side: str, time: int, known_at: int | None) -> bool:
    is_party = code_at(facts.parties.get(arrangement, {}).get(side, ()), time, known_at) == PartyState.PARTY
    return not is_party or has_ended(facts.members.get(side, ()), time, known_at)


def has_ended(entries: Sequence[Entry], time: int, known_at: int | None = None) -> bool:
    """Tell whether a fact had begun before `time` and held no longer (DatedList.hasEnded)."""
    if entry := at(entries, time, known_at):
        return entry.code == 0
    return any(
        entry.effective_from <= time and (known_at is None or entry.recorded_at <= known_at) for entry in entries
    )


def _signed(facts: DirectionFacts, time: int, known_at: int | None) -> Iterable[str]:
    sides = (facts.direction.recogniser, facts.direction.recognised)
    for arrangement in facts.parties:
        if not any(_has_left(facts, arrangement, side, time, known_at) for side in sides):
            yield arrangement


def _arrangement(terms: Terms | None) -> tuple[str, ...]:
    return (terms.arrangement,) if terms else ()
