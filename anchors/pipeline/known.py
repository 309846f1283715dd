"""What the database holds of all that a group of registrations touches, read in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from anchors.database import State
from anchors.database.models import BatchRow, DocumentRow, GateStatementRow, IdempotencyKeyRow
from anchors.pipeline.examine import Examined

Name = tuple[str, str, str]
"""Issuer, kind, jti."""


class KnownDocument(NamedTuple):
    """Of a document's row what the rules between documents and the answer rest on."""

    digest: bytes
    tenant_id: str | None
    issuer: str
    kind: str | None
    jti: str | None
    edition: int
    supersedes: bytes | None
    accepted_at: int
    promised_at: int
    receipt: str | None
    warnings: str

    @property
    def name(self) -> Name:
        """Issuer, kind and jti."""
        return self.issuer, self.kind or "", self.jti or ""


class UsedKey(NamedTuple):
    """An idempotency key, as its row is."""

    tenant_id: str
    key: str
    request_sha256: bytes
    digest: bytes
    created_at: int


_DOCUMENT = tuple(getattr(DocumentRow, name) for name in KnownDocument._fields)
_KEY = tuple(getattr(IdempotencyKeyRow, name) for name in UsedKey._fields)


class Known:
    """The documents, names and idempotency keys of a group; what the group adds is noted here as it is decided."""

    def __init__(self, session: Session, group: Sequence[Examined]) -> None:
        self._session = session
        self._documents: dict[bytes, KnownDocument] = {}
        self._states: dict[bytes, State] = {}
        self._gates: dict[bytes, bytes | None] = {}
        self._newest: dict[Name, KnownDocument] = {}
        self._keys: dict[tuple[str, str], UsedKey] = {}
        self._read_keys(group)
        digests = {one.registration.envelope.digest for one in group}
        digests |= {one.registration.supersedes for one in group if one.registration.supersedes}
        self._read_documents(digests | {used.digest for used in self._keys.values()})
        self._read_names(group)

    def document(self, digest: bytes) -> KnownDocument | None:
        """Return the document with this digest."""
        return self._documents.get(digest)

    def state(self, document: KnownDocument) -> State:
        """Return how far a document has come."""
        return self._states.get(document.digest, State.ACCEPTED)

    def gate(self, document: KnownDocument) -> bytes | None:
        """Return the digest of a document's gate statement, if it has one."""
        return self._gates.get(document.digest)

    def newest(self, name: Name) -> KnownDocument | None:
        """Return the newest document of this issuer, kind and jti."""
        return self._newest.get(name)

    def superseded(self, digest: bytes, by: bytes) -> bool:
        """Tell whether another document than `by` has taken this one's place."""
        if any(one.supersedes == digest and one.digest != by for one in self._documents.values()):
            return True
        others = select(DocumentRow.number).where(DocumentRow.supersedes == digest, DocumentRow.digest != by)
        return self._session.scalar(others) is not None

    def key(self, tenant: str, key: str) -> UsedKey | None:
        """Return what was asked with this idempotency key."""
        return self._keys.get((tenant, key))

    def add(self, document: KnownDocument, gate: bytes | None) -> None:
        """Note a document that the group adds, and the digest of its gate statement."""
        self._documents[document.digest] = document
        self._gates[document.digest] = gate
        self._newest[document.name] = document

    def filled_in(self, document: KnownDocument) -> None:
        """Note a document that was found again and has its name now."""
        self._documents[document.digest] = document
        newest = self._newest.get(document.name)
        if newest is None or newest.edition < document.edition:
            self._newest[document.name] = document

    def add_key(self, used: UsedKey) -> None:
        """Note a key that the group adds."""
        self._keys[used.tenant_id, used.key] = used

    def _read_documents(self, digests: Iterable[bytes]) -> None:
        query = (
            select(*_DOCUMENT, DocumentRow.state, BatchRow.state, GateStatementRow.digest)
            .outerjoin(BatchRow, BatchRow.id == DocumentRow.batch_id)
            .outerjoin(GateStatementRow, GateStatementRow.document_number == DocumentRow.number)
        )
        for *row, state, batch_state, gate in self._session.execute(query.where(DocumentRow.digest.in_(digests))):
            document = KnownDocument(*row)
            self._documents[document.digest] = document
            self._gates[document.digest] = gate
            self._states[document.digest] = State(batch_state or state)

    def _read_names(self, group: Sequence[Examined]) -> None:
        wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
        for envelope in (one.registration.envelope for one in group):
            wanted[envelope.issuer, envelope.kind.name].add(envelope.jti)
        for (issuer, kind), jtis in wanted.items():
            query = select(*_DOCUMENT).where(
                DocumentRow.issuer == issuer, DocumentRow.kind == kind, DocumentRow.jti.in_(jtis)
            )
            for document in map(KnownDocument._make, self._session.execute(query.order_by(DocumentRow.edition))):
                self._newest[document.name] = document

    def _read_keys(self, group: Sequence[Examined]) -> None:
        wanted: dict[str, set[str]] = defaultdict(set)
        for registration in (one.registration for one in group):
            if registration.request_key:
                wanted[registration.tenant.id].add(registration.request_key.key)
        for tenant, keys in wanted.items():
            query = select(*_KEY).where(IdempotencyKeyRow.tenant_id == tenant, IdempotencyKeyRow.key.in_(keys))
            for used in map(UsedKey._make, self._session.execute(query)):
                self.add_key(used)
