"""Who may open a payload: its registrant, and the readers that hold an entry of their own."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from anchors import reader_entry
from anchors.database import Database
from anchors.database.models import DocumentRow, ReaderEntryRow
from anchors.payloads import Payloads
from anchors.sealing import registrant_entry
from anchors.tenants import Tenants
from ledger.errors import Invalid, Refused


@dataclass(frozen=True)
class Readable:
    """A payload's ciphertext, and the content key wrapped for the one who asked."""

    cid: str
    payload: bytes
    reader_entry: str


@dataclass(frozen=True)
class Grant:
    """An entry that was given to a reader, since when."""

    reader: str
    granted_at: int


class Readers:
    """Reader entries in the database; thread-safe. Content keys never come here unwrapped."""

    def __init__(
        self, database: Database, payloads: Payloads, tenants: Tenants, clock: Callable[[], float] = time.time
    ) -> None:
        self._database, self._payloads, self._tenants, self._clock = database, payloads, tenants, clock

    def open(self, digest: bytes, tenant: str) -> Readable:
        """Return the payload for its registrant or a reader.

        Raises Refused `document.unknown`, `authentication.forbidden`; Unavailable `store.*`, `database.*`.
        """
        document, entry = self._may_read(digest, tenant)
        payload = self._payloads.get(digest)
        return Readable(document.payload_cid, payload, entry.entry if entry else registrant_entry(payload))

    def check(self, digest: bytes, tenant: str) -> None:
        """Raise Refused `document.unknown`, `authentication.forbidden` for whoever is not registrant or reader."""
        self._may_read(digest, tenant)

    def grants(self, digest: bytes, registrant: str) -> list[Grant]:
        """Return who holds an entry. Raises as `grant`."""
        with self._database.read() as session:
            _own(session, digest, registrant)
            query = select(ReaderEntryRow).where(ReaderEntryRow.digest == digest).order_by(ReaderEntryRow.reader)
            return [Grant(row.reader, row.granted_at) for row in session.scalars(query)]

    def grant(self, digest: bytes, registrant: str, reader: str, entry: str) -> Grant:
        """Keep the entry for `reader`; a second one takes the place of the first.

        Raises Refused `document.unknown`, `authentication.forbidden`, `reader.unknown`; Invalid `reader-entry.*`.
        """
        reading = self._tenants.get(reader)
        if reading is None:
            raise Refused("reader.unknown", "no tenant of this node has this id", mend="ask the node's host")
        reader_entry.check_form(entry)
        if reader_entry.kid_of(entry) != reading.encryption_key.kid:
            raise Invalid(
                "reader-entry.other-key",
                "the entry is not made for this reader's key",
                mend="wrap the content key for the key at /v1/readers",
                pointer="/entry",
            )
        now = int(self._clock())
        with self._database.write() as session:
            _own(session, digest, registrant)
            session.merge(ReaderEntryRow(digest=digest, reader=reader, entry=entry, granted_at=now))
        return Grant(reader, now)

    def withdraw(self, digest: bytes, registrant: str, reader: str) -> None:
        """Stop giving the entry out. Raises as `grant`, and Refused `reader.unknown` if there is none."""
        held = (ReaderEntryRow.digest == digest, ReaderEntryRow.reader == reader)
        with self._database.write() as session:
            _own(session, digest, registrant)
            if session.get(ReaderEntryRow, (digest, reader)) is None:
                raise Refused("reader.unknown", f"{reader[:32]} holds no entry", mend="list the readers")
            session.execute(delete(ReaderEntryRow).where(*held))

    def _may_read(self, digest: bytes, tenant: str) -> tuple[DocumentRow, ReaderEntryRow | None]:
        with self._database.read() as session:
            document = _document(session, digest)
            entry = session.get(ReaderEntryRow, (digest, tenant))
        if entry is None and document.tenant_id != tenant:
            raise Refused(
                "authentication.forbidden",
                "this API key is neither the registrant's nor a reader's",
                mend="ask the registrant to share the document with you",
            )
        return document, entry


def _document(session: Session, digest: bytes) -> DocumentRow:
    document = session.scalar(select(DocumentRow).where(DocumentRow.digest == digest))
    if document is None:
        raise Refused("document.unknown", "no such document is registered here", mend="check the digest")
    return document


def _own(session: Session, digest: bytes, registrant: str) -> DocumentRow:
    document = _document(session, digest)
    if document.tenant_id != registrant:
        raise Refused(
            "authentication.forbidden", "only the registrant shares a document", mend="use the registrant's API key"
        )
    return document
