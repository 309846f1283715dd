"""Lanes: what a registrant says of how soon a document has to be anchored."""

from enum import IntEnum
from typing import Literal

LaneWord = Literal["urgent", "normal", "bulk"]


class Lane(IntEnum):
    """The lanes, the most urgent first. In each, tenants take turns."""

    URGENT = 0
    NORMAL = 1
    BULK = 2

    @property
    def word(self) -> LaneWord:
        """Its name in requests, receipts and metrics."""
        return _WORDS[self]

    @classmethod
    def of(cls, word: LaneWord) -> "Lane":
        """Return the lane of that name."""
        return next(lane for lane in cls if lane.word == word)


_WORDS: dict[Lane, LaneWord] = {Lane.URGENT: "urgent", Lane.NORMAL: "normal", Lane.BULK: "bulk"}
