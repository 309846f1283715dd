"""Signed reports over a consortium on the embedded chain, and reports that a signer has told lies in."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

from anchors.merkle import inclusion_path, root
from ledger.authority import Purpose, Role
from ledger.compact_jws import sign_text
from ledger.errors import PortsealError
from ledger.private_key import PrivateKey
from ledger.registry_names import AUTHORITIES
from tests.verifier.chain_case import AUTHORITY, Case
from tests.verifier.file_twin import as_file
from tests.verifier.world import proof_of
from verifier.evidence_making import EvidenceMaker, ReadState
from verifier.node_archive import REPORT
from verifier.proved_state import ProvedState
from verifier.question import Question
from verifier.record import Record
from verifier.registry_facts import RegistryFacts
from verifier.signed_report.checking import CheckedReport, check_report
from verifier.signed_report.claims import TYPE
from verifier.signed_report.file import ReportFile
from verifier.signed_report.making import ReportMaker
from verifier.signed_report.reading import read_report
from verifier.signer_facts import read_signer
from verifier.subject import Subject
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots

BY = "cn.customs"


class ReportCase(Case):
    """A case whose verdicts can be had as reports. The newest final block is the newest one, unless it is told."""

    def signer(self, authority: str = BY, purpose: Purpose = Purpose.ANSWERS) -> PrivateKey:
        return self.consortium.service_key(authority, purpose)

    def maker(self, by: str = BY, signer: PrivateKey | None = None, block: int | None = None) -> ReportMaker:
        consortium = self.consortium
        checkpoint = consortium.checkpoint(block)
        proof = proof_of(checkpoint, self.cosigned(checkpoint, "CN", "SG", "KR", "JP"))
        facts = RegistryFacts(consortium.chain, consortium.registries, consortium.network.finality)
        reads = EvidenceMaker(self, consortium.chain, consortium.network, lambda: proof, facts.finality, by)
        return ReportMaker(reads, signer or self.signer(by), "portseal test", clock=consortium.clock)

    def report(self, subject: Subject, made_for: str | None = None, **question: Any) -> ReportFile:
        """Make one, write it and read it again."""
        file = self.maker().make(subject, Question(**question), made_for)
        read = ReportFile.read(file.encode())
        assert read == file
        return read

    def anchor_report(self, digest: bytes) -> tuple[list[bytes], int]:
        """Anchor it among others, and have the block cosigned; return the leaves and the block's time."""
        leaves = [b"a" * 32, digest, b"c" * 32, b"d" * 32, b"e" * 32]
        batch = (root(leaves), len(leaves), digest)
        time = self.act(self.consortium.registries.document.anchor(*batch), AUTHORITY, Role.ANCHOR)
        checkpoint = self.consortium.checkpoint()
        self.records[digest] = Record(
            issuer=BY,
            kind=REPORT,
            batch=batch,
            index=1,
            path=inclusion_path(leaves, 1),
            block_number=checkpoint.number,
            proof=proof_of(checkpoint, self.cosigned(checkpoint, "CN", "SG", "KR", "JP")),
        )
        return leaves, time

    def check(
        self, file: ReportFile, presented: Subject | None = None, roots: TrustRoots | None = None
    ) -> CheckedReport:
        return check_report(file, roots or read_trust(as_file(self.roots)), presented)

    def refused(self, file: ReportFile, presented: Subject | None = None, roots: TrustRoots | None = None) -> str:
        """The code of the error that the check ends with; empty if it does not."""
        try:
            self.check(file, presented, roots)
        except PortsealError as error:
            return error.code
        return ""

    def told(
        self, file: ReportFile, lie: Callable[[dict[str, Any]], object], signer: PrivateKey | None = None
    ) -> ReportFile:
        """The report with something changed in its claims, and signed again; the signer's key is proved beside it."""
        claims, signer = deepcopy(read_report(file.jws).claims), signer or self.signer()
        nodes = {*file.proof.nodes, *self._nodes_of(signer, claims["block"]["number"])}
        lie(claims)
        return ReportFile(sign_text(claims, signer, TYPE), replace(file.proof, nodes=tuple(sorted(nodes))))

    def _nodes_of(self, signer: PrivateKey, number: int) -> tuple[bytes, ...]:
        chain, network = self.consortium.chain, self.consortium.network
        block = chain.block(number)
        assert block
        state = ProvedState(block, network.contracts, chain.proof)
        read_signer(state.words(AUTHORITIES, block), signer.public_key.thumbprint)
        nothing: Any = None
        return ReadState(nothing, block, state, ()).nodes
