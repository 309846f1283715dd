"""The roots of hours for a verifier that believes no node: of each batch of the hour its own slot proves the anchor.

What a node's events say only tells where to look. A batch that is left out, or put elsewhere, gives another root, to
which no genuine code leads; one that was never anchored has no slot.
"""

from collections import OrderedDict
from threading import Lock
from typing import Protocol

from anchors.anchored_hours import AnchoredHour
from anchors.finality import FinalityProof
from ledger.block import Block
from ledger.errors import Unavailable
from verifier.hours import HourRoot
from verifier.proved_head import ProvedHead
from verifier.sources import Facts

MOST = 512
"""Batches in an hour that are proved one by one."""

_KEPT = 64


class TellsHours(Protocol):
    """The batches of hours that are over, as a node's events tell them."""

    def hour(self, number: int) -> AnchoredHour:
        """Return the hour. Raises Unavailable `gate.hour-open`, `chain.*`, `database.*`."""
        ...


class ProvedHours:
    """`Hours` by proofs. What was proved of an hour stays so, and is kept. Thread-safe."""

    def __init__(self, told: TellsHours, facts: Facts, head: ProvedHead) -> None:
        self._told, self._facts, self._head = told, facts, head
        self._known: OrderedDict[int, tuple[bytes, int]] = OrderedDict()
        self._lock = Lock()

    def hour(self, number: int, block: Block) -> HourRoot | None:
        """Return the root of an hour, whose end the block comes after.

        Raises Unavailable `gate.hour-open`, `gate.hour-large`, `proof.anchoring`, and what the sources raise.
        """
        final = self._head.known or self._head.final()
        with self._lock:
            if number not in self._known:
                self._known[number] = self._prove(number, block)
                if len(self._known) > _KEPT:
                    self._known.popitem(last=False)
            root, size = self._known[number]
        return HourRoot(root, size, FinalityProof.of(final, {}))

    def _prove(self, number: int, block: Block) -> tuple[bytes, int]:
        hour = self._told.hour(number)
        if len(hour.batches) > MOST:
            detail = (
                f"the hour has {len(hour.batches)} batches, of which each would have to be proved; at most {MOST} are"
            )
            raise Unavailable("gate.hour-large", detail, mend="verify the envelope, or the code with an edge pack")
        for batch, manifest in zip(hour.batches, hour.manifests, strict=True):
            found = self._facts.anchoring((batch.root, batch.size, manifest), block)
            if found is None or found.anchored_at != batch.anchored_at:
                detail = "the node tells of a batch that was not anchored then"
                raise Unavailable("proof.anchoring", detail, mend="verify with another node, and tell this one's host")
        return hour.root
