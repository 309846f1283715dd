"""A document's ciphertext, wherever it is: still in the database, or in the store already."""

from sqlalchemy import select

from anchors.cid import Cid
from anchors.database import Database
from anchors.database.models import DocumentRow, SealedPayloadRow
from anchors.stores import PayloadStore
from ledger.errors import Refused


class Payloads:
    """The payloads of accepted documents."""

    def __init__(self, database: Database, store: PayloadStore) -> None:
        self._database = database
        self._store = store

    def get(self, digest: bytes) -> bytes:
        """Return the sealed payload. Raises Refused `document.unknown`, Unavailable `store.*`, `database.*`."""
        query = (
            select(DocumentRow.payload_cid, SealedPayloadRow.content)
            .outerjoin(SealedPayloadRow, SealedPayloadRow.document_number == DocumentRow.number)
            .where(DocumentRow.digest == digest)
        )
        with self._database.read() as session:
            found = session.execute(query).one_or_none()
        if found is None:
            raise Refused(
                "document.unknown", "no document with that digest is registered here", mend="check the digest"
            )
        cid, content = found
        return content if content is not None else self._store.get(Cid.parse(cid))
