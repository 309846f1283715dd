"""Making an evidence file: everything that a verdict asks for is read with proofs at a final block, and kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from anchors.finality import FinalityProof
from ledger import issuer_slots
from ledger.block import Block
from ledger.chain import Chain
from ledger.errors import Refused, Unavailable
from ledger.network import Network
from ledger.registry_names import ISSUERS
from ledger.registry_slots import Fact
from verifier.evidence import Evidence
from verifier.evidence_file import EvidenceFile
from verifier.facts import Finality, IssuerFacts
from verifier.gather import gather
from verifier.hand_over_file import HandOver
from verifier.hand_over_making import HandOverMaker
from verifier.hand_over_reach import Newest
from verifier.links import is_limited
from verifier.missing import NOT_ASKED, Missing
from verifier.packed_finality import pack
from verifier.proved_state import ProvedState
from verifier.record import Record
from verifier.sources import Archive, HighestTime, Sources
from verifier.storage_facts import StorageFacts
from verifier.subject import Subject

Judge = Callable[[FinalityProof, Block], Finality]


@dataclass(frozen=True)
class ReadState:
    """What was found at a final block, and the state that it was proved in, which keeps the proofs."""

    found: Evidence
    block: Block
    state: ProvedState
    hand_overs: tuple[HandOver, ...]
    handing_over: tuple[bytes, ...] = ()

    @property
    def nodes(self) -> tuple[bytes, ...]:
        """The nodes that lead to all that was read, and those of the hand-overs, each once, ascending."""
        return tuple(sorted(self.state.nodes.union(self.handing_over)))


@dataclass(frozen=True)
class EvidenceMaker:
    """newest: gives the newest proof of finality. judge: what a proof of finality is worth. by: who makes it."""

    archive: Archive
    chain: Chain
    network: Network
    newest: Newest
    judge: Judge
    by: str

    def make(
        self,
        subject: Subject,
        now: int,
        relying_country: str | None = None,
        trusted_block: int | None = None,
        operator_code: str | None = None,
    ) -> EvidenceFile:
        """Return the evidence of a document at the newest final block.

        trusted_block: as of which the trust roots are that it is for; None: they name those who may sign now.
        operator_code: of the operator that a credential is about, where only its digest is known here.

        Raises Refused `document.unknown` (for what is no envelope too), `evidence.not-final`, `block.unknown`,
        Unavailable for what cannot be read.
        """
        digest = subject.digest
        record = self.archive.find(digest) if digest else None
        if digest is None or record is None:
            raise Refused("document.unknown", "no such document is registered here", mend="register it first")
        proof = self._proof(record)
        read = self.read(subject, record, proof, now, relying_country, trusted_block, operator_code)
        return EvidenceFile(
            chain_id=self.network.chain_id,
            genesis_hash=self.network.genesis_hash,
            digest=digest,
            envelope=subject.envelope.serialize() if subject.envelope else None,
            record=replace(record, proof=None),
            finality=pack(proof),
            nodes=read.nodes,
            hand_overs=read.hand_overs,
            relying_country=relying_country,
            made_at=now,
            made_by=self.by,
        )

    def read(
        self,
        subject: Subject,
        record: Record | None,
        proof: FinalityProof,
        now: int,
        relying_country: str | None,
        trusted_block: int | None = None,
        operator_code: str | None = None,
    ) -> ReadState:
        """Return all that a verdict asks for at the block of `proof`. Raises Unavailable for what cannot be read."""
        block = self._block(proof)
        state = ProvedState(block, self.network.contracts, self.chain.proof)
        facts = StorageFacts(lambda: block, state.words, self.judge)
        archive = _Fixed(replace(record, proof=proof) if record else None)
        found = gather(subject, Sources(archive, facts, HighestTime(block.timestamp)), block, now, relying_country)
        _check_complete(found)
        _read_besides(found, facts, state, block, operator_code)
        handed_over = HandOverMaker(self.chain, self.network, self.newest).between(trusted_block, proof)
        return ReadState(found, block, state, handed_over.hand_overs, handed_over.nodes)

    def _proof(self, record: Record) -> FinalityProof:
        newest = self.newest()
        anchored = record.block_number
        if record.batch is None or anchored is None or newest is None or newest.number < anchored:
            raise Refused("evidence.not-final", "it is not final yet", mend="ask again when its state is `final`")
        return newest

    def _block(self, proof: FinalityProof) -> Block:
        block = self.chain.block(proof.number)
        if block is None or block.hash != proof.block_hash or not self.judge(proof, block).holds:
            detail = f"the node's chain does not have the block {proof.number} that is proved final"
            raise Unavailable("evidence.block", detail, mend="ask again when the node has caught up, or another node")
        return block


@dataclass(frozen=True)
class _Fixed:
    record: Record | None

    def find(self, _digest: bytes) -> Record | None:
        return self.record


def _check_complete(found: Evidence) -> None:
    for name in Evidence.__dataclass_fields__:
        part = getattr(found, name)
        if isinstance(part, Missing) and part != NOT_ASKED:
            raise Unavailable(part.reason, f"{name} cannot be read: {part.detail}", mend="ask again, or another node")


def _read_besides(
    found: Evidence, facts: StorageFacts, state: ProvedState, block: Block, operator_code: str | None
) -> None:
    """Read what a verdict asks for once the envelope is there, as far as it can be known without."""
    issuer, kind = found.issuer_id, found.kind
    if found.envelope is not None or issuer is None or not isinstance(found.issuer, IssuerFacts):
        return
    if operator_code is not None and found.authority_id is not None:
        facts.operator(found.authority_id, operator_code, block)
    words = state.words(ISSUERS, block)
    [thumbprints] = words.lists([issuer_slots.keys(issuer)])
    for thumbprint in thumbprints:
        facts.key(thumbprint, block)
    for link in found.links:
        if kind and is_limited(link):
            [codes] = words.lists([issuer_slots.codes(link.id, kind)])
            words.entries([_scope(link.id, kind, code) for code in codes])


def _scope(link: str, kind: str, code: bytes) -> Fact:
    return issuer_slots.scope(link, kind, code.rstrip(b"\0").decode("ascii"))
