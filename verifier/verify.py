"""The procedure of a verification, step by step."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from ledger.block import Block
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


def verify(subject: Subject, question: Question, sources: Sources, now: int, policy: Policy = DEFAULT) -> Verdict:
    """Judge one subject. `now`: the device's clock, seconds since the epoch. Raises nothing of its sources.

    1. Fix the block: the newest one. Every fact is read at it.
    2. Gather: what cannot be read is Missing.
    3. Settle the question: without a time, it is about the block's.
    4. Make every check.
    5. Fold the findings.
    """
    # 1. Fix the block.
    head = read_head(sources)
    return _verify_at(head, subject, question, sources, now, policy)


def verify_many(
    subjects: Iterable[Subject],
    question: Question,
    sources: Sources,
    clock: Callable[[], float],
    policy: Policy = DEFAULT,
) -> Iterator[Verdict]:
    """Judge many subjects, in their order, as they come; step 1 is made once for every PER_BLOCK of them."""
    remaining = iter(subjects)
    while group := list(islice(remaining, PER_BLOCK)):
        # 1. Fix the block.
        head = read_head(sources)
        for subject in group:
            yield _verify_at(head, subject, question, sources, int(clock()), policy)


def judge(evidence: Evidence, question: Question, policy: Policy = DEFAULT) -> Verdict:
    """Steps 3 to 5: the verdict on what was gathered. Pure: the same evidence gives the same verdict."""
    # 3. Settle the question.
    asked = _settle(question, evidence, policy)
    # 4. Make every check.
    findings = tuple(finding for check in CHECKS.values() for finding in check(evidence, asked))
    # 5. Fold the findings.
    authentic = fold_authentic(findings, policy)
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


def _verify_at(
    head: Block | Missing, subject: Subject, question: Question, sources: Sources, now: int, policy: Policy
) -> Verdict:
    # 2. Gather.
    return judge(gather(subject, sources, head, now), question, policy)


def _settle(question: Question, evidence: Evidence, policy: Policy) -> Asked:
    present = evidence.clock if isinstance(evidence.head, Missing) else evidence.head.timestamp
    return Asked(
        at=present if question.at is None else question.at,
        freshness=policy.limit(evidence.kind),
        known_at=question.known_at,
        relying_country=question.relying_country,
    )
