"""The batches of each hour that is over, of all who anchor, out of the chain's own events: complete by its count."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise

from anchors import hour_root
from anchors.finality import Finality, FinalityProof
from anchors.hour_root import Triple
from ledger.chain import Chain
from ledger.document_registry import Anchored, DocumentRegistry
from ledger.document_status import DocumentChange
from ledger.errors import Unavailable

KEPT = 64
"""Hours that are kept in memory; a busy one has some 50,000 batches, 10 MB."""

_SPAN = 2_048
_LATEST = 253_402_300_799  # the last second of the year 9999


@dataclass(frozen=True)
class AnchoredHour:
    """An hour's batches in the chain's order, and the proof that a block after the hour is final.

    manifests: the manifest digest of each batch.
    """

    batches: tuple[Triple, ...]
    proof: FinalityProof
    manifests: tuple[bytes, ...]

    @cached_property
    def root(self) -> tuple[bytes, int]:
        """Root and size of the hour's tree."""
        return hour_root.hour_root(self.batches)


class AnchoredHours:
    """Reads the hours from one node. Thread-safe. since: the block in which the registry was deployed, or earlier."""

    def __init__(self, chain: Chain, documents: DocumentRegistry, finality: Finality, since: int) -> None:
        self._chain, self._documents, self._finality, self._since = chain, documents, finality, max(since, 1)
        self._lock = threading.Lock()
        self._known: OrderedDict[int, AnchoredHour] = OrderedDict()

    def hour(self, number: int) -> AnchoredHour:
        """Return the hour's batches.

        Raises Unavailable `gate.hour-open` until a block after its end is final, `chain.*`, `database.*`.
        """
        with self._lock:
            known = self._known.get(number)
            if known is None or not self._stands(known.proof):
                known = self._read(number)
                self._known[number] = known
                if len(self._known) > KEPT:
                    self._known.popitem(last=False)
            return known

    def _read(self, number: int) -> AnchoredHour:
        proof = self._closing(number)
        first = self._first_block(number * hour_root.SECONDS, proof.number)
        after = self._first_block(hour_root.end_of(number), proof.number)
        found = [
            one
            for start in range(first, after, _SPAN)
            for one in self._documents.anchored(start, min(after, start + _SPAN) - 1)
        ]
        self._check_complete(found, first, after)
        if not self._stands(proof):
            detail = "the chain has moved while an hour was read"
            raise Unavailable("chain.answer", detail, mend="ask again, or another node")
        batches = tuple(Triple(one.root, one.size, one.anchored_at) for one in found)
        return AnchoredHour(batches, proof, tuple(one.manifest_digest for one in found))

    def _closing(self, number: int) -> FinalityProof:
        proof = self._finality.newest()
        if proof is None or proof.time < hour_root.end_of(number):
            raise HourOpen(number)
        return proof

    def _first_block(self, time: int, last: int) -> int:
        """Return the first block of that time or later; the block `last` is one."""
        low, high = self._since, max(self._since, last)
        while low < high:
            middle = (low + high) // 2
            if self._time(middle) < time:
                low = middle + 1
            else:
                high = middle
        return low

    def _time(self, number: int) -> int:
        block = self._chain.block(number)
        if block is None:
            raise Unavailable("chain.answer", f"the node does not have the block {number}", mend="ask another node")
        return block.timestamp

    def _check_complete(self, found: list[Anchored], first: int, after: int) -> None:
        is_first = first <= self._since or (found and found[0].index == 0)
        before = 0 if is_first else self._count(first - 1)
        counted = (self._count(after - 1) if after > first else before) - before
        follow = all(one.index + 1 == next_.index for one, next_ in pairwise(found))
        if len(found) != counted or not follow or (found and found[0].index != before):
            detail = f"the registry has counted {counted} anchorings in the hour, the node's logs have {len(found)}"
            mend = "ask a node that keeps all logs since the registries' deployment"
            raise Unavailable("chain.logs", detail, mend=mend)

    def _count(self, block: int) -> int:
        return self._documents.changes(DocumentChange.ANCHORING, block).count

    def _stands(self, proof: FinalityProof) -> bool:
        block = self._chain.block(proof.number)
        return block is not None and block.hash == proof.block_hash


class HourOpen(Unavailable):
    """The hour is not over, or no block after it is final. closes_at: at the earliest, seconds since the epoch."""

    def __init__(self, hour: int) -> None:
        self.closes_at = hour_root.end_of(hour)
        end = datetime.fromtimestamp(min(self.closes_at, _LATEST), UTC)
        super().__init__(
            "gate.hour-open",
            f"the hour of its anchor is not closed yet: it ends at {end:%FT%TZ}",
            mend="ask again once a block after that is final; QR codes by link and evidence files can be had at once",
        )
