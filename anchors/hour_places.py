"""Where a batch stands in the hour of its anchor, as the chain has it: for QR codes and inclusion files."""

from collections.abc import Sequence
from dataclasses import dataclass

from anchors import hour_root
from anchors.anchored_hours import AnchoredHours
from ledger.document_registry import DocumentRegistry
from ledger.errors import Unavailable

Batch = tuple[bytes, int, bytes]
"""Root, size, manifest digest."""


@dataclass(frozen=True, slots=True)
class HourPlace:
    """anchored_at: block time, seconds since the epoch. index, path: in the hour. hour: root and size of its tree."""

    anchored_at: int
    index: int
    path: tuple[bytes, ...]
    hour: tuple[bytes, int]


class HourPlaces:
    """Asks one node; nothing is signed here."""

    def __init__(self, documents: DocumentRegistry, hours: AnchoredHours) -> None:
        self._documents, self._hours = documents, hours

    def anchored_at(self, batch: Batch) -> int | None:
        """Return when the chain says that a batch was anchored; None if it does not. Raises Unavailable `chain.*`."""
        found = self._documents.anchoring(*batch)
        return found.anchored_at if found else None

    def find(self, batch: Batch) -> HourPlace | None:
        """Return a batch's place; None if it is not anchored.

        Raises Unavailable `gate.hour-open` until the hour is closed, `gate.place`, `chain.*`, `database.*`.
        """
        anchored_at = self.anchored_at(batch)
        if anchored_at is None:
            return None
        hour = self._hours.hour(hour_root.hour_of(anchored_at))
        index = place_in_hour(hour.batches, (*batch[:2], anchored_at))
        if index is None:
            raise misplaced("the chain's events do not have its batch in the hour in which it was anchored")
        return HourPlace(anchored_at, index, hour_root.path(hour.batches, index), hour.root)


def place_in_hour(batches: Sequence[tuple[bytes, int, int]], batch: tuple[bytes, int, int]) -> int | None:
    """Return where a batch stands among those of its hour; None if it is not there."""
    return next((index for index, one in enumerate(batches) if tuple(one) == tuple(batch)), None)


def misplaced(detail: str) -> Unavailable:
    """Return the fault of a place that leads nowhere."""
    return Unavailable("gate.place", detail, mend="have the node's host run `portseal fsck`, or ask another node")
