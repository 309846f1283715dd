"""The procedure of a verification, step by step."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ledger.block import Block
from verifier.axes import Authentic
from verifier.checks import CHECKS
from verifier.evidence import Evidence
from verifier.facts import Finality
from verifier.gather import gather, read_head
from verifier.missing import Missing
from verifier.policy import DEFAULT, Policy
from verifier.question import Asked, Question
from verifier.sources import Sources
from verifier.subject import Subject
from verifier.verdict import Verdict, fold_authentic, fold_usable

PER_BLOCK = 1_000
"""How many subjects of a bulk verification are judged at one block before the newest one is asked for again."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Judges by one policy, from one set of sources. `clock`: the device's, seconds. Raises nothing of its sources.

    1. Fix the block: the newest one. Every fact is read at it.
    2. Gather: what cannot be read is Missing.
    3. Settle the question: without a time, it is about the block's.
    4. Make every check.
    5. Fold the findings.
    """

    sources: Sources
    policy: Policy = DEFAULT
    clock: Callable[[], float] = time.time

    def verify(self, subject: Subject, question: Question = Question()) -> Verdict:  # noqa: B008
        """Judge one subject."""
        # 1. Fix the block.
        return self._at(read_head(self.sources), subject, question)

    def verify_many(self, subjects: Iterable[Subject], question: Question = Question()) -> Iterator[Verdict]:  # noqa: B008
        """Judge many subjects, in their order, as they come; step 1 is made once for every PER_BLOCK of them."""
        remaining = iter(subjects)
        while group := list(islice(remaining, PER_BLOCK)):
            # 1. Fix the block.
            head = read_head(self.sources)
            for subject in group:
                yield self._at(head, subject, question)

    def _at(self, head: Block | Missing, subject: Subject, question: Question) -> Verdict:
        # 2. Gather.
        evidence = gather(subject, self.sources, head, int(self.clock()), question.relying_country)
        return judge(evidence, question, self.policy)


def judge(evidence: Evidence, question: Question, policy: Policy = DEFAULT) -> Verdict:
    """Steps 3 to 5: the verdict on what was gathered. Pure: the same evidence gives the same verdict."""
    # 3. Settle the question.
    asked = _settle(question, evidence, policy)
    # 4. Make every check.
    findings = tuple(finding for check in CHECKS.values() for finding in check(evidence, asked))
    # 5. Fold the findings.
    authentic = fold_authentic(findings, policy)
    if authentic is Authentic.INVALID and evidence.subject.bare_digest is not None:
        # Whose document it is was only the archive's word: the inputs are not complete.
        authentic = Authentic.INDETERMINATE
    return Verdict(
        authentic=authentic,
        usable=fold_usable(findings, policy, authentic),
        findings=findings,
        digest=evidence.subject.digest,
        issuer=evidence.issuer_id,
        kind=evidence.kind,
        asked=asked,
        as_of=evidence.head if isinstance(evidence.head, Block) else None,
        finality=evidence.finality if isinstance(evidence.finality, Finality) and evidence.final else None,
        policy=policy.version,
    )


def _settle(question: Question, evidence: Evidence, policy: Policy) -> Asked:
    present = evidence.clock if isinstance(evidence.head, Missing) else evidence.head.timestamp
    return Asked(
        at=present if question.at is None else question.at,
        freshness=policy.limit(evidence.kind),
        known_at=question.known_at,
        relying_country=question.relying_country,
        ageing=policy.warning(evidence.kind),
        carried=policy.carried,
    )
