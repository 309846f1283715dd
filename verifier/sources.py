"""Where evidence comes from: two ports, and the highest block time ever seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol, runtime_checkable

from anchors.finality import FinalityProof
from ledger.block import Block
from ledger.dated_list import Entries
from ledger.recognition import Direction
from verifier.facts import (
    AccountFacts,
    AnchoringFacts,
    AuthorityFacts,
    Finality,
    IssuerFacts,
    KeyFacts,
    OperatorLists,
    StatusFacts,
)
from verifier.hours import Hours, NoHours
from verifier.recognition_answer import DirectionFacts
from verifier.record import Batch, Record


class Archive(Protocol):
    """How documents were anchored. Raises any PortsealError, usually Unavailable, when it cannot tell."""

    def find(self, digest: bytes) -> Record | None:
        """Return what is known about the document; None if nothing is."""
        ...


class Facts(Protocol):
    """What the chain says at a block. None: there is no such thing. Raises a PortsealError when it cannot tell."""

    def head(self) -> Block:
        """Return the newest block."""
        ...

    def anchoring(self, batch: Batch, block: Block) -> AnchoringFacts | None:
        """Return who anchored a batch, and when."""
        ...

    def account(self, address: str, block: Block) -> AccountFacts | None:
        """Return an account of an authority."""
        ...

    def finality(self, proof: FinalityProof, block: Block) -> Finality:
        """Return how a proof of finality stands up against what is pinned, and against the chain."""
        ...

    def key(self, thumbprint: bytes, block: Block) -> KeyFacts | None:
        """Return the document key of a thumbprint (RFC 7638)."""
        ...

    def issuer(self, issuer: str, block: Block) -> IssuerFacts | None:
        """Return an issuer."""
        ...

    def accreditation(self, issuer: str, kind: str, block: Block) -> Entries:
        """Return since when the issuer is accredited for a kind (code 1, detail: Limit) or not (0)."""
        ...

    def scope(self, issuer: str, kind: str, code: str, block: Block) -> Entries:
        """Return since when a code (`hs.84`) is in the issuer's scope for a kind (code 1) or not (0)."""
        ...

    def authority(self, authority: str, block: Block) -> AuthorityFacts | None:
        """Return an authority of the consortium."""
        ...

    def status(self, issuer: str, digest: bytes, block: Block) -> StatusFacts:
        """Return what became of a document."""
        ...

    def recognition(self, direction: Direction, block: Block) -> DirectionFacts:
        """Return all that is held about one country's recognition of another."""
        ...

    def operator(self, authority: str, code: str, block: Block) -> OperatorLists | None:
        """Return an operator, by its customs authority and the code that it has there."""
        ...


@runtime_checkable
class ReadsAhead(Protocol):
    """Facts that can be read for many documents at once, so that asking for each of them costs no call more."""

    def read_statuses(self, documents: Sequence[tuple[str, bytes]], block: Block) -> None:
        """Read what became of each document, by issuer and digest. Raises a PortsealError when it cannot."""
        ...


@runtime_checkable
class ReadsMany(Protocol):
    """Facts of which one kind can be asked for many documents at once."""

    def statuses(self, documents: Sequence[tuple[str, bytes]], block: Block) -> Sequence[StatusFacts]:
        """Return what became of each document, by issuer and digest."""
        ...


@runtime_checkable
class FindsMany(Protocol):
    """An archive that can be asked for many documents at once."""

    def find_many(self, digests: Sequence[bytes]) -> Mapping[bytes, Record]:
        """Return what is known, by digest; nothing for what is not known. Raises as `Archive.find`."""
        ...


class HighestTime:
    """The highest block time ever seen: a clock that was set back cannot make an old answer look new."""

    def __init__(self, seen: int = 0) -> None:
        self._seen = seen
        self._lock = Lock()

    def raised_to(self, time: int) -> int:
        """Take note of a block time, and return the highest one."""
        with self._lock:
            self._seen = max(self._seen, time)
            return self._seen


@dataclass(frozen=True, slots=True)
class Sources:
    """What a verification reads from. only_node: the facts are those of the only node that the chain has."""

    archive: Archive
    facts: Facts
    hours: Hours = field(default_factory=NoHours, kw_only=True)
    highest_time: HighestTime = field(default_factory=HighestTime)
    only_node: bool = field(default=False, kw_only=True)
