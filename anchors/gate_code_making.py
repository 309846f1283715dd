"""From a registered document to the QR code by value: its gate statement, its path, and the path in its hour."""

from anchors.archive import BatchPlace
from anchors.gate_archive import GateArchive, GateRecord
from anchors.gate_code import GateCode
from anchors.hour_places import HourPlaces, misplaced
from ledger.errors import Unavailable


class GateCodes:
    """Makes codes out of what the node and its chain have; nothing is signed here."""

    def __init__(self, archive: GateArchive, places: HourPlaces) -> None:
        self._archive, self._places = archive, places

    def find(self, digest: bytes) -> GateRecord:
        """Return a document's gate statement with its place. Raises as GateArchive does."""
        return self._archive.find(digest)

    def anchored_at(self, place: BatchPlace) -> int | None:
        """Return when the chain says that the batch was anchored; None if it does not. Raises Unavailable `chain.*`."""
        return self._places.anchored_at(place.batch)

    def make(self, digest: bytes) -> GateCode:
        """Return the code of a document.

        Raises Refused `document.unknown`, `gate.none`; Unavailable `gate.not-final`, `gate.hour-open`, `gate.place`,
        `chain.*`, `database.*`, `store.*`.
        """
        record = self.find(digest)
        place = record.place
        found = self._places.find(place.batch) if place and record.is_final else None
        if place is None or found is None:
            detail = "the document is not final yet"
            mend = "ask again when its receipt says `final`, or make one by link"
            raise Unavailable("gate.not-final", detail, mend=mend)
        code = GateCode(
            record.statement, place.index, place.size, place.path, found.anchored_at, found.index, found.path
        )
        if code.root != place.root or not code.leads_to(found.hour):
            raise misplaced("its place in the database does not lead to its batch")
        return code
