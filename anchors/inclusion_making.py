"""From a registered document to the file of its place in its batch and hour, for a gate that has a pack."""

from anchors.archive import Archive
from anchors.database import State
from anchors.hour_places import HourPlaces, misplaced
from anchors.inclusion import Inclusion
from ledger.errors import Refused


class Inclusions:
    """Makes them out of what the node and its chain have; nothing is signed here."""

    def __init__(self, archive: Archive, places: HourPlaces) -> None:
        self._archive, self._places = archive, places

    def make(self, digest: bytes) -> Inclusion:
        """Return the place of a document.

        Raises Refused `document.unknown`, `inclusion.not-final`; Unavailable `gate.hour-open`, `gate.place`, `chain.*`,
        `database.*`.
        """
        record = self._archive.find(digest)
        if record is None:
            raise Refused("document.unknown", "no such document is registered here", mend="check the digest")
        place = record.batch if record.state is State.FINAL else None
        found = self._places.find(place.batch) if place else None
        if place is None or found is None:
            detail = "the document is not final yet"
            raise Refused("inclusion.not-final", detail, mend="ask again when its receipt says `final`")
        one = Inclusion(
            digest, place.root, place.size, place.index, place.path, found.anchored_at, found.index, found.path
        )
        if not one.is_in_batch or not one.is_in_hour(found.hour):
            raise misplaced("its place in the database does not lead to its batch")
        return one
