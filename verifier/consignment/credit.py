"""What the AEO credentials of a consignment are worth in the relying country."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.kinds.aeo_credential import AEO_CREDENTIAL
from ledger.recognition import Direction
from verifier.axes import Authentic, Usable
from verifier.benefit import BenefitAnswer, benefit_answer
from verifier.checks.operator import held_of
from verifier.consignment.judging import Consignment
from verifier.evidence import Evidence
from verifier.facts import AuthorityFacts, OperatorLists
from verifier.operator_answer import operator_answer
from verifier.outcome import Outcome
from verifier.programme import PROGRAMMES
from verifier.question import Asked
from verifier.recognition_answer import DirectionFacts, RecognitionAnswer, recognition_answer
from verifier.verdict import Verdict

_UNDECIDED = frozenset({Usable.UNKNOWN, Usable.PENDING})


@dataclass(frozen=True, slots=True)
class Credit:
    """One credential. document: its number; operator: the code; party: whether it is a party here (None: not seen).

    expected: whether its benefits may be expected; None: not known, or no relying country was named.
    benefit: what the registries say, where customs enters the operator in its list.
    """

    document: int
    operator: str
    authority: str | None
    expected: bool | None
    party: bool | None
    benefit: BenefitAnswer | None


def credits_of(consignment: Consignment) -> list[Credit]:
    """Return what each AEO credential that could be opened is worth."""
    return list(_credits(consignment))


def _credits(consignment: Consignment) -> Iterator[Credit]:
    for one, verdict in consignment.signed:
        evidence = one.evidence
        if one.paper.kind != AEO_CREDENTIAL.name or evidence is None or evidence.operator_code is None:
            continue
        yield Credit(
            document=one.paper.number,
            operator=evidence.operator_code,
            authority=evidence.authority_id,
            expected=_expected(verdict),
            party=_is_party(consignment, one.paper.number),
            benefit=_benefit(evidence, verdict.asked, evidence.operator_code),
        )


def _expected(verdict: Verdict) -> bool | None:
    """A credential that is genuine, in force and recognised is what a benefit asks for; *usable* says all of that."""
    if verdict.asked.relying_country is None:
        return None
    if verdict.authentic is Authentic.VALID and verdict.usable is Usable.ACTIVE:
        return True
    undecided = verdict.authentic is Authentic.INDETERMINATE or verdict.usable in _UNDECIDED
    return None if undecided and verdict.authentic is not Authentic.INVALID else False


def _is_party(consignment: Consignment, number: int) -> bool | None:
    """None too for a credential that could not be opened: nobody looked for its operator."""
    holders = (finding for finding in consignment.findings if finding.check == "holder")
    found = next((finding for finding in holders if finding.between[0].document == number), None)
    return None if found is None or found.outcome is Outcome.UNKNOWN else found.outcome is Outcome.PASS


def _benefit(evidence: Evidence, asked: Asked, code: str) -> BenefitAnswer | None:
    if not isinstance(evidence.operator, OperatorLists):
        return None
    operator = operator_answer(held_of(evidence, code, evidence.operator), asked.at, asked.known_at)
    return benefit_answer(operator, _recognition(evidence, asked))


def _recognition(evidence: Evidence, asked: Asked) -> RecognitionAnswer | None:
    held = evidence.recognition
    if not isinstance(held, DirectionFacts):
        country = evidence.authority.country if isinstance(evidence.authority, AuthorityFacts) else None
        if country is None or country != asked.relying_country:
            return None
        held = DirectionFacts(Direction(PROGRAMMES[AEO_CREDENTIAL.name], country, country))
    return recognition_answer(held, asked.at, asked.known_at)
