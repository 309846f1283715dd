"""Everything that the checks look at, as plain data read at one block."""

from dataclasses import dataclass
from functools import cached_property

from anchors.merkle import verify_inclusion
from ledger.block import Block
from ledger.envelope import Envelope
from verifier.facts import (
    AccountFacts,
    AnchoringFacts,
    AuthorityFacts,
    Entries,
    Finality,
    IssuerFacts,
    KeyFacts,
    StatusFacts,
)
from verifier.missing import NOT_ASKED, Missing
from verifier.reading import Reading, read
from verifier.record import Record
from verifier.subject import Subject


@dataclass(frozen=True)
class Evidence:
    """None: the source says that there is no such thing. Missing: nobody could be asked, and nothing is known.

    clock: the later of the device's clock and the highest block time ever seen, seconds since the epoch.
    head: the newest block; every fact is read at it. finality is None while the archive holds no proof.
    """

    subject: Subject
    clock: int
    head: Block | Missing
    record: Record | Missing | None = NOT_ASKED
    anchoring: AnchoringFacts | Missing | None = NOT_ASKED
    account: AccountFacts | Missing | None = NOT_ASKED
    finality: Finality | Missing | None = NOT_ASKED
    key: KeyFacts | Missing | None = NOT_ASKED
    issuer: IssuerFacts | Missing | None = NOT_ASKED
    accreditation: Entries | Missing = NOT_ASKED
    authority: AuthorityFacts | Missing | None = NOT_ASKED
    status: StatusFacts | Missing = NOT_ASKED

    @property
    def envelope(self) -> Envelope | None:
        """The envelope, if one was presented and can be read."""
        return self.subject.envelope

    @property
    def block(self) -> int | None:
        """The number of the block that the facts were read at."""
        return None if isinstance(self.head, Missing) else self.head.number

    @property
    def issuer_id(self) -> str | None:
        """Who issued it: as the envelope says, or else the archive."""
        if self.envelope:
            return self.envelope.issuer
        return self.record.issuer if isinstance(self.record, Record) else None

    @property
    def kind(self) -> str | None:
        """The kind: as the envelope says, or else the archive; None if it is not known here."""
        if self.envelope:
            return self.subject.kind
        return self.record.kind if isinstance(self.record, Record) else None

    @cached_property
    def reading(self) -> Reading | None:
        """What the envelope shows under the registered key; None without envelope or key."""
        if not (self.envelope and isinstance(self.key, KeyFacts) and self.key.public_key):
            return None
        return read(self.envelope, self.key.public_key)

    @cached_property
    def included(self) -> bool:
        """The archive's path leads from the digest to the root of the archive's batch."""
        record, digest = self.record, self.subject.digest
        if not (isinstance(record, Record) and record.batch and digest):
            return False
        root, size, _ = record.batch
        return verify_inclusion(digest, record.index, size, record.path, root)

    @property
    def final(self) -> bool:
        """The batch is anchored in or before a block whose proof of finality holds on this very chain."""
        finality, anchoring = self.finality, self.anchoring
        if not (isinstance(finality, Finality) and isinstance(anchoring, AnchoringFacts)):
            return False
        return finality.holds and finality.on_chain and anchoring.anchored_at <= finality.time

    def anchored_at(self, until: int | None = None) -> int | None:
        """Return when the document was anchored, if not later than `until`; its time is its block's."""
        if not (isinstance(self.anchoring, AnchoringFacts) and self.included):
            return None
        time = self.anchoring.anchored_at
        return time if until is None or time <= until else None
