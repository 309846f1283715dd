"""The roots of hours out of the events of a node's chain."""

from anchors.anchored_hours import AnchoredHours
from ledger.block import Block
from verifier.hours import HourRoot


class NodeHours:
    """`Hours` of a running node. Raises Unavailable `gate.hour-open`, `chain.*`, `database.*`."""

    def __init__(self, hours: AnchoredHours) -> None:
        self._hours = hours

    def hour(self, number: int, block: Block) -> HourRoot | None:
        """Return the root of an hour that is over."""
        found = self._hours.hour(number)
        root, size = found.root
        return HourRoot(root, size, found.proof)
