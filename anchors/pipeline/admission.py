"""Admit a group of examined registrations: the rules between documents, in one database transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from anchors.database import State
from anchors.database.models import (
    Base,
    DocumentRow,
    GateStatementRow,
    IdempotencyKeyRow,
    ReaderEntryRow,
    SealedPayloadRow,
)
from anchors.idempotency import check_same_request
from anchors.pipeline.examine import Examined
from anchors.pipeline.fill_in import FoundAgain, Registrants, fill_in
from anchors.pipeline.known import Known, KnownDocument, UsedKey
from anchors.pipeline.registration import Accepted, Registration
from ledger.errors import PortsealError, Refused
from ledger.failpoint import reached


class Admission:
    """The admission of one group. One that is refused does not hold up the others."""

    def __init__(self, session: Session, group: Sequence[Examined], registrants: Registrants | None = None) -> None:
        """registrants: of the documents of the group that were found again; None: not read yet."""
        self._session = session
        self._registrants = registrants
        self._group = group
        self._known = Known(session, group)
        self._admitted: list[tuple[KnownDocument, Examined]] = []
        self._keys: list[UsedKey] = []

    def admit(self) -> list[Accepted | PortsealError]:
        """Return the result of each, in order. What is new is written, and durable once the caller commits.

        Raises FoundAgain where registrants have to be read first.
        """
        results = [self._result(examined) for examined in self._group]
        self._write()
        return results

    def _result(self, examined: Examined) -> Accepted | PortsealError:
        try:
            found = self._found(examined)
            document = found or self._admit(examined)
        except PortsealError as error:
            return error
        self._note_key(examined, document.digest)
        return self._accepted(document, repeated=found is not None)

    def _found(self, examined: Examined) -> KnownDocument | None:
        registration = examined.registration
        key = registration.request_key
        used = self._known.key(registration.tenant.id, key.key) if key else None
        if used is not None and key is not None:
            check_same_request(used.request_sha256, key.request_sha256)
            return self._known.document(used.digest)
        document = self._known.document(registration.envelope.digest)
        if document is not None and document.tenant_id is None and self._is_registrant(registration):
            self._check_superseded(registration)
            document = fill_in(self._session, document, examined)
            self._known.filled_in(document)
        if document is not None and document.tenant_id != registration.tenant.id:
            raise Refused(
                "document.registered-by-another",
                "another tenant of this node has registered this document",
                mend="verify it; its payload and receipt are with the one who registered it",
            )
        if document is not None:
            self._check_gate(registration, document)
        return document

    def _check_gate(self, registration: Registration, document: KnownDocument) -> None:
        gate = registration.gate
        if gate is not None and gate.leaf != self._known.gate(document):
            raise Refused(
                "gate.registered-without",
                "this document is registered without a gate statement, or with another one",
                pointer="/gate",
                mend="use the QR code by link, or issue the document anew",
            )

    def _is_registrant(self, registration: Registration) -> bool:
        if self._registrants is None:
            raise FoundAgain
        kid = self._registrants.get(registration.envelope.digest)
        if isinstance(kid, PortsealError):
            raise kid
        return kid == registration.tenant.encryption_key.kid

    def _admit(self, examined: Examined) -> KnownDocument:
        registration = examined.registration
        document = _document(examined, self._edition(registration))
        self._known.add(document, registration.gate.leaf if registration.gate else None)
        self._admitted.append((document, examined))
        return document

    def _edition(self, registration: Registration) -> int:
        envelope = registration.envelope
        self._check_superseded(registration)
        newest = self._known.newest((envelope.issuer, envelope.kind.name, envelope.jti))
        if newest is None:
            return 0
        if newest.digest != registration.supersedes:
            raise Refused(
                "document.jti-taken",
                "another document of this issuer and kind with the same jti is registered",
                pointer="/jti",
                mend="issue with a new jti, or name the digest of the newest one with this jti in `supersedes`",
            )
        return newest.edition + 1

    def _check_superseded(self, registration: Registration) -> None:
        if registration.supersedes is None:
            return
        envelope, old = registration.envelope, self._known.document(registration.supersedes)
        # The kind of one that was found again is not known.
        if old is None or old.issuer != envelope.issuer or old.kind not in (None, envelope.kind.name):
            raise Refused(
                "document.supersedes-unknown",
                "no document of this issuer and kind with the digest in `supersedes` is registered here",
                mend="name the digest of a document of the same issuer and kind",
            )
        if self._known.superseded(old.digest, by=envelope.digest):
            raise Refused(
                "document.superseded-already",
                "another document has taken the place of the one in `supersedes`",
                mend="name the newest one",
            )

    def _note_key(self, examined: Examined, digest: bytes) -> None:
        tenant, key = examined.registration.tenant.id, examined.registration.request_key
        if key is None or self._known.key(tenant, key.key) is not None:
            return
        used = UsedKey(tenant, key.key, key.request_sha256, digest, examined.accepted_at)
        self._known.add_key(used)
        self._keys.append(used)

    def _accepted(self, document: KnownDocument, *, repeated: bool) -> Accepted:
        return Accepted(
            digest=document.digest,
            issuer=document.issuer,
            kind=document.kind or "",
            state=self._known.state(document),
            accepted_at=document.accepted_at,
            anchored_by=document.promised_at,
            receipt=document.receipt or "",
            warnings=tuple(document.warnings.split()),
            repeated=repeated,
        )

    def _write(self) -> None:
        """Write plain rows: an object of a session for each takes longer than all that the database does."""
        numbers = self._insert_documents()
        reached("accept.rows.after")
        self._insert(IdempotencyKeyRow, [used._asdict() for used in self._keys])
        payloads = [
            {"document_number": numbers[document.digest], "size": len(examined.payload), "content": examined.payload}
            for document, examined in self._admitted
        ]
        entries = [
            {"digest": document.digest, "reader": reader, "entry": entry, "granted_at": document.accepted_at}
            for document, examined in self._admitted
            for reader, entry in dict(examined.reader_entries).items()
        ]
        gates = [
            {"document_number": numbers[document.digest], "digest": gate.leaf, "content": gate.data}
            for document, examined in self._admitted
            if (gate := examined.registration.gate)
        ]
        self._insert(SealedPayloadRow, payloads)
        self._insert(ReaderEntryRow, entries)
        self._insert(GateStatementRow, gates)

    def _insert(self, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._session.connection().execute(insert(table), rows)

    def _insert_documents(self) -> dict[bytes, int]:
        """Return their numbers by their digests."""
        rows = [_row(document, examined) for document, examined in self._admitted]
        numbered = insert(DocumentRow).returning(DocumentRow.digest, DocumentRow.number)
        found = self._session.connection().execute(numbered, rows) if rows else ()
        return {one.digest: one.number for one in found}


def _document(examined: Examined, edition: int) -> KnownDocument:
    registration, envelope = examined.registration, examined.registration.envelope
    return KnownDocument(
        digest=envelope.digest,
        tenant_id=registration.tenant.id,
        issuer=envelope.issuer,
        kind=envelope.kind.name,
        jti=envelope.jti,
        edition=edition,
        supersedes=registration.supersedes,
        accepted_at=examined.accepted_at,
        promised_at=examined.anchored_by,
        receipt=examined.receipt,
        warnings=" ".join(examined.warnings),
    )


def _row(document: KnownDocument, examined: Examined) -> dict[str, Any]:
    registration, envelope = examined.registration, examined.registration.envelope
    return document._asdict() | {
        "kid": envelope.kid,
        "covered": not examined.warnings,
        "iat": envelope.iat,
        "exp": envelope.exp,
        "lane": registration.lane,
        "state": State.ACCEPTED,
        "payload_cid": examined.payload_cid,
    }
