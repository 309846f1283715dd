"""A kind of forgery or fault: how instances are made, what is true of them, and what may be said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from ledger.envelope import Attachment, Envelope
from tests.corpus.ground import Ground
from verifier.axes import Authentic, Usable
from verifier.evidence_file import EvidenceFile
from verifier.record import Record
from verifier.sources import Facts
from verifier.trust_roots import TrustRoots

ONLINE, PROVED, EVIDENCE, PAYLOAD, EDGE = "online", "proved", "evidence", "payload", "edge"
"""The node is believed; it proves its state; a file is all there is; a payload is opened, and its files with it; a pack
is carried along."""
MODES = (ONLINE, PROVED, EVIDENCE)

VALID, INVALID, INDETERMINATE = Authentic.VALID, Authentic.INVALID, Authentic.INDETERMINATE
NO = frozenset({INVALID})
UNKNOWN = frozenset({INDETERMINATE})
YES = frozenset({VALID})
NEVER_YES = NO | UNKNOWN
NEVER_NO = YES | UNKNOWN


@dataclass(frozen=True)
class Attempt:
    """What is presented, and what is done to whoever judges it. clock: seconds that the device's is off.

    later: happens after the anchor. record: what the archive says. facts: who answers in place of the chain that is
    believed. prove: who answers in place of the one that proves. file, data, roots: what becomes of the evidence file,
    its bytes and the trust roots. sealed, files: what becomes of the payload, and of the attachments in it.
    pack: which edge pack is carried.
    """

    text: str | bytes
    digest_only: bool = False
    later: Callable[[Ground], Any] | None = None
    clock: int = 0
    question: Mapping[str, Any] = field(default_factory=dict)
    record: Callable[[Record], Record | None] | None = None
    facts: Callable[[Facts], Any] | None = None
    prove: Callable[[Any], Any] | None = None
    file: Callable[[EvidenceFile], EvidenceFile] | None = None
    data: Callable[[bytes], bytes] | None = None
    roots: Callable[[TrustRoots], TrustRoots] | None = None
    sealed: Callable[[bytes], bytes] | None = None
    files: Callable[[tuple[Attachment, ...]], tuple[Attachment, ...]] | None = None
    pack: Callable[[Any], Any] | None = None


Make = Callable[[Ground, Random], Attempt | Envelope | str | bytes]


@dataclass(frozen=True)
class Kind:
    """genuine: whether the document is. authentic: what may be said of it, in `evidence` mode if given what stands
    there. codes: one of them must be among the findings wherever there is a verdict. usable: what may be said of its
    use, if that matters.
    """

    name: str
    make: Make
    authentic: frozenset[Authentic]
    codes: frozenset[str] = frozenset()
    genuine: bool = False
    modes: tuple[str, ...] = MODES
    evidence: frozenset[Authentic] | None = None
    usable: frozenset[Usable] = frozenset(Usable)

    def __post_init__(self) -> None:
        never = INVALID if self.genuine else VALID
        assert never not in self.authentic | (self.evidence or frozenset())

    def __str__(self) -> str:
        return self.name

    def allowed(self, mode: str) -> frozenset[Authentic]:
        if mode == EDGE:
            # What was carried along may not know yet: then nothing is held against a document.
            return self.authentic | (self.evidence or frozenset()) | (frozenset() if self.genuine else UNKNOWN)
        return self.evidence if mode == EVIDENCE and self.evidence is not None else self.authentic


def forgery(name: str, make: Make, *codes: str, authentic: frozenset[Authentic] = NO, **more: Any) -> Kind:
    """A kind whose documents are not what they claim to be."""
    return Kind(name, make, authentic, frozenset(codes), **more)


def fault(name: str, make: Make, *codes: str, authentic: frozenset[Authentic] = UNKNOWN, **more: Any) -> Kind:
    """A kind whose documents are genuine; something else is wrong."""
    return Kind(name, make, authentic, frozenset(codes), genuine=True, **more)
