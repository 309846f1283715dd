"""Everything that the checks look at, as plain data read at one block."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from anchors.merkle import verify_inclusion
from ledger.block import Block
from ledger.envelope import Envelope
from ledger.issuer_state import Limit
from ledger.kinds.aeo_credential import AEO_CREDENTIAL
from ledger.scope import Statement, scope_of
from verifier.facts import (
    AccountFacts,
    AnchoringFacts,
    AuthorityFacts,
    Entries,
    Finality,
    IssuerFacts,
    KeyFacts,
    Link,
    OperatorLists,
    StatusFacts,
)
from verifier.links import authority_above
from verifier.missing import NOT_ASKED, Missing
from verifier.reading import Reading, read
from verifier.recognition_answer import DirectionFacts
from verifier.record import Record
from verifier.subject import Subject


@dataclass(frozen=True)
class Evidence:
    """None: the source says that there is no such thing. Missing: nobody could be asked, and nothing is known.

    clock: the later of the device's clock and the highest block time ever seen, seconds since the epoch; behind: by how
    many seconds the device's is the earlier one.
    head: the newest block; every fact is read at it. finality is None while the archive holds no proof.
    bodies: between the issuer and the authority, the nearest first. scopes: by link and code, of limited links.
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
    bodies: tuple[Link, ...] | Missing = NOT_ASKED
    scopes: Mapping[tuple[str, str], Entries] | Missing = NOT_ASKED
    authority: AuthorityFacts | Missing | None = NOT_ASKED
    status: StatusFacts | Missing = NOT_ASKED
    recognition: DirectionFacts | Missing = NOT_ASKED
    operator: OperatorLists | Missing | None = NOT_ASKED
    behind: int = 0

    @property
    def envelope(self) -> Envelope | None:
        """The envelope, if one was presented and can be read."""
        return self.subject.envelope

    @property
    def block(self) -> int | None:
        """The number of the block that the facts were read at."""
        return None if isinstance(self.head, Missing) else self.head.number

    def with_more(self, **parts: Any) -> "Evidence":
        """Return the evidence with `parts` that nothing was known of; the envelope is not judged anew."""
        more = replace(self, **parts)
        vars(more).update({name: vars(self)[name] for name in ("reading", "stated_scope") if name in vars(self)})
        return more

    @cached_property
    def issuer_id(self) -> str | None:
        """Who issued it: as the envelope says, or else the archive."""
        if self.envelope:
            return self.envelope.issuer
        return self.record.issuer if isinstance(self.record, Record) else None

    @cached_property
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

    @property
    def links(self) -> tuple[Link, ...]:
        """The chain of accreditations as far as it is known, the issuer first; the authority above is not in it."""
        if (
            self.issuer_id is None
            or not isinstance(self.issuer, IssuerFacts)
            or isinstance(self.accreditation, Missing)
        ):
            return ()
        bodies = () if isinstance(self.bodies, Missing) else self.bodies
        return (Link(self.issuer_id, self.issuer, self.accreditation), *bodies)

    @property
    def authority_id(self) -> str | None:
        """The authority at the top of the chain of accreditations; None while that is not known."""
        if not isinstance(self.issuer, IssuerFacts) or isinstance(self.bodies, Missing):
            return None
        return authority_above(self.issuer, self.bodies)

    @cached_property
    def stated_scope(self) -> Mapping[Limit, Statement] | None:
        """What the document says of what scopes are about; None while no document is there to be believed."""
        if self.reading is None or self.reading.document is None or self.kind is None:
            return None
        return scope_of(self.kind, self.reading.document, self.reading.withheld)

    @property
    def operator_code(self) -> str | None:
        """The code of the operator that an AEO credential says it is about; it can never be withheld."""
        if self.envelope is None or self.kind != AEO_CREDENTIAL.name:
            return None
        try:
            code = self.envelope.claims["document"]["operator"]["code"]
        except (KeyError, TypeError):
            return None
        return code if isinstance(code, str) else None

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
        """The batch is anchored in or before a block whose proof of finality holds on this very chain.

        And not after the one at which all else was read: what is so later is not known there.
        """
        finality, anchoring, head = self.finality, self.anchoring, self.head
        if not (isinstance(finality, Finality) and isinstance(anchoring, AnchoringFacts) and isinstance(head, Block)):
            return False
        time = anchoring.anchored_at
        return finality.holds and finality.on_chain and time <= finality.time and time <= head.timestamp

    def anchored_at(self, until: int | None = None) -> int | None:
        """Return when the document was anchored, if not later than `until`; its time is its block's."""
        if not (isinstance(self.anchoring, AnchoringFacts) and self.included):
            return None
        time = self.anchoring.anchored_at
        return time if until is None or time <= until else None
