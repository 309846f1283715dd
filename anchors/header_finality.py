"""Finality that the chain's own headers prove: which blocks get a proof, and when."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

from anchors.database import Database
from anchors.finality import FinalityProof
from anchors.finality_proofs import FinalityProofs
from anchors.proof_content import LONGEST
from ledger.block import Block
from ledger.chain import Chain

INTERVAL = 60
"""Seconds of block time after which there is a newer proof, whether a batch waits for it or not.

Less than `LONGEST` blocks take: before an awaited block is too far back for a proof of its own, a later one has one.
"""


class HeaderFinality(ABC):
    """The proofs that hold are kept in the database. Each head is looked at once, as long as nothing new waits.

    A proof can be had at any later time, so nothing is scanned: only blocks that our batches wait for get one, and
    every INTERVAL the latest block that can. A fault leaves the state as it was.
    """

    def __init__(self, database: Database, chain: Chain, form: str) -> None:
        self._chain = chain
        self._proofs = FinalityProofs(database, form)
        self._seen: tuple[bytes, list[int]] | None = None

    def proof_for(self, number: int) -> FinalityProof | None:
        """Return the proof of the block `number`, or of the next higher one."""
        return self._proofs.at_or_after(number)

    def newest(self, until: int | None = None) -> FinalityProof | None:
        """Return the proof of the highest block that has one."""
        return self._proofs.newest(until)

    @property
    def collects(self) -> bool:
        """True: everybody can read headers."""
        return True

    def collect(self) -> int:
        """Gather the proofs that are due; return how many were added.

        Raises Unavailable `chain.*`, `database.*`, Invalid `finality.*` if the node's headers prove nothing.
        """
        head, awaited = self._chain.head(), self._proofs.awaited()
        if self._seen == (head.hash, awaited):
            return 0
        kept = 0
        try:
            kept += self._gather((number for number in awaited if head.number - number < LONGEST), head)
        finally:
            # Also when the node says something wrong about an awaited block: a later one proves it too.
            kept += self._gather(self._due(head), head)
        self._seen = (head.hash, awaited)
        return kept

    def _due(self, head: Block) -> list[int]:
        newest, latest = self.newest(), self._latest(head)
        if newest is not None and (head.timestamp - newest.time < INTERVAL or latest <= newest.number):
            return []
        return [latest] if latest > 0 else []

    def _gather(self, numbers: Iterable[int], head: Block) -> int:
        kept = 0
        for number in numbers:
            proof = self._prove(number, head)
            if proof is None:
                # What is above it lacks even more.
                break
            self._proofs.keep(proof)
            kept += 1
        return kept

    @abstractmethod
    def _latest(self, head: Block) -> int:
        """Return the number of a late block that can be proved, as a rule; 0 or less if there is none yet."""

    @abstractmethod
    def _prove(self, number: int, head: Block) -> FinalityProof | None:
        """Return the proof of a block; None as long as too little is built upon it."""
