"""What the database holds of all that a group of registrations touches, read in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from anchors.database import State
from anchors.database.models import BatchRow, DocumentRow, GateStatementRow, IdempotencyKeyRow
from anchors.pipeline.examine import Examined

Name = tuple[str, str, str]
"""Issuer, kind, jti."""


class Known:
    """The documents, names and idempotency keys of a group; what the group adds is noted here as it is decided."""

    def __init__(self, session: Session, group: Sequence[Examined]) -> None:
        self._session = session
        self._documents: dict[bytes, DocumentRow] = {}
        self._states: dict[bytes, State] = {}
        self._gates: dict[bytes, bytes | None] = {}
        self._newest: dict[Name, DocumentRow] = {}
        self._keys: dict[tuple[str, str], IdempotencyKeyRow] = {}
        self._read_keys(group)
        digests = {one.registration.envelope.digest for one in group}
        digests |= {one.registration.supersedes for one in group if one.registration.supersedes}
        self._read_documents(digests | {row.digest for row in self._keys.values()})
        self._read_names(group)

    def document(self, digest: bytes) -> DocumentRow | None:
        """Return the document with this digest."""
        return self._documents.get(digest)

    def state(self, row: DocumentRow) -> State:
        """Return how far a document has come."""
        return self._states.get(row.digest, State.ACCEPTED)

    def gate(self, row: DocumentRow) -> bytes | None:
        """Return the digest of a document's gate statement, if it has one."""
        return self._gates.get(row.digest)

    def newest(self, name: Name) -> DocumentRow | None:
        """Return the newest document of this issuer, kind and jti."""
        return self._newest.get(name)

    def superseded(self, digest: bytes, by: bytes) -> bool:
        """Tell whether another document than `by` has taken this one's place."""
        if any(row.supersedes == digest and row.digest != by for row in self._documents.values()):
            return True
        others = select(DocumentRow.number).where(DocumentRow.supersedes == digest, DocumentRow.digest != by)
        return self._session.scalar(others) is not None

    def key(self, tenant: str, key: str) -> IdempotencyKeyRow | None:
        """Return what was asked with this idempotency key."""
        return self._keys.get((tenant, key))

    def add(self, row: DocumentRow, gate: bytes | None) -> None:
        """Note a document that the group adds, and the digest of its gate statement."""
        self._documents[row.digest] = row
        self._gates[row.digest] = gate
        self._newest[row.issuer, row.kind or "", row.jti or ""] = row

    def filled_in(self, row: DocumentRow) -> None:
        """Note a document that was found again and has its name now."""
        name = (row.issuer, row.kind or "", row.jti or "")
        newest = self._newest.get(name)
        if newest is None or newest.edition < row.edition:
            self._newest[name] = row

    def add_key(self, row: IdempotencyKeyRow) -> None:
        """Note a key that the group adds."""
        self._keys[row.tenant_id, row.key] = row

    def _read_documents(self, digests: Iterable[bytes]) -> None:
        query = (
            select(DocumentRow, BatchRow.state, GateStatementRow.digest)
            .outerjoin(BatchRow, BatchRow.id == DocumentRow.batch_id)
            .outerjoin(GateStatementRow, GateStatementRow.document_number == DocumentRow.number)
        )
        for row, batch_state, gate in self._session.execute(query.where(DocumentRow.digest.in_(digests))):
            self._documents[row.digest] = row
            self._gates[row.digest] = gate
            self._states[row.digest] = State(batch_state or row.state)

    def _read_names(self, group: Sequence[Examined]) -> None:
        wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
        for envelope in (one.registration.envelope for one in group):
            wanted[envelope.issuer, envelope.kind.name].add(envelope.jti)
        for (issuer, kind), jtis in wanted.items():
            query = select(DocumentRow).where(
                DocumentRow.issuer == issuer, DocumentRow.kind == kind, DocumentRow.jti.in_(jtis)
            )
            for row in self._session.scalars(query.order_by(DocumentRow.edition)):
                self._newest[issuer, kind, row.jti or ""] = row

    def _read_keys(self, group: Sequence[Examined]) -> None:
        wanted: dict[str, set[str]] = defaultdict(set)
        for registration in (one.registration for one in group):
            if registration.request_key:
                wanted[registration.tenant.id].add(registration.request_key.key)
        for tenant, keys in wanted.items():
            query = select(IdempotencyKeyRow).where(
                IdempotencyKeyRow.tenant_id == tenant, IdempotencyKeyRow.key.in_(keys)
            )
            for row in self._session.scalars(query):
                self.add_key(row)
