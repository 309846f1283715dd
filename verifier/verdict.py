"""The verdict: a pure fold over findings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger.block import Block
from verifier.axes import Authentic, Usable
from verifier.facts import Finality
from verifier.finding import Finding
from verifier.outcome import Outcome
from verifier.policy import Policy
from verifier.question import Asked

__all__ = ["Authentic", "Usable", "Verdict", "fold_authentic", "fold_usable"]

_ORDER = list(Usable)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was asked about what, and the answer, as of a block.

    as_of: the block that the facts were read at; None if no node answered. finality: the form of proof that
    *authentic* rests on; None while there is none. policy: the version of the policy.
    """

    authentic: Authentic
    usable: Usable
    findings: tuple[Finding, ...]
    digest: bytes | None
    issuer: str | None
    kind: str | None
    asked: Asked
    as_of: Block | None
    finality: Finality | None
    policy: str


def fold_authentic(findings: Iterable[Finding], policy: Policy) -> Authentic:
    """INVALID if a required check fails; else INDETERMINATE if one is unknown, skipped or not there; else VALID."""
    outcomes = _outcomes(findings)
    required = [_worst(outcomes[check]) for check in policy.required]
    if Outcome.FAIL in required:
        return Authentic.INVALID
    return Authentic.VALID if all(outcome is Outcome.PASS for outcome in required) else Authentic.INDETERMINATE


def fold_usable(findings: Sequence[Finding], policy: Policy, authentic: Authentic) -> Usable:
    """The first state that any finding implies; ACTIVE only if valid and all that is needed was checked."""
    if authentic is Authentic.INVALID:
        return Usable.UNKNOWN
    implied = [finding.usable for finding in findings if finding.usable]
    if implied:
        return min(implied, key=_ORDER.index)
    outcomes = _outcomes(findings)
    checked = all(_worst(outcomes[check]) is Outcome.PASS for check in policy.needed)
    return Usable.ACTIVE if checked and authentic is Authentic.VALID else Usable.UNKNOWN


def _outcomes(findings: Iterable[Finding]) -> Mapping[str, list[Outcome]]:
    outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
    for finding in findings:
        outcomes[finding.check].append(finding.outcome)
    return outcomes


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the worst outcome of one check; a check without a pass was not made, whatever it warned of."""
    for outcome in (Outcome.FAIL, Outcome.UNKNOWN, Outcome.SKIPPED):
        if outcome in outcomes:
            return outcome
    return Outcome.PASS if Outcome.PASS in outcomes else Outcome.SKIPPED
