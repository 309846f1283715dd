"""Is an operator authorised, and if not, why? Pure; the twin of OperatorRegistry.status."""

from dataclasses import dataclass
from enum import StrEnum

from ledger.dated_list import Entries, Entry, at
from ledger.operator import OperatorState, roles_of, tier_of
from ledger.trade_role import ANY_ROLE, TradeRole
from verifier.recognition_answer import has_ended


class OperatorReason(StrEnum):
    """Why the answer is yes (`authorised`) or no. LEFT: its customs left office, or its country the consortium."""

    AUTHORISED = "authorised"
    UNKNOWN = "operator-unknown"
    LATER = "operator-not-yet"
    SUSPENDED = "operator-suspended"
    ENDED = "operator-ended"
    LEFT = "authority-left"


@dataclass(frozen=True, slots=True)
class OperatorFacts:
    """What the registries hold of one operator: its status, its suspensions, its customs' office and its country."""

    authority: str
    operator: bytes
    country: str | None
    entries: Entries = ()
    suspensions: Entries = ()
    office: Entries = ()
    membership: Entries = ()


@dataclass(frozen=True, slots=True)
class OperatorAnswer:
    """The answer for one time; `entry` decides it. tier and roles: where the operator was authorised then."""

    reason: OperatorReason
    entry: Entry | None = None
    tier: int = 0
    roles: TradeRole = ANY_ROLE

    @property
    def authorised(self) -> bool:
        """Whether the answer is yes."""
        return self.reason is OperatorReason.AUTHORISED

    @property
    def state(self) -> OperatorState:
        """What the contract answers."""
        return _STATES[self.reason]

    @property
    def since(self) -> int | None:
        """The date that the reason names, seconds since the epoch."""
        if self.entry is None or self.reason is OperatorReason.LEFT:
            return None
        ran_out = self.reason is OperatorReason.ENDED and self.entry.code != 0
        return self.entry.effective_until if ran_out else self.entry.effective_from


_STATES = {
    OperatorReason.AUTHORISED: OperatorState.AUTHORIZED,
    OperatorReason.UNKNOWN: OperatorState.NONE,
    OperatorReason.LATER: OperatorState.NONE,
    OperatorReason.SUSPENDED: OperatorState.SUSPENDED,
    OperatorReason.ENDED: OperatorState.ENDED,
    OperatorReason.LEFT: OperatorState.LEFT,
}
_WORDS = {
    OperatorReason.AUTHORISED: ("已获认证。", "It is authorised."),
    OperatorReason.UNKNOWN: ("该海关没有登记这个经营者。", "Its customs has no such operator."),
    OperatorReason.LATER: ("认证尚未开始。", "Its authorisation has not begun."),
    OperatorReason.SUSPENDED: ("认证已被其海关暂停。", "Its customs has suspended it."),
    OperatorReason.ENDED: ("认证已终止。", "Its authorisation has ended."),
    OperatorReason.LEFT: ("其海关已不在联盟之内。", "Its customs is no longer in the consortium."),
}


def operator_answer(facts: OperatorFacts, time: int, known_at: int | None = None) -> OperatorAnswer:
    """Return the answer at `time` as known at `known_at` (None: as known now), seconds since the epoch."""
    known = [entry for entry in facts.entries if known_at is None or entry.recorded_at <= known_at]
    covering = at(known, time)
    if covering is None or covering.code == 0:
        return _not_covered(known, covering, time)
    reason, entry = OperatorReason.AUTHORISED, covering
    suspension = at(facts.suspensions, time, known_at)
    if any(has_ended(entries, time, known_at) for entries in (facts.office, facts.membership)):
        reason = OperatorReason.LEFT
    elif suspension and suspension.code == 1:
        reason, entry = OperatorReason.SUSPENDED, suspension
    return OperatorAnswer(reason, entry, tier_of(covering), roles_of(covering))


def operator_sentence(answer: OperatorAnswer) -> dict[str, str]:
    """Return the sentence by language, `zh` and `en`."""
    chinese, english = _WORDS[answer.reason]
    return {"zh": chinese, "en": english}


def _not_covered(known: list[Entry], covering: Entry | None, time: int) -> OperatorAnswer:
    begun = [entry for entry in known if entry.effective_from <= time]
    if begun:
        return OperatorAnswer(OperatorReason.ENDED, covering or begun[-1])
    return OperatorAnswer(OperatorReason.LATER, known[-1]) if known else OperatorAnswer(OperatorReason.UNKNOWN)
