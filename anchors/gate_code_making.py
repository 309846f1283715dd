"""From a registered document to the QR code by value: its gate statement, its path, and the path in its hour."""

from anchors.anchored_hours import AnchoredHours
from anchors.gate_archive import GateArchive, GatePlace, GateRecord
from anchors.gate_code import GateCode, place_in_hour
from anchors.hour_root import hour_of, path
from ledger.document_registry import DocumentRegistry
from ledger.errors import Unavailable


class GateCodes:
    """Makes codes out of what the node and its chain have; nothing is signed here."""

    def __init__(self, archive: GateArchive, documents: DocumentRegistry, hours: AnchoredHours) -> None:
        self._archive, self._documents, self._hours = archive, documents, hours

    def find(self, digest: bytes) -> GateRecord:
        """Return a document's gate statement with its place. Raises as GateArchive does."""
        return self._archive.find(digest)

    def anchored_at(self, place: GatePlace) -> int | None:
        """Return when the chain says that the batch was anchored; None if it does not. Raises Unavailable `chain.*`."""
        found = self._documents.anchoring(place.root, place.size, place.manifest_digest)
        return found.anchored_at if found else None

    def make(self, digest: bytes) -> GateCode:
        """Return the code of a document.

        Raises Refused `document.unknown`, `gate.none`; Unavailable `gate.not-final`, `gate.hour-open`, `gate.place`,
        `chain.*`, `database.*`, `store.*`.
        """
        record = self.find(digest)
        place = record.place
        anchored_at = self.anchored_at(place) if place and record.is_final else None
        if place is None or anchored_at is None:
            detail = "the document is not final yet"
            mend = "ask again when its receipt says `final`, or make one by link"
            raise Unavailable("gate.not-final", detail, mend=mend)
        hour = self._hours.hour(hour_of(anchored_at))
        index = place_in_hour(hour.batches, (place.root, place.size, anchored_at))
        if index is None:
            raise _misplaced("the chain's events do not have its batch in the hour in which it was anchored")
        code = GateCode(
            record.statement, place.index, place.size, place.path, anchored_at, index, path(hour.batches, index)
        )
        if code.root != place.root or not code.leads_to(hour.root):
            raise _misplaced("its place in the database does not lead to its batch")
        return code


def _misplaced(detail: str) -> Unavailable:
    return Unavailable("gate.place", detail, mend="have the node's host run `portseal fsck`, or ask another node")
