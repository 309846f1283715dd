"""The same question asked of an evidence file alone: it must be answered as it was online at the same block."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ledger.block import Block
from tests.verifier.world import proof_of
from verifier.axes import Authentic, Usable
from verifier.evidence_file import EvidenceFile
from verifier.evidence_making import EvidenceMaker
from verifier.evidence_reading import read_evidence
from verifier.offline import offline
from verifier.outcome import Outcome
from verifier.question import Question
from verifier.registry_facts import RegistryFacts
from verifier.subject import Subject
from verifier.trust_making import trust_roots
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots
from verifier.verdict import Verdict

if TYPE_CHECKING:
    from tests.verifier.chain_case import Case


def roots_of(case: "Case") -> TrustRoots:
    """As of now, written and read again."""
    consortium = case.consortium
    made = trust_roots(consortium.network, consortium.registries.authority, consortium.chain.head())
    read = read_trust(as_file(made))
    assert read == made
    return read


def as_file(roots: TrustRoots) -> bytes:
    return json.dumps(roots.to_json()).encode()


def file_of(
    case: "Case", subject: Subject, relying_country: str | None = None, operator_code: str | None = None
) -> EvidenceFile:
    """Made at the newest block, which everybody cosigns; written and read again."""
    consortium = case.consortium
    checkpoint = consortium.checkpoint()
    proof = proof_of(checkpoint, case.cosigned(checkpoint, "CN", "SG", "KR", "JP"))
    facts = RegistryFacts(consortium.chain, consortium.registries, consortium.network.finality)
    maker = EvidenceMaker(case, consortium.chain, consortium.network, lambda: proof, facts.finality, "cn.customs")
    made = maker.make(subject, int(consortium.clock()), relying_country, operator_code=operator_code)
    read = read_evidence(made.encode())
    assert read == made
    return read


def judged(
    file: EvidenceFile, roots: TrustRoots, clock: float, subject: Subject | None = None, **question: Any
) -> Verdict:
    return offline(file, roots, clock=lambda: clock).verify(subject or file.subject, Question(**question))


def check(case: "Case", subject: Subject, question: dict[str, Any], online: Verdict) -> None:
    """With the envelope in the file, and with a file of the digest alone to which the envelope is presented."""
    country = question.get("relying_country")
    whole = file_of(case, subject, country)
    assert subject.digest
    named = file_of(case, Subject.named(subject.digest), country)
    for file in (whole, whole.without_envelope()):
        assert plain(judged(file, case.roots, case.consortium.clock(), subject, **question)) == plain(online)
    # Which stranger's key, operator or place outside the scope an envelope is about, nobody knows without it.
    found = judged(named, case.roots, case.consortium.clock(), subject, **question)
    if plain(found) != plain(online):
        assert Outcome.UNKNOWN in {one.outcome for one in found.findings}
        assert found.authentic in (online.authentic, Authentic.INDETERMINATE)
        assert found.usable in (online.usable, Usable.UNKNOWN)


def plain(verdict: Verdict) -> tuple[Any, ...]:
    """What two verdicts must share whose anchors are proved final by another block."""
    final = {"finality"}
    findings = [
        (one.code, one.outcome, {name: value for name, value in one.facts.items() if name not in final}, one.pointer)
        for one in verdict.findings
    ]
    block = verdict.as_of
    as_of = replace(block, parent_hash=bytes(32), transactions=()) if isinstance(block, Block) else None
    return (verdict.authentic, verdict.usable, verdict.digest, verdict.asked, as_of, findings)
