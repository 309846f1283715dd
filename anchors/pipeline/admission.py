"""Admit a group of examined registrations: the rules between documents, in one database transaction."""

from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.orm import Session

from anchors.database import State
from anchors.database.models import DocumentRow, GateStatementRow, IdempotencyKeyRow, ReaderEntryRow, SealedPayloadRow
from anchors.idempotency import check_same_request
from anchors.pipeline.examine import Examined
from anchors.pipeline.fill_in import FoundAgain, Registrants, fill_in
from anchors.pipeline.known import Known
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
        self._admitted: list[tuple[DocumentRow, Examined]] = []
        self._keys: list[IdempotencyKeyRow] = []

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
            row = found or self._admit(examined)
        except PortsealError as error:
            return error
        self._note_key(examined, row)
        return self._accepted(row, repeated=found is not None)

    def _found(self, examined: Examined) -> DocumentRow | None:
        registration = examined.registration
        key = registration.request_key
        used = self._known.key(registration.tenant.id, key.key) if key else None
        if used is not None and key is not None:
            check_same_request(used, key.request_sha256)
            return self._known.document(used.digest)
        row = self._known.document(registration.envelope.digest)
        if row is not None and row.tenant_id is None and self._is_registrant(registration):
            self._check_superseded(registration)
            fill_in(self._session, row, examined)
            self._known.filled_in(row)
        if row is not None and row.tenant_id != registration.tenant.id:
            raise Refused(
                "document.registered-by-another",
                "another tenant of this node has registered this document",
                mend="verify it; its payload and receipt are with the one who registered it",
            )
        if row is not None:
            self._check_gate(registration, row)
        return row

    def _check_gate(self, registration: Registration, row: DocumentRow) -> None:
        gate = registration.gate
        if gate is not None and gate.leaf != self._known.gate(row):
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

    def _admit(self, examined: Examined) -> DocumentRow:
        registration = examined.registration
        row = _row(examined, self._edition(registration))
        self._known.add(row, registration.gate.leaf if registration.gate else None)
        self._admitted.append((row, examined))
        return row

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

    def _note_key(self, examined: Examined, row: DocumentRow) -> None:
        tenant, key = examined.registration.tenant.id, examined.registration.request_key
        if key is None or self._known.key(tenant, key.key) is not None:
            return
        noted = IdempotencyKeyRow(
            tenant_id=tenant,
            key=key.key,
            request_sha256=key.request_sha256,
            digest=row.digest,
            created_at=examined.accepted_at,
        )
        self._known.add_key(noted)
        self._keys.append(noted)

    def _accepted(self, row: DocumentRow, *, repeated: bool) -> Accepted:
        return Accepted(
            digest=row.digest,
            issuer=row.issuer,
            kind=row.kind or "",
            state=self._known.state(row),
            accepted_at=row.accepted_at,
            anchored_by=row.promised_at,
            receipt=row.receipt or "",
            warnings=tuple(row.warnings.split()),
            repeated=repeated,
        )

    def _write(self) -> None:
        self._session.add_all(row for row, _ in self._admitted)
        self._session.flush()
        reached("accept.rows.after")
        self._session.add_all(self._keys)
        payloads = [
            {"document_number": row.number, "size": len(examined.payload), "content": examined.payload}
            for row, examined in self._admitted
        ]
        entries = [
            {"digest": row.digest, "reader": reader, "entry": entry, "granted_at": row.accepted_at}
            for row, examined in self._admitted
            for reader, entry in dict(examined.reader_entries).items()
        ]
        if payloads:
            self._session.execute(insert(SealedPayloadRow), payloads)
        gates = [
            {"document_number": row.number, "digest": gate.leaf, "content": gate.data}
            for row, examined in self._admitted
            if (gate := examined.registration.gate)
        ]
        if entries:
            self._session.execute(insert(ReaderEntryRow), entries)
        if gates:
            self._session.execute(insert(GateStatementRow), gates)


def _row(examined: Examined, edition: int) -> DocumentRow:
    registration, envelope = examined.registration, examined.registration.envelope
    return DocumentRow(
        digest=envelope.digest,
        tenant_id=registration.tenant.id,
        issuer=envelope.issuer,
        kind=envelope.kind.name,
        jti=envelope.jti,
        edition=edition,
        supersedes=registration.supersedes,
        kid=envelope.kid,
        covered=not examined.warnings,
        warnings=" ".join(examined.warnings),
        iat=envelope.iat,
        exp=envelope.exp,
        accepted_at=examined.accepted_at,
        promised_at=examined.anchored_by,
        receipt=examined.receipt,
        lane=registration.lane,
        state=State.ACCEPTED,
        payload_cid=examined.payload_cid,
    )
