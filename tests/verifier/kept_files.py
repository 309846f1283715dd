"""Evidence files to be changed: about a genuine document, another, a forged one, and one of before the anchor."""

from typing import Any

from ledger.private_key import PrivateKey
from tests.verifier.chain_case import ISSUER, Case
from tests.verifier.file_twin import file_of, judged
from verifier.axes import Authentic, Usable
from verifier.evidence_file import EvidenceFile
from verifier.subject import Subject
from verifier.trust_roots import TrustRoots
from verifier.verdict import Verdict

GOOD = (Authentic.VALID, Usable.ACTIVE)
EVERYBODY = ("CN", "SG", "KR", "JP")


class Kept:
    """Files about one genuine document, about another, about a forged one, and one of before the anchor."""

    def __init__(self, case: Case) -> None:
        self.case = case
        first = case.anchored()
        self.before = file_of(case, Subject.presented(first.serialize()))
        case.consortium.clock.advance(1)
        document, other = case.anchored(), case.anchored(issuer="sg.carrier")
        forged = case.issue(key=PrivateKey.generate(case.consortium.issuer_key(ISSUER).public_key.algorithm))
        case.anchor(forged)
        self.genuine, self.other, self.forged = (
            file_of(case, Subject.presented(one.serialize())) for one in (document, other, forged)
        )
        self.roots, self.now = case.roots, case.consortium.clock()

    def verdict(self, file: EvidenceFile, roots: TrustRoots | None = None, **question: Any) -> Verdict:
        return judged(file, roots or self.roots, self.now, **question)
