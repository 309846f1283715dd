"""A kind of forgery or fault: how instances are made, what is true of them, and what may be said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from anchors.inclusion import Inclusion
from ledger.envelope import Attachment, Envelope
from tests.corpus.ground import Ground
from verifier.axes import Authentic, Usable
from verifier.evidence_file import EvidenceFile
from verifier.record import Record
from verifier.sources import Facts
from verifier.trust_roots import TrustRoots

ONLINE, PROVED, EVIDENCE = "online", "proved", "evidence"
"""The node is believed; it proves its state; a file is all there is."""
EDGE, GATE, PAYLOAD = "edge", "gate", "payload"
"""A pack is carried along, and a file for the anchor; the pack alone, for a QR code by value; a payload is opened."""
MODES = (ONLINE, PROVED, EVIDENCE, EDGE)
ASKED = (ONLINE, PROVED, EVIDENCE)
FILED = frozenset({EVIDENCE, EDGE})
"""The modes in which a file is shown."""

LONG = 100
"""Instances of each kind in each mode in a long run."""

VALID, INVALID, INDETERMINATE = Authentic.VALID, Authentic.INVALID, Authentic.INDETERMINATE
NO = frozenset({INVALID})
UNKNOWN = frozenset({INDETERMINATE})
YES = frozenset({VALID})
NEVER_YES = NO | UNKNOWN
NEVER_NO = YES | UNKNOWN


@dataclass(frozen=True)
class Attempt:
    """What is presented, and what is done to whoever judges it. clock: seconds that the device's is off.

    scan: the text of the QR code that is shown in place of the document, made once the hour of its anchor is over.
    inclusion: its place in that hour, which is shown in place of an evidence file.

    later: happens after the anchor. record: what the archive says. facts: who answers in place of the chain that is
    believed. prove: who answers in place of the one that proves. file, data, roots: what becomes of the evidence file,
    its bytes and the trust roots. sealed, files: what becomes of the payload, and of the attachments in it.
    pack: which edge pack is carried.
    """

    text: str | bytes
    digest_only: bool = False
    scan: Callable[[Any], str] | None = None
    inclusion: Callable[[Any], Inclusion] | None = None
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
    """genuine: whether the document is. authentic: what may be said of it; `evidence`, if given, where a file is shown.
    codes: one of them must be among the findings wherever there is a verdict. usable: what may be said of its use, if
    that matters.
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
        return self.evidence if mode in FILED and self.evidence is not None else self.authentic


def printed(*kinds: Kind) -> tuple[Kind, ...]:
    """Have the QR code of each document judged too."""
    return tuple(replace(kind, modes=(*kind.modes, GATE)) for kind in kinds)


def forgery(name: str, make: Make, *codes: str, authentic: frozenset[Authentic] = NO, **more: Any) -> Kind:
    """A kind whose documents are not what they claim to be."""
    return Kind(name, make, authentic, frozenset(codes), **more)


def fault(name: str, make: Make, *codes: str, authentic: frozenset[Authentic] = UNKNOWN, **more: Any) -> Kind:
    """A kind whose documents are genuine; something else is wrong."""
    return Kind(name, make, authentic, frozenset(codes), genuine=True, **more)
