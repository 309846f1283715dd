"""The documents of one consignment: each judged by itself, then laid beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.block import Block
from ledger.kinds.aeo_credential import AEO_CREDENTIAL
from verifier.axes import Authentic, Usable
from verifier.consignment.checks import cross_check
from verifier.consignment.cross_finding import CrossFinding
from verifier.consignment.nature import Nature
from verifier.consignment.paper import Paper
from verifier.consignment.statement import Statement
from verifier.consignment.tolerance import Tolerance
from verifier.evidence import Evidence
from verifier.gather import gather, read_head
from verifier.missing import Missing
from verifier.policy import Policy
from verifier.question import Question
from verifier.subject import Subject
from verifier.verdict import Verdict, fold_usable
from verifier.verify import Verifier, judge


@dataclass(frozen=True, slots=True)
class JudgedPaper:
    """A document with its own verdict, and what that rests on; a statement has neither.

    use: *usable* apart from recognition, save for an AEO credential: whether a country recognises a bill or a
    certificate decides what they give a right to, and not how closely to look.
    """

    paper: Paper
    verdict: Verdict | None = None
    evidence: Evidence | None = None
    statement: Statement | None = None
    use: Usable | None = None


@dataclass(frozen=True, slots=True)
class Consignment:
    """What was found out about all of them at one block (None: no node answered)."""

    papers: tuple[JudgedPaper, ...]
    findings: tuple[CrossFinding, ...]
    question: Question
    as_of: Block | None

    @property
    def signed(self) -> list[tuple[JudgedPaper, Verdict]]:
        """The documents that have a verdict."""
        return [(one, one.verdict) for one in self.papers if one.verdict is not None]


def judge_consignment(
    verifier: Verifier,
    presented: Sequence[Subject | Statement],
    question: Question = Question(),  # noqa: B008
    tolerance: Tolerance = Tolerance(),  # noqa: B008
) -> Consignment:
    """Judge every document at one block, then compare them. Raises nothing of the verifier's sources.

    What is found between documents never changes a verdict: each stands for itself.
    """
    head = read_head(verifier.sources)
    papers = tuple(_judged(verifier, head, number, one, question) for number, one in enumerate(presented))
    findings = tuple(cross_check([one.paper for one in papers], tolerance))
    return Consignment(papers, findings, question, None if isinstance(head, Missing) else head)


def _judged(
    verifier: Verifier, head: Block | Missing, number: int, presented: Subject | Statement, question: Question
) -> JudgedPaper:
    if isinstance(presented, Statement):
        paper = Paper(number, presented.kind, presented.document, Nature.STATED)
        return JudgedPaper(paper, statement=presented)
    evidence = gather(presented, verifier.sources, head, int(verifier.clock()), question.relying_country)
    verdict = judge(evidence, question, verifier.policy)
    reading = evidence.reading
    paper = Paper(
        number=number,
        kind=evidence.kind or "",
        document=reading.document if reading else None,
        nature=Nature.SIGNED if verdict.authentic is Authentic.VALID else Nature.NOT_VALID,
        withheld=reading.withheld if reading else (),
    )
    return JudgedPaper(paper, verdict, evidence, use=_use(verdict, verifier.policy))


def _use(verdict: Verdict, policy: Policy) -> Usable:
    if verdict.kind == AEO_CREDENTIAL.name:
        return verdict.usable
    findings = [finding for finding in verdict.findings if finding.check != "recognition"]
    return fold_usable(findings, policy, verdict.authentic)
