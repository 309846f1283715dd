"""The whole of it: documents in, recommendation out, with all that it rests on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from verifier.consignment.credit import Credit, credits_of
from verifier.consignment.judging import Consignment, judge_consignment
from verifier.consignment.statement import Statement
from verifier.decision.fact import Facts
from verifier.decision.facts_of import facts_of, transport_documents
from verifier.decision.policy import DecisionPolicy
from verifier.decision.recommendation import Recommendation, recommend
from verifier.question import Question
from verifier.subject import Subject
from verifier.verify import Verifier

Draw = Callable[[Sequence[bytes]], int | None]
"""Gives the number of a consignment by its transport documents, or None where it is not to be told."""


@dataclass(frozen=True, slots=True)
class Decision:
    """drawn_for: the digests that a sample is drawn for. draw: their number; None if it is not to be told."""

    consignment: Consignment
    operators: tuple[Credit, ...]
    facts: Facts
    recommendation: Recommendation
    policy: DecisionPolicy
    drawn_for: tuple[bytes, ...]
    draw: int | None = None


def decide(
    verifier: Verifier,
    presented: Sequence[Subject | Statement],
    question: Question,
    policy: DecisionPolicy,
    draw: Draw = lambda digests: None,
) -> Decision:
    """Judge the documents, compare them, and apply the rules. Raises nothing of the verifier's sources."""
    consignment = judge_consignment(verifier, presented, question, policy.tolerance)
    found = tuple(credits_of(consignment))
    facts = facts_of(consignment, found)
    digests = tuple(sorted(transport_documents(consignment)))
    number = draw(digests) if digests else None
    return Decision(consignment, found, facts, recommend(policy, facts, number), policy, digests, number)
