"""Lanes: what a registrant says of how soon a document has to be anchored."""

from enum import IntEnum


class Lane(IntEnum):
    """The lanes, the most urgent first. In each, tenants take turns."""

    URGENT = 0
    NORMAL = 1
    BULK = 2

    @property
    def word(self) -> str:
        """Its name in requests, receipts and metrics."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Lane":
        """Return the lane of that name. Raises KeyError."""
        return {lane.word: lane for lane in cls}[word]
