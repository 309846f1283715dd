"""Everything that the checks look at, as plain data read at one block."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from anchors.gate_code import GateCode
from anchors.hour_root import end_of
from anchors.merkle import verify_inclusion
from ledger.block import Block
from ledger.dated_list import Entries
from ledger.envelope import Envelope
from ledger.errors import Invalid
from ledger.gate_statement import GateStatement
from ledger.issuer_state import Limit
from ledger.kinds.aeo_credential import AEO_CREDENTIAL
from ledger.kinds.gate_field import GateValue
from ledger.scope import Statement, scope_of, scope_of_gate
from verifier.facts import (
    AccountFacts,
    AnchoringFacts,
    AuthorityFacts,
    Finality,
    IssuerFacts,
    KeyFacts,
    Link,
    OperatorLists,
    StatusFacts,
)
from verifier.hours import HourRoot
from verifier.links import authority_above
from verifier.missing import NOT_ASKED, Missing
from verifier.reading import Reading, read, read_gate
from verifier.recognition_answer import DirectionFacts
from verifier.record import Record
from verifier.subject import Subject


@dataclass(frozen=True)
class Evidence:
    """None: the source says that there is no such thing. Missing: nobody could be asked, and nothing is known.

    clock: the later of the device's clock and the highest block time ever seen, seconds since the epoch; behind: by how
    many seconds the device's is the earlier one.
    head: the newest block; every fact is read at it. finality is None while the archive holds no proof.
    hour: of the anchor that a QR code states; finality is then a later block's, record and anchoring do not count.
    only_node: whoever was asked is the chain's only node, so that no other can be ahead of it.
    bodies: between the issuer and the authority, the nearest first. scopes: by link and code, of limited links.
    """

    subject: Subject
    clock: int
    head: Block | Missing
    record: Record | Missing | None = NOT_ASKED
    anchoring: AnchoringFacts | Missing | None = NOT_ASKED
    account: AccountFacts | Missing | None = NOT_ASKED
    finality: Finality | Missing | None = NOT_ASKED
    hour: HourRoot | Missing | None = NOT_ASKED
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
    only_node: bool = False

    @property
    def envelope(self) -> Envelope | None:
        """The envelope, if one was presented and can be read."""
        return self.subject.envelope

    @property
    def signed(self) -> Envelope | GateStatement | None:
        """What the issuer signed: the envelope, or the gate statement."""
        return self.subject.signed

    @property
    def gate(self) -> GateCode | None:
        """The QR code by value, if that is what was presented."""
        return self.subject.gate

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
        """Who issued it: as what was signed says, or else the archive."""
        if self.signed:
            return self.signed.issuer
        return self.record.issuer if isinstance(self.record, Record) else None

    @cached_property
    def kind(self) -> str | None:
        """The kind: as what was signed says, or else the archive; None if it is not known here."""
        if self.signed:
            return self.subject.kind
        return self.record.kind if isinstance(self.record, Record) else None

    @cached_property
    def reading(self) -> Reading | None:
        """What was signed shows under the registered key; None without it or without key."""
        if not (isinstance(self.key, KeyFacts) and self.key.public_key):
            return None
        if self.gate:
            return read_gate(self.gate.statement, self.key.public_key)
        if self.envelope is None:
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
        """What the document, or a gate statement, says of what scopes are about; None while nothing is believed."""
        if self.gate and self.reading and self.reading.believed and self.kind is not None:
            return scope_of_gate(self.kind, self.gate_fields, self.gate.statement.scope)
        if self.reading is None or self.reading.document is None or self.kind is None:
            return None
        return scope_of(self.kind, self.reading.document, self.reading.withheld)

    @property
    def operator_code(self) -> str | None:
        """The code of the operator that an AEO credential says it is about; it can never be withheld."""
        if self.gate and self.kind == AEO_CREDENTIAL.name:
            stated = self.gate_fields.get("operatorCode")
            return stated if isinstance(stated, str) else None
        if self.envelope is None or self.kind != AEO_CREDENTIAL.name:
            return None
        try:
            code = self.envelope.claims["document"]["operator"]["code"]
        except (KeyError, TypeError):
            return None
        return code if isinstance(code, str) else None

    @cached_property
    def gate_fields(self) -> Mapping[str, GateValue]:
        """What a gate statement says of its document, by name; nothing where its kind is not known here."""
        try:
            return self.gate.statement.named() if self.gate else {}
        except Invalid:
            return {}

    @cached_property
    def included(self) -> bool:
        """The archive's path leads from the digest to the root of its batch; a QR code's paths to its hour's root."""
        if self.gate:
            hour = self.hour
            return isinstance(hour, HourRoot) and self.gate.leads_to((hour.root, hour.size))
        record, digest = self.record, self.subject.digest
        if not (isinstance(record, Record) and record.batch and digest):
            return False
        root, size, _ = record.batch
        return verify_inclusion(digest, record.index, size, record.path, root)

    @property
    def final(self) -> bool:
        """The batch is anchored in or before a block whose proof of finality holds on this very chain.

        And not after the one at which all else was read: what is so later is not known there. The hour of a QR code is
        over in that block.
        """
        finality, anchoring = self.finality, self.anchoring
        if not (isinstance(finality, Finality) and finality.holds and finality.on_chain):
            return False
        if self.gate:
            return end_of(self.gate.hour) <= finality.time and not self._is_later(self.gate.anchored_at)
        if not isinstance(anchoring, AnchoringFacts):
            return False
        return anchoring.anchored_at <= finality.time and not self._is_later(anchoring.anchored_at)

    def _is_later(self, time: int) -> bool:
        return isinstance(self.head, Block) and time > self.head.timestamp

    @property
    def node_behind(self) -> bool:
        """The archive knows of an anchor in a later block than the newest one here."""
        number = self.record.block_number if isinstance(self.record, Record) else None
        return number is not None and self.block is not None and number > self.block

    def anchored_at(self, until: int | None = None) -> int | None:
        """Return when the document was anchored, if not later than `until`; its time is its block's."""
        if self.gate and self.included:
            time = self.gate.anchored_at
        elif isinstance(self.anchoring, AnchoringFacts) and self.included:
            time = self.anchoring.anchored_at
        else:
            return None
        return time if until is None or time <= until else None
