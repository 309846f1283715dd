"""What those who judge the attempts of one ground are given: chain, proofs, archive, evidence files, packs."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Generic, NoReturn, TypeVar, cast

from anchors.finality import FinalityProof
from ledger.errors import PortsealError
from tests.corpus.kind import Attempt
from tests.corpus.pinned import judge_by
from verifier.cached_facts import CachedFacts
from verifier.evidence_file import EvidenceFile
from verifier.evidence_making import EvidenceMaker
from verifier.hand_over_making import HandOverMaker
from verifier.pack.opened import Pack
from verifier.proved_head import ProvedHead
from verifier.proved_online import proved_online
from verifier.record import Record
from verifier.subject import Subject
from verifier.trust_roots import TrustRoots
from verifier.verify import Verifier

T = TypeVar("T")


class Last(Generic[T]):
    """Keeps what was made for an attempt, or the error, while the same attempt is judged in other modes."""

    def __init__(self) -> None:
        self._attempt: Attempt | None = None
        self._found: Callable[[], T] | None = None

    def of(self, attempt: Attempt, make: Callable[[], T]) -> T:
        if self._attempt is not attempt or self._found is None:
            self._attempt, self._found = attempt, _tried(make)
        return self._found()


def _tried(make: Callable[[], T]) -> Callable[[], T]:
    try:
        found = make()
    except PortsealError as error:
        return partial(_raise, error)
    return lambda: found


def _raise(error: PortsealError) -> NoReturn:
    raise error


class Court:
    """Of a ground that is settled. What a node or a device keeps is kept here for all attempts."""

    def __init__(self, ground: Any) -> None:
        self.ground = ground
        self.roots = ground.roots
        self.facts = CachedFacts(ground.facts)
        self._files: Last[bytes] = Last()
        self._packs: Last[Pack] = Last()

    @cached_property
    def chain(self) -> Any:
        return self.ground.chain()

    @cached_property
    def proof(self) -> FinalityProof:
        """That the newest block is final."""
        return self.ground.final(self.chain)

    @cached_property
    def proved_head(self) -> ProvedHead:
        maker = HandOverMaker(self.chain, self.ground.network, self.newest)
        return ProvedHead(lambda: self.roots, self.newest, maker)

    @cached_property
    def proving(self) -> Verifier:
        """The verifier of a node that proves, and does not lie."""
        return proved_online(self.archive(), self.proved_head, [self.chain.proof])

    def newest(self, _until: int | None = None) -> FinalityProof:
        return self.proof

    def clock(self, attempt: Attempt) -> Callable[[], float]:
        return lambda: self.ground.world.now + attempt.clock

    def archive(self, change: Callable[[Record], Record | None] | None = None) -> Any:
        return _Archive(self.ground, change)

    def pack(self, attempt: Attempt, roots: TrustRoots) -> Pack:
        """Return the pack that a device carries. Raises PortsealError where it has none that it takes."""
        ground, carried = self.ground, attempt.pack
        if carried:
            return self._packs.of(attempt, lambda: carried(ground))
        if roots is self.roots:
            return cast(Pack, ground.pack)
        return cast(Pack, ground.opened(ground.pack_file.encode(), roots=roots))

    # --- evidence files

    def file_bytes(self, attempt: Attempt) -> bytes:
        """Return the evidence file that stands beside what is presented. Raises PortsealError where there is none."""
        return self._files.of(attempt, lambda: self._file_bytes(attempt))

    def made(self, subject: Subject, chain: Any, archive: Any = None) -> EvidenceFile:
        maker = EvidenceMaker(
            archive or self.archive(), chain, self.ground.network, self.newest, judge_by(self.roots), "cn.customs"
        )
        return maker.make(subject, self.ground.world.now)

    @cached_property
    def _genuine_file(self) -> EvidenceFile:
        """What whoever has a forgery gets from the node: the evidence of a genuine document of the same issuer."""
        return self.made(Subject.presented(self.ground.genuine.serialize()), self.chain)

    def _file_bytes(self, attempt: Attempt) -> bytes:
        file = self._made_for(attempt)
        data = (attempt.file(file) if attempt.file else file).encode()
        return attempt.data(data) if attempt.data else data

    def _made_for(self, attempt: Attempt) -> EvidenceFile:
        subject = Subject.presented(attempt.text)
        chain = attempt.prove(self.chain) if attempt.prove else self.chain
        if attempt.record:
            # What was made up about its place is proved as far as it can be.
            with suppress(PortsealError):
                return self.made(subject, chain, self.archive(attempt.record))
        elif subject.digest in self.ground.world.records:
            return self.made(subject, chain)
        file = self._genuine_file
        if attempt.record:
            file = replace(file, record=attempt.record(file.record) or file.record)
        if subject.envelope is None or subject.digest is None:
            return file
        return replace(file, digest=subject.digest, envelope=subject.envelope.serialize())


@dataclass(frozen=True)
class _Archive:
    ground: Any
    change: Callable[[Record], Record | None] | None

    def find(self, digest: bytes) -> Record | None:
        found = self.ground.world.records.get(digest) or self._presented_as_genuine()
        return self.change(found) if self.change and found else found

    def _presented_as_genuine(self) -> Record | None:
        """A forger gives the place of a genuine document as that of the forged one, if an archive can be so misled."""
        return self.ground.world.records[self.ground.genuine.digest] if self.change else None
