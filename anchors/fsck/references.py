"""What points to a document, a tenant, a batch or a transaction points to one that is there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from anchors import reader_entry
from anchors.database.models import (
    BatchRow,
    BreachRow,
    DocumentRow,
    GateStatementRow,
    IdempotencyKeyRow,
    ReaderEntryRow,
    ReplacedTransactionRow,
    ReportRow,
    SealedPayloadRow,
    TenantRow,
    TransactionRow,
)
from anchors.fsck.finding import Finding
from anchors.fsck.scene import Scene
from ledger.errors import Invalid

_MEND = "restore the database from a backup, or rebuild it"


@dataclass(frozen=True)
class _Reference:
    code: str
    what: str
    source: InstrumentedAttribute[Any]
    target: InstrumentedAttribute[Any]


_REFERENCES: Sequence[_Reference] = (
    _Reference("idempotency.document", "an idempotency key", IdempotencyKeyRow.digest, DocumentRow.digest),
    _Reference("idempotency.tenant", "an idempotency key", IdempotencyKeyRow.tenant_id, TenantRow.id),
    _Reference("reader-entry.document", "a reader entry", ReaderEntryRow.digest, DocumentRow.digest),
    _Reference("sealed.document", "a sealed payload", SealedPayloadRow.document_number, DocumentRow.number),
    _Reference("gate.document", "a gate statement", GateStatementRow.document_number, DocumentRow.number),
    _Reference("document.tenant", "a document", DocumentRow.tenant_id, TenantRow.id),
    _Reference("document.batch", "a document", DocumentRow.batch_id, BatchRow.id),
    _Reference("report.tenant", "a report", ReportRow.tenant_id, TenantRow.id),
    _Reference("report.batch", "a report", ReportRow.batch_id, BatchRow.id),
    _Reference("batch.transaction", "a batch", BatchRow.transaction_id, TransactionRow.id),
    _Reference("replaced.transaction", "replaced bytes", ReplacedTransactionRow.transaction_id, TransactionRow.id),
    _Reference("breach.document", "a breach", BreachRow.document_number, DocumentRow.number),
)


def check(scene: Scene) -> Iterator[Finding]:
    """The database's foreign keys hold this, unless they were off or the file is damaged."""
    for reference in _REFERENCES:
        yield from _dangling(scene, reference)
    yield from _of_other_tenants(scene)
    yield from _entries(scene)


def _dangling(scene: Scene, reference: _Reference) -> Iterator[Finding]:
    source, target = reference.source, reference.target
    query = (
        select(source.class_)
        .outerjoin(target.class_, target == source)
        .where(source.is_not(None), target.is_(None))
        .execution_options(yield_per=100)
    )
    for row in scene.session.scalars(query):
        named = getattr(row, source.key)
        shown = named.hex() if isinstance(named, bytes) else named
        to = target.class_.__tablename__
        yield Finding(
            reference.code, f"{to} {shown}", f"{reference.what} points to it, and it is not there", _MEND, (row,)
        )
    scene.step(0)


def _of_other_tenants(scene: Scene) -> Iterator[Finding]:
    query = (
        select(IdempotencyKeyRow)
        .join(DocumentRow, DocumentRow.digest == IdempotencyKeyRow.digest)
        .where(DocumentRow.tenant_id != IdempotencyKeyRow.tenant_id)
        .execution_options(yield_per=100)
    )
    for row in scene.session.scalars(query):
        detail = f"an idempotency key of {row.tenant_id} points to a document of another tenant"
        yield Finding("idempotency.other-tenant", f"document {row.digest.hex()}", detail, _MEND, (row,))


def _entries(scene: Scene) -> Iterator[Finding]:
    for row in scene.session.scalars(select(ReaderEntryRow).execution_options(yield_per=100)):
        if not _is_for(row):
            detail = f"the entry of {row.reader} is none, or is for another document"
            mend = "have the registrant share the document with this reader again"
            yield Finding("reader-entry.form", f"document {row.digest.hex()}", detail, mend, (row,))


def _is_for(row: ReaderEntryRow) -> bool:
    try:
        return reader_entry.digest_of(row.entry) == row.digest
    except Invalid:
        return False
