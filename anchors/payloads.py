"""A document's ciphertext, wherever it is: still in the database, or in the stores already."""

import structlog
from sqlalchemy import select

from anchors.cid import Cid
from anchors.database import Database
from anchors.database.models import DocumentRow, SealedPayloadRow
from anchors.replicas.faults import ReplicaFaults
from anchors.replicas.record import PAYLOADS, Kept
from anchors.replicas.replicas import Reading, Replicas
from ledger.errors import Refused, Unavailable

_log = structlog.get_logger(__name__)


class Payloads:
    """The payloads of accepted documents."""

    def __init__(self, database: Database, replicas: Replicas) -> None:
        self._database = database
        self._replicas = replicas
        self._faults = ReplicaFaults(database, replicas)

    def get(self, digest: bytes) -> bytes:
        """Return the sealed payload. Raises Refused `document.unknown`, Unavailable `store.*`, `database.*`."""
        query = (
            select(DocumentRow.number, DocumentRow.payload_cid, DocumentRow.replicas, SealedPayloadRow.content)
            .outerjoin(SealedPayloadRow, SealedPayloadRow.document_number == DocumentRow.number)
            .where(DocumentRow.digest == digest)
        )
        with self._database.read() as session:
            found = session.execute(query).one_or_none()
        if found is None:
            raise Refused(
                "document.unknown", "no document with that digest is registered here", mend="check the digest"
            )
        number, cid, held, content = found
        if content is not None:
            return bytes(content)
        kept = Kept(number, Cid.parse(cid), held, is_waiting=False, is_kept=True)
        reading = self._replicas.read(kept.cid, held)
        self._note(kept, reading)
        return reading.content

    def _note(self, kept: Kept, reading: Reading) -> None:
        """Have the replicas mended that should have given it."""
        try:
            self._faults.note(PAYLOADS, [kept], missing=reading.missing, damaged=reading.damaged)
        except Unavailable as error:
            # Whoever reads has what was asked for; the audit will find the damage too.
            _log.warning("replica fault not noted", code=error.code)
