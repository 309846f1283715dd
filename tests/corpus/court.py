"""Who judges the attempts of one ground, mode by mode: a node that is believed, one that proves, a file alone."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from anchors.finality import FinalityProof
from anchors.sealing import open_payload, seal
from ledger.block import Block
from ledger.envelope import check_attachments, parse, verify
from ledger.errors import Invalid, PortsealError, Unavailable
from ledger.jwk import Algorithm
from tests.corpus.ground import FILES, Ground
from tests.corpus.kind import EVIDENCE, ONLINE, PAYLOAD, PROVED, Attempt
from tests.verifier.world import key_named
from verifier.axes import Authentic, Usable
from verifier.cached_facts import CachedFacts
from verifier.evidence_file import EvidenceFile
from verifier.evidence_making import EvidenceMaker
from verifier.evidence_reading import read_evidence
from verifier.facts import Finality
from verifier.offline import offline
from verifier.packed_finality import pack
from verifier.pinned_finality import final_block
from verifier.proved_state import ProvedState
from verifier.question import Question
from verifier.record import Record
from verifier.sources import Sources
from verifier.storage_facts import StorageFacts
from verifier.subject import Subject
from verifier.verdict import Verdict
from verifier.verify import Verifier


@dataclass(frozen=True)
class Said:
    """What was said; without codes where there is no verdict, since nobody made or read a file."""

    authentic: Authentic
    usable: Usable
    codes: frozenset[str] | None = None

    @classmethod
    def of(cls, verdict: Verdict) -> "Said":
        return cls(verdict.authentic, verdict.usable, frozenset(one.code for one in verdict.findings))


NOTHING = Said(Authentic.INDETERMINATE, Usable.UNKNOWN)


class Court:
    """Judges what was attempted on a ground that is settled."""

    def __init__(self, ground: Ground) -> None:
        self.ground: Any = ground
        self.roots = ground.roots
        self.facts = CachedFacts(ground.facts)

    @cached_property
    def chain(self) -> Any:
        return self.ground.chain()

    @cached_property
    def proof(self) -> FinalityProof:
        """That the newest block is final."""
        return self.ground.final(self.chain)

    @cached_property
    def genuine_file(self) -> EvidenceFile:
        """What whoever has a forgery gets from the node: the evidence of a genuine document of the same issuer."""
        return self.made(Subject.presented(self.ground.genuine.serialize()), self.chain)

    def made(self, subject: Subject, chain: Any) -> EvidenceFile:
        return self.made_of(self.archive(), subject, chain)

    def made_of(self, archive: Any, subject: Subject, chain: Any) -> EvidenceFile:
        maker = EvidenceMaker(archive, chain, self.ground.network, lambda: self.proof, self.judge, "cn.customs")
        return maker.make(subject, self.ground.world.now)

    def judge(self, proof: FinalityProof, _block: Block) -> Finality:
        """As pinned roots say."""
        found = final_block(self.roots, pack(proof))
        return Finality(found.form, found.number, found.time, True, True, found.signers, found.of)

    def archive(self, change: Callable[[Record], Record | None] | None = None) -> Any:
        return _Archive(self.ground, change, None)

    def clock(self, attempt: Attempt) -> Callable[[], float]:
        return lambda: self.ground.world.now + attempt.clock


@dataclass(frozen=True)
class _Archive:
    ground: Ground
    change: Callable[[Record], Record | None] | None
    proof: FinalityProof | None

    def find(self, digest: bytes) -> Record | None:
        found = self.ground.world.records.get(digest) or self._presented_as_genuine()
        if found and self.proof:
            found = replace(found, proof=self.proof)
        return self.change(found) if self.change and found else found

    def _presented_as_genuine(self) -> Record | None:
        """A forger gives the place of a genuine document as that of the forged one, if an archive can be so misled."""
        return self.ground.world.records[self.ground.genuine.digest] if self.change else None


def online(court: Court, attempt: Attempt) -> Said:
    """The node is believed: its facts are those of the world, or what the attempt puts in their place."""
    facts = attempt.facts(court.ground.facts) if attempt.facts else court.facts
    sources = Sources(court.archive(attempt.record), facts)
    return asked(Verifier(sources, clock=court.clock(attempt)), attempt)


class _ProvedFacts(StorageFacts):
    """Facts of a node of which only proofs are believed, at a block that pinned members cosigned."""

    def __init__(self, court: Court, chain: Any) -> None:
        super().__init__(self._block, self._words_of, court.judge)
        self._court, self._chain = court, chain
        self._states: dict[bytes, ProvedState] = {}

    def _block(self) -> Block:
        found = final_block(self._court.roots, pack(self._court.proof))
        block: Block | None = self._chain.block(found.number)
        if block is None or (block.hash, block.state_root, block.timestamp) != (
            found.block_hash,
            found.state_root,
            found.time,
        ):
            raise Unavailable("proof.block", "the node's block is not the one that is final", mend="ask another node")
        return block

    def _words_of(self, contract: str, block: Block) -> Any:
        state = self._states.setdefault(
            block.hash, ProvedState(block, self._court.ground.network.contracts, self._chain.proof)
        )
        return state.words(contract, block)


def proved(court: Court, attempt: Attempt) -> Said:
    """The node gives its facts with proofs, or lies."""
    chain = attempt.prove(court.chain) if attempt.prove else court.chain
    archive = _Archive(court.ground, attempt.record, court.proof)
    verifier = Verifier(Sources(archive, _ProvedFacts(court, chain)), clock=court.clock(attempt))
    return asked(verifier, attempt)


def evidence(court: Court, attempt: Attempt) -> Said:
    """A file was made of it, or of a genuine document in place of which the forged one was put; then it was offline."""
    try:
        file = read_evidence(file_bytes(court, attempt))
    except PortsealError:
        return NOTHING
    roots = attempt.roots(court.roots) if attempt.roots else court.roots
    return asked(offline(file, roots, clock=court.clock(attempt)), attempt)


def file_bytes(court: Court, attempt: Attempt) -> bytes:
    """Return the evidence file that stands beside what is presented. Raises PortsealError where none can be made."""
    file = _file(court, attempt)
    if attempt.file:
        file = attempt.file(file)
    data = file.encode()
    return attempt.data(data) if attempt.data else data


def _file(court: Court, attempt: Attempt) -> EvidenceFile:
    subject = Subject.presented(attempt.text)
    chain = attempt.prove(court.chain) if attempt.prove else court.chain
    if attempt.record:
        # What was made up about its place is proved as far as it can be.
        with suppress(PortsealError):
            return court.made_of(court.archive(attempt.record), subject, chain)
    elif subject.digest in court.ground.world.records:
        return court.made(subject, chain)
    file = court.genuine_file
    if attempt.record:
        file = replace(file, record=attempt.record(file.record) or file.record)
    if subject.envelope is None or subject.digest is None:
        return file
    return replace(file, digest=subject.digest, envelope=subject.envelope.serialize())


def payload(court: Court, attempt: Attempt) -> Said:
    """Sealed for a reader, changed on the way, opened, and its attachments compared with what was signed."""
    envelope, reader = parse(attempt.text), key_named("reader", Algorithm.X25519)
    sealed = seal(envelope.serialize(), FILES, envelope.digest, reader.public_key)
    content = attempt.sealed(sealed.payload) if attempt.sealed else sealed.payload
    try:
        text, files = open_payload(content, sealed.content_key, envelope.digest)
    except Invalid as error:
        return replace(NOTHING, codes=frozenset({error.code}))
    found = online(court, replace(attempt, text=text))
    presentation = verify(parse(text), court.ground.first.key.public_key)
    try:
        check_attachments(presentation, attempt.files(files) if attempt.files else files)
    except Invalid as error:
        return Said(Authentic.INVALID, Usable.UNKNOWN, frozenset({error.code}))
    return found


def asked(verifier: Verifier, attempt: Attempt) -> Said:
    """Ask the attempt's question."""
    subject = Subject.presented(attempt.text)
    if attempt.digest_only and subject.digest:
        subject = Subject.named(subject.digest)
    return Said.of(verifier.verify(subject, Question(**attempt.question)))


Judge = Callable[[Court, Attempt], Said]
JUDGES: Mapping[str, Judge] = MappingProxyType({ONLINE: online, PROVED: proved, EVIDENCE: evidence, PAYLOAD: payload})
