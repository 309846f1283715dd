"""A consortium whose members change the keys that they cosign with, and the checkpoints that a node keeps meanwhile."""

from random import Random
from typing import Any

from anchors.finality import FinalityProof
from ledger.authority import Purpose
from ledger.checkpoint import TYPE, Cosignature
from ledger.jws import sign_statement
from ledger.private_key import PrivateKey
from ledger.transaction import Call
from tests.verifier.chain_case import Case
from tests.verifier.file_twin import as_file, judged
from tests.verifier.world import proof_of
from verifier.evidence_file import EvidenceFile
from verifier.evidence_making import EvidenceMaker
from verifier.evidence_reading import read_evidence
from verifier.hand_over_making import HandOverMaker
from verifier.registry_facts import RegistryFacts
from verifier.subject import Subject
from verifier.trust_making import trust_roots
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots
from verifier.verdict import Verdict

COUNTRIES = ("CN", "SG", "KR", "JP")


class ChangingRoster:
    """keys: with which each country's customs signs now. proofs: kept, oldest first."""

    def __init__(self, case: Case) -> None:
        self.case, consortium = case, case.consortium
        self.keys = {one: consortium.service_key(customs(one), Purpose.CHECKPOINTS) for one in COUNTRIES}
        self.proofs: list[FinalityProof] = []
        self.document = case.anchored()

    # --- what members do

    @property
    def registry(self) -> Any:
        return self.case.consortium.registries.authority

    def rotate(self, country: str, *, overlapping: bool = False) -> None:
        """Sign with a new key from now on; the old one ends at once, or serves on until `retire`."""
        old, new = self.keys[country], PrivateKey.generate(self.keys[country].public_key.algorithm)
        self.enter(country, new)
        if not overlapping:
            self.retire(country, old)

    def enter(self, country: str, key: PrivateKey) -> None:
        self.act(country, self.registry.add_service_key(customs(country), Purpose.CHECKPOINTS, key.public_key))
        self.keys[country] = key

    def retire(self, country: str, key: PrivateKey) -> None:
        self.act(country, self.registry.end_service_key(key.public_key.thumbprint))

    def act(self, country: str, call: Call) -> None:
        self.case.act(call, customs(country))

    # --- what a node keeps

    def checkpoint(self, *countries: str, keys: dict[str, PrivateKey] | None = None) -> FinalityProof:
        """Have the newest block cosigned, and keep the proof."""
        self.case.consortium.clock.advance(1)
        self.case.consortium.embedded.mine()
        checkpoint = self.case.consortium.checkpoint()
        signers = self.keys | (keys or {})
        cosignatures = [
            Cosignature(
                customs(one),
                signers[one].public_key.kid,
                sign_statement(checkpoint.claims(), signers[one], TYPE),
            )
            for one in countries or COUNTRIES
        ]
        self.proofs.append(proof_of(checkpoint, tuple(cosignatures)))
        return self.proofs[-1]

    def replace_japan_by_thailand(self) -> None:
        """Vote on it, and change two of the other members' keys, with the checkpoints that lead over all that."""
        self.checkpoint()
        self.case.vote(self.registry.end_member("JP"), self.registry.admit_member("TH"))
        self.checkpoint("CN", "SG", "KR")
        for country in ("CN", "SG"):
            # Thailand does not sign yet, so each of the others is needed: the old key signs once more.
            before = self.keys[country]
            self.rotate(country, overlapping=True)
            self.checkpoint("CN", "SG", "KR", keys={country: before})
            self.retire(country, before)
            self.checkpoint("CN", "SG", "KR")

    def wander(self, chance: Random) -> list[TrustRoots]:
        """Random changes, not each with a checkpoint after it; the roots of before, between, and of the end."""
        roots = [self.roots()]
        self.checkpoint()
        for _ in range(8):
            self.rotate(chance.choice(COUNTRIES), overlapping=chance.random() < 0.3)
            if chance.random() < 0.8:
                self.checkpoint(*chance.sample(COUNTRIES, chance.randint(3, 4)))
            roots.append(self.roots())
        self.checkpoint()
        return roots

    def newest(self, until: int | None = None) -> FinalityProof | None:
        held = [one for one in self.proofs if until is None or one.time <= until]
        return held[-1] if held else None

    @property
    def maker(self) -> HandOverMaker:
        return HandOverMaker(self.case.consortium.chain, self.case.consortium.network, self.newest)

    def file(self, trusted_block: int | None = None) -> EvidenceFile:
        """Evidence at the newest checkpoint; written and read again."""
        consortium = self.case.consortium
        facts = RegistryFacts(consortium.chain, consortium.registries, consortium.network.finality)
        maker = EvidenceMaker(
            self.case, consortium.chain, consortium.network, self.newest, facts.finality, "cn.customs"
        )
        subject = Subject.presented(self.document.serialize())
        made = maker.make(subject, int(consortium.clock()), None, trusted_block)
        read = read_evidence(made.encode())
        assert read == made
        return read

    # --- what others trust

    def roots(self) -> TrustRoots:
        """As of now, written and read again."""
        consortium = self.case.consortium
        return read_trust(as_file(trust_roots(consortium.network, self.registry, consortium.chain.head())))

    def verdict(self, file: EvidenceFile, roots: TrustRoots) -> Verdict:
        return judged(file, roots, self.case.consortium.clock())


def customs(country: str) -> str:
    return f"{country.lower()}.customs"
