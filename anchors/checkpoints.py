"""Finality by checkpoints: for each block with transactions, and at least every 60 s, what the members cosign."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import structlog

from anchors.database import Database
from anchors.finality import FinalityProof
from anchors.finality_proofs import FinalityProofs
from anchors.proof_content import of_checkpoint
from ledger.chain import Chain
from ledger.checkpoint import Checkpoint, Cosignature, holds
from ledger.checkpoint_reading import CheckpointReader
from ledger.errors import Refused, Unavailable
from ledger.finality.form import CHECKPOINT
from ledger.registries import Registries
from ledger.rosters import Rosters
from ledger.witnesses import Witnesses

INTERVAL = 60
"""Seconds of block time after which a block without transactions gets a checkpoint too."""

IMPATIENT = 5
"""The same while a batch of ours waits for a block that cannot be cosigned, since another one of its height was."""

_BLOCKS_AT_ONCE = 500

_log = structlog.get_logger(__name__)


class Cosigner(Protocol):
    """Someone who signs checkpoints for an authority: `ledger.cosigner.Cosigner`, or one on another node.

    It is asked in a thread of its own, beside the other authorities' cosigners.
    """

    authority: str

    def cosign(self, checkpoint: Checkpoint, view: CheckpointReader) -> Cosignature:
        """Return the signature; view: the chain as it is seen from here. Raises Refused `cosigner.*`, Unavailable."""
        ...


class CheckpointFinality:
    """The checkpoints that hold are kept in the database; a block is scanned once for each start of the process.

    The scan starts behind the newest checkpoint, or at the head where there is none. A block that too few sign is
    passed over, and tried again only as long as a batch of ours waits for it. No cosigner is asked about a block that
    only one of several nodes has (`witnesses`): what was signed for a height is signed for ever.
    """

    def __init__(
        self,
        database: Database,
        chain: Chain,
        registries: Registries,
        cosigners: Sequence[Cosigner],
        witnesses: Witnesses | None = None,
    ) -> None:
        self._proofs = FinalityProofs(database, CHECKPOINT.name)
        self._chain = chain
        self._registries = registries
        self._rosters = Rosters(registries.authority)
        self._cosigners = cosigners
        self._witnesses = witnesses or Witnesses([chain])
        self._next: int | None = None

    def proof_for(self, number: int) -> FinalityProof | None:
        """Return the checkpoint of the block `number`, or the next higher one."""
        return self._proofs.at_or_after(number)

    def newest(self, until: int | None = None) -> FinalityProof | None:
        """Return the checkpoint of the highest block that has one."""
        return self._proofs.newest(until)

    @property
    def collects(self) -> bool:
        """Whether there is a cosigner here."""
        return bool(self._cosigners)

    def collect(self) -> int:
        """Have the blocks cosigned that need it now; return how many checkpoints were added."""
        awaited = self._proofs.awaited()
        kept = sum(self._certify(number) for number in awaited)
        interval = INTERVAL if kept == len(awaited) else IMPATIENT
        return kept + sum(self._certify(number) for number in self._due(interval))

    def _due(self, interval: int) -> Iterator[int]:
        """Yield the blocks with transactions, and one at least every `interval` s, that are not scanned yet."""
        newest = self.newest()
        head = self._chain.head().number
        if self._next is None:
            self._next = newest.number + 1 if newest else head
        last = newest.time if newest else 0
        for number in range(self._next, min(head, self._next + _BLOCKS_AT_ONCE) + 1):
            block = self._chain.block(number)
            if block is None:
                return
            if block.transactions or block.timestamp - last >= interval:
                yield number
                last = block.timestamp
            self._next = number + 1

    def _certify(self, number: int) -> bool:
        held = self.proof_for(number)
        if held is not None and held.number == number:
            return False
        # The cosigners in this process see the chain through the same node: what one has read need not be read again.
        view = CheckpointReader(self._chain)
        checkpoint = view.read(self._registries.addresses(), number)
        if self._witnesses.agreed(lambda chain: _hash(chain, number)) != checkpoint.block_hash:
            return False
        cosignatures = self._cosignatures(checkpoint, view)
        if not holds(checkpoint, cosignatures, self._rosters.at(checkpoint.time, number)):
            _log.warning("checkpoint lacks cosignatures", block=number, has=len(cosignatures))
            return False
        content = of_checkpoint(checkpoint, cosignatures)
        self._proofs.keep(FinalityProof(CHECKPOINT.name, number, checkpoint.block_hash, checkpoint.time, content))
        return True

    def _cosignatures(self, checkpoint: Checkpoint, view: CheckpointReader) -> list[Cosignature]:
        def asked(cosigner: Cosigner) -> Cosignature | None:
            try:
                return cosigner.cosign(checkpoint, view)
            except (Refused, Unavailable) as error:
                _log.warning("no cosignature", authority=cosigner.authority, block=checkpoint.number, code=error.code)
                return None

        # Beside each other: every one waits for its own durable write, which is most of the time it takes.
        with ThreadPoolExecutor(max(1, len(self._cosigners)), "cosigner") as threads:
            return [given for given in threads.map(asked, self._cosigners) if given is not None]


def _hash(chain: Chain, number: int) -> bytes | None:
    block = chain.block(number)
    return block.hash if block else None
