"""Which of the verdicts that were given without a line the newest facts contradict, so that customs can follow up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.errors import Invalid
from ledger.offline_verdict import OfflineVerdict
from verifier.axes import Usable
from verifier.outcome import Outcome
from verifier.question import Question
from verifier.subject import Subject
from verifier.verdict import Verdict
from verifier.verify import Verifier

_NOT_USABLE = frozenset(
    {
        Usable.REVOKED,
        Usable.SURRENDERED,
        Usable.ON_PAPER,
        Usable.SUPERSEDED,
        Usable.SUSPENDED,
        Usable.EXPIRED,
        Usable.NOT_RECOGNISED,
    }
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """now, then: what is known now, of now and of when the verdict was given; contradicted: the verdict was better."""

    now: str
    then: str
    contradicted: bool
    reasons: tuple[str, ...]

    def to_json(self) -> Mapping[str, Any]:
        """Return the members of the answer."""
        return {"now": self.now, "then": self.then, "contradicted": self.contradicted, "reasons": list(self.reasons)}


def compare(verifier: Verifier, one: OfflineVerdict) -> Contradiction:
    """Ask the newest facts about the document, by its digest: the envelope is not here.

    A fault of the node gives UNKNOWN, which contradicts nothing.
    """
    if one.digest is None:
        return Contradiction(Usable.UNKNOWN, Usable.UNKNOWN, False, ())
    now, then = (_asked(verifier, one, at) for at in (None, one.at))
    given = one.usable
    worse = [found for found in (then, now) if found.usable in _NOT_USABLE and found.usable != given]
    reasons = tuple(dict.fromkeys(code for found in worse for code in _reasons(found)))
    contradicted = given == Usable.ACTIVE and bool(worse)
    return Contradiction(now.usable, then.usable, contradicted, reasons if contradicted else ())


def _asked(verifier: Verifier, one: OfflineVerdict, at: int | None) -> Verdict:
    subject = Subject.named(one.digest or b"")
    try:
        return verifier.verify(subject, Question(at, relying_country=one.relying_country))
    except Invalid:
        # A country that is none: the device's own check of it was another edition's.
        return verifier.verify(subject, Question(at))


def _reasons(verdict: Verdict) -> list[str]:
    return [one.code for one in verdict.findings if one.outcome is Outcome.FAIL or one.usable in _NOT_USABLE]
