"""Making a signed report: the verdict at the newest final block, where everything it rests on is proved."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from ledger.compact_jws import sign_text
from ledger.errors import Invalid, Refused, Unavailable
from ledger.registry_names import AUTHORITIES
from ledger.signer import Signer
from verifier.evidence_making import EvidenceMaker, ReadState
from verifier.packed_finality import pack
from verifier.policy import DEFAULT, Policy
from verifier.question import Question
from verifier.record import Record
from verifier.signed_report.claims import TYPE, Circumstances, claims_of
from verifier.signed_report.file import ReportFile
from verifier.signed_report.proof import ReportProof
from verifier.signer_facts import read_signer, unknown_key
from verifier.subject import Subject
from verifier.verify import judge


@dataclass(frozen=True)
class ReportMaker:
    """reads: reads with proofs; it says who makes the report. signer: with that authority's key for answers.

    software: name and version. clock: the device's, seconds.
    """

    reads: EvidenceMaker
    signer: Signer
    software: str
    policy: Policy = DEFAULT
    clock: Callable[[], float] = time.time

    def make(
        self, subject: Subject, question: Question, made_for: str | None = None, trusted_block: int | None = None
    ) -> ReportFile:
        """Return the report on a subject. Nothing is kept.

        trusted_block: as of which the trust roots are that it will be checked with; the hand-overs since go in beside.

        1. Fix the block: the newest one that is proved final, so that it can be proved to whoever reads the report.
        2. Gather with proofs; what cannot be read makes no report.
        3. Judge, as any verdict is judged.
        4. Prove the key that signs, at the same block.
        5. Sign.

        Raises Unavailable `report.no-block` and for what cannot be read, Refused `block.unknown`, `report.key` while
        the signer's key is not in the registry.
        """
        # 1. Fix the block.
        proof = self.reads.newest()
        if proof is None:
            detail = "no block is proved final yet"
            raise Unavailable("report.no-block", detail, mend="ask again in a minute")
        # 2. Gather.
        record = _as_of(self.reads.archive.find(subject.digest) if subject.digest else None, proof.number)
        read = self.reads.read(subject, record, proof, int(self.clock()), question.relying_country, trusted_block)
        # 3. Judge.
        verdict = judge(read.found, question, self.policy)
        # 4. Prove the key.
        self._check_key(read)
        # 5. Sign.
        told = Circumstances(
            made_at=read.found.clock,
            made_by=self.reads.by,
            made_for=made_for,
            software=self.software,
            chain_id=self.reads.network.chain_id,
            genesis_hash=self.reads.network.genesis_hash,
            block=read.block,
            finality=self.reads.judge(proof, read.block),
            proof=(packed := pack(proof)),
            record=record,
            policy=self.policy,
        )
        jws = sign_text(claims_of(verdict, subject, told), self.signer, TYPE)
        return ReportFile(jws, ReportProof(packed, read.hand_overs, read.nodes))

    def _check_key(self, read: ReadState) -> None:
        key = self.signer.public_key
        words = read.state.words(AUTHORITIES, read.block)
        try:
            found = read_signer(words, key.thumbprint)
            if found is None:
                raise unknown_key(key.kid)
            found.check(self.reads.by, (read.block.timestamp, read.found.clock))
        except Invalid as error:
            mend = f"enter the key in the registry: portseal authorities add-key {self.reads.by} answers FILE"
            detail = f"nobody could check this node's signature: {error.detail}"
            raise Refused("report.key", detail, mend=mend) from None


def _as_of(record: Record | None, number: int) -> Record | None:
    """What was mined after the block had not been in it."""
    if record is None or record.block_number is None or record.block_number <= number:
        return record
    return replace(record, transaction=None, block_number=None)
