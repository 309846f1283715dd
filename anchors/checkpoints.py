"""Finality by checkpoints: for each block with transactions, and at least every 60 s, what the members cosign."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Protocol

import structlog
from sqlalchemy import select

from anchors.database import Database, State
from anchors.database.models import BatchRow, CheckpointRow, TransactionRow
from anchors.finality import FinalityProof
from anchors.remembered_calls import remembering
from ledger.chain import Chain
from ledger.checkpoint import Checkpoint, Cosignature, Rosters, holds, read_checkpoint
from ledger.errors import Refused, Unavailable
from ledger.registries import NAMES, Registries

INTERVAL = 60
"""Seconds of block time after which a block without transactions gets a checkpoint too."""

_BLOCKS_AT_ONCE = 500

_log = structlog.get_logger(__name__)


class Cosigner(Protocol):
    """Someone who signs checkpoints for an authority: `ledger.cosigner.Cosigner`, or one on another node."""

    authority: str

    def cosign(self, checkpoint: Checkpoint, chain: Chain) -> Cosignature:
        """Return the signature. Raises Refused `cosigner.*`, Unavailable."""
        ...


class CheckpointFinality:
    """The checkpoints that hold are kept in the database; a block is scanned once for each start of the process.

    The scan starts behind the newest checkpoint, or at the head where there is none. A block that too few sign is
    passed over, and tried again only as long as a batch of ours waits for it.
    """

    def __init__(self, database: Database, chain: Chain, registries: Registries, cosigners: Sequence[Cosigner]) -> None:
        self._database = database
        self._chain = chain
        self._registries = registries
        self._rosters = Rosters(registries.authority)
        self._cosigners = cosigners
        self._next: int | None = None

    def proof_for(self, number: int) -> FinalityProof | None:
        """Return the checkpoint of the block `number`, if it holds one."""
        with self._database.read() as session:
            return _proof(session.get(CheckpointRow, number))

    def newest(self) -> FinalityProof | None:
        """Return the checkpoint of the highest block that has one."""
        with self._database.read() as session:
            return _proof(session.scalar(select(CheckpointRow).order_by(CheckpointRow.number.desc()).limit(1)))

    def collect(self) -> int:
        """Have the blocks cosigned that need it now; return how many checkpoints were added."""
        awaited = sum(self._certify(number) for number in self._awaited())
        return awaited + sum(self._certify(number) for number in self._due())

    def _awaited(self) -> Sequence[int]:
        """Return the blocks that our mined batches wait for."""
        query = (
            select(TransactionRow.block_number)
            .join(BatchRow, BatchRow.transaction_id == TransactionRow.id)
            .outerjoin(CheckpointRow, CheckpointRow.number == TransactionRow.block_number)
            .where(BatchRow.state == State.MINED, CheckpointRow.number.is_(None))
            .distinct()
        )
        with self._database.read() as session:
            return [number for number in session.scalars(query) if number is not None]

    def _due(self) -> Iterator[int]:
        """Yield the blocks with transactions, and one at least every INTERVAL, that are not scanned yet."""
        newest = self.newest()
        head = self._chain.head().number
        if self._next is None:
            self._next = newest.number + 1 if newest else head
        last = newest.time if newest else 0
        for number in range(self._next, min(head, self._next + _BLOCKS_AT_ONCE) + 1):
            block = self._chain.block(number)
            if block is None:
                return
            if block.transactions or block.timestamp - last >= INTERVAL:
                yield number
                last = block.timestamp
            self._next = number + 1

    def _certify(self, number: int) -> bool:
        if self.proof_for(number) is not None:
            return False
        # The cosigners in this process see the chain through the same node: what one has read need not be read again.
        view = remembering(self._chain)
        checkpoint = read_checkpoint(view, _seen_through(view, self._registries), number)
        cosignatures = list(self._cosignatures(checkpoint, view))
        if not holds(checkpoint, cosignatures, self._rosters.at(checkpoint.time, number)):
            _log.warning("checkpoint lacks cosignatures", block=number, has=len(cosignatures))
            return False
        self._keep(checkpoint, cosignatures)
        return True

    def _cosignatures(self, checkpoint: Checkpoint, view: Chain) -> Iterator[Cosignature]:
        for cosigner in self._cosigners:
            try:
                yield cosigner.cosign(checkpoint, view)
            except (Refused, Unavailable) as error:
                _log.warning("no cosignature", authority=cosigner.authority, block=checkpoint.number, code=error.code)

    def _keep(self, checkpoint: Checkpoint, cosignatures: Iterable[Cosignature]) -> None:
        row = CheckpointRow(
            number=checkpoint.number,
            block_hash=checkpoint.block_hash,
            time=checkpoint.time,
            claims=json.dumps(checkpoint.claims()),
            cosignatures=json.dumps([asdict(one) for one in cosignatures]),
        )
        with self._database.write() as session:
            session.merge(row)


def _seen_through(chain: Chain, registries: Registries) -> Registries:
    contracts = (registries.authority.contract, registries.issuer.contract, registries.document.contract)
    addresses = {name: contract.address for name, contract in zip(NAMES, contracts, strict=True)}
    return Registries.at(chain, addresses)


def _proof(row: CheckpointRow | None) -> FinalityProof | None:
    if row is None:
        return None
    return FinalityProof(
        number=row.number,
        block_hash=row.block_hash,
        time=row.time,
        claims=json.loads(row.claims),
        cosignatures=tuple(Cosignature(**one) for one in json.loads(row.cosignatures)),
    )
