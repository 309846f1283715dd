"""Who judges an attempt, mode by mode: a node that is believed, one that proves, a file alone, a pack carried along."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from anchors.inclusion import read_inclusion
from anchors.sealing import open_payload, seal
from ledger.envelope import check_attachments, parse, verify
from ledger.errors import Invalid, PortsealError
from ledger.jwk import Algorithm
from tests.corpus.court import Court
from tests.corpus.ground import FILES
from tests.corpus.kind import EDGE, EVIDENCE, GATE, ONLINE, PAYLOAD, PROVED, Attempt
from tests.verifier.world import key_named
from verifier.axes import Authentic, Usable
from verifier.evidence_reading import read_evidence
from verifier.offline import offline
from verifier.pack.anchored import Anchored, ByEvidence, NotKnown
from verifier.pack.by_hour import ByHour
from verifier.pack.gate import at_the_gate
from verifier.pack.opened import Pack
from verifier.proved_online import ProvedArchive, proved_online
from verifier.question import Question
from verifier.sources import Sources
from verifier.subject import Subject
from verifier.trust_roots import TrustRoots
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

    @classmethod
    def refused(cls, error: PortsealError) -> "Said":
        """What everything else rests on was refused, so nothing is known."""
        return replace(NOTHING, codes=frozenset({error.code}))


NOTHING = Said(Authentic.INDETERMINATE, Usable.UNKNOWN)


def online(court: Court, attempt: Attempt) -> Said:
    """The node is believed: its facts are those of the world, or what the attempt puts in their place."""
    facts = attempt.facts(court.ground.facts) if attempt.facts else court.facts
    sources = Sources(court.archive(attempt.record), facts)
    return asked(Verifier(sources, clock=court.clock(attempt)), attempt)


def proved(court: Court, attempt: Attempt) -> Said:
    """The node gives its facts with proofs, or lies: the product's own verifier of a node that is not believed."""
    head, archive = court.proved_head, court.archive(attempt.record)
    if attempt.prove:
        lying = proved_online(archive, head, [attempt.prove(court.chain).proof], clock=court.clock(attempt))
        return asked(lying, attempt)
    sources = replace(court.proving.sources, archive=ProvedArchive(archive, head))
    return asked(replace(court.proving, sources=sources, clock=court.clock(attempt)), attempt)


def evidence(court: Court, attempt: Attempt) -> Said:
    """A file was made of it, or of a genuine document in place of which the forged one was put; then it was offline."""
    try:
        file = read_evidence(court.file_bytes(attempt))
    except PortsealError:
        return NOTHING
    roots = attempt.roots(court.roots) if attempt.roots else court.roots
    return asked(offline(file, roots, clock=court.clock(attempt)), attempt)


def edge(court: Court, attempt: Attempt) -> Said:
    """A device without a line: its pack for the registries, and for the anchor such a file, or a place in its hour."""
    roots = attempt.roots(court.roots) if attempt.roots else court.roots
    try:
        pack = court.pack(attempt, roots)
    except PortsealError as error:
        return Said.refused(error)
    return asked(at_the_gate(pack, _anchored(court, attempt, pack, roots), clock=court.clock(attempt)), attempt)


def gate(court: Court, attempt: Attempt) -> Said:
    """A device without a line again: a QR code by value, and its pack alone."""
    try:
        pack = court.pack(attempt, court.roots)
    except PortsealError as error:
        return Said.refused(error)
    verifier = at_the_gate(pack, clock=court.clock(attempt))
    text = attempt.scan(court.ground) if attempt.scan else _printed(court, attempt)
    return Said.of(verifier.verify(Subject.scanned(text), Question(**attempt.question)))


def payload(court: Court, attempt: Attempt) -> Said:
    """Sealed for a reader, changed on the way, opened, and its attachments compared with what was signed."""
    envelope, reader = parse(attempt.text), key_named("reader", Algorithm.X25519)
    sealed = seal(envelope.serialize(), FILES, envelope.digest, reader.public_key)
    content = attempt.sealed(sealed.payload) if attempt.sealed else sealed.payload
    try:
        text, files = open_payload(content, sealed.content_key, envelope.digest)
    except Invalid as error:
        return Said.refused(error)
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


def _anchored(court: Court, attempt: Attempt, pack: Pack, roots: TrustRoots) -> Anchored:
    try:
        if attempt.inclusion:
            stated = json.dumps(attempt.inclusion(court.ground).to_json()).encode()
            return ByHour(read_inclusion(stated), pack)
        return ByEvidence(read_evidence(court.file_bytes(attempt)), roots)
    except PortsealError:
        return NotKnown()


def _printed(court: Court, attempt: Attempt) -> str:
    """Return what is printed on paper of the document that was presented."""
    envelope = parse(attempt.text)
    return court.ground.code(court.ground.statement(envelope)).text()


Judge = Callable[[Court, Attempt], Said]
JUDGES: Mapping[str, Judge] = MappingProxyType(
    {ONLINE: online, PROVED: proved, EVIDENCE: evidence, EDGE: edge, GATE: gate, PAYLOAD: payload}
)
