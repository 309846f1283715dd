"""Stored documents and the leaves that they become: the envelope's, and directly after it the gate statement's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from anchors.cid import Cid
from anchors.database import State
from anchors.database.models import DocumentRow, GateStatementRow
from anchors.manifest import MAX_LEAVES_WITH_GATE, Leaf, LeafType
from anchors.pipeline.coverage import Use


@dataclass(frozen=True)
class StoredDocument:
    """A document that waits for its batch. gate: the digest of its gate statement, if it has one."""

    number: int
    digest: bytes
    issuer: str
    kind: str | None
    kid: str | None
    covered: bool
    payload_cid: str
    gate: bytes | None = None

    @property
    def use(self) -> Use:
        """The key that signed it, and its kind."""
        return self.kid or "", self.kind or ""

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Its leaf, or its two."""
        return leaves_of(self.digest, self.issuer, self.payload_cid, self.gate)


def leaves_of(digest: bytes, issuer: str, payload_cid: str, gate: bytes | None) -> tuple[Leaf, ...]:
    """Return the leaves of one document in their order. Raises Invalid `cid.*`."""
    envelope = Leaf(digest, issuer, Cid.parse(payload_cid))
    return (envelope,) if gate is None else (envelope, Leaf(gate, issuer, None, LeafType.GATE))


def read_stored(session: Session, numbers: Sequence[int]) -> list[StoredDocument]:
    """Return those of the documents that are stored and in no batch, in the order of their numbers."""
    query = (
        select(
            DocumentRow.number,
            DocumentRow.digest,
            DocumentRow.issuer,
            DocumentRow.kind,
            DocumentRow.kid,
            DocumentRow.covered,
            DocumentRow.payload_cid,
            GateStatementRow.digest,
        )
        .outerjoin(GateStatementRow, GateStatementRow.document_number == DocumentRow.number)
        .where(DocumentRow.number.between(numbers[0], numbers[-1]), DocumentRow.state == State.STORED)
        .order_by(DocumentRow.number)
    )
    chosen = set(numbers)
    return [StoredDocument(*row) for row in session.execute(query) if row.number in chosen]


def fitting(documents: Iterable[StoredDocument], most: int) -> list[StoredDocument]:
    """Return the first of the documents that make one batch: `most` leaves, or 4,096 in all where one is a gate's.

    At least one is taken. The others wait for the next batch, so that none is passed over for what comes after it.
    """
    taken: list[StoredDocument] = []
    count, has_gate = 0, False
    for document in documents:
        has_gate = has_gate or document.gate is not None
        count += 1 if document.gate is None else 2
        if taken and count > (min(most, MAX_LEAVES_WITH_GATE) if has_gate else most):
            break
        taken.append(document)
    return taken
