"""A transaction's bytes are what its row says: hash, sender, nonce, chain, and the batches that it anchors."""

from collections.abc import Iterator
from dataclasses import dataclass

from eth_utils.crypto import keccak
from sqlalchemy import select

from anchors.database import TransactionState
from anchors.database.models import BatchRow, RelayRow, ReplacedTransactionRow, TransactionRow
from anchors.fsck.finding import Finding, Repair, change
from anchors.fsck.scene import Scene
from ledger.errors import Invalid
from ledger.raw_transaction import RawTransaction, raw_transaction
from ledger.transaction import Call

_BACKUP = "restore the database from a backup, or rebuild it"
_WAITING = (TransactionState.SIGNED, TransactionState.BROADCAST)


@dataclass(frozen=True)
class _Row:
    row: TransactionRow

    def finding(self, code: str, detail: str, repair: Repair | None = None) -> Finding:
        where = f"transaction 0x{self.row.hash.hex()}"
        return Finding(code, where, detail, "" if repair else _BACKUP, (self.row,), repair)


def check(scene: Scene) -> Iterator[Finding]:
    """Raises Unavailable `chain.*` only where bytes are damaged and the chain may know better."""
    for _, row in scene.pages(select(TransactionRow.id, TransactionRow), TransactionRow.id):
        yield from _state(row)
        yield from _bytes(scene, row)
    yield from _replaced(scene)
    yield from _relayed(scene)


def _state(row: TransactionRow) -> Iterator[Finding]:
    at = _Row(row)
    if row.state not in list(TransactionState):
        yield at.finding("transaction.state", f"its state {row.state!r} is none that there is")
    block = (row.block_number, row.block_hash, row.block_time)
    if row.state == TransactionState.MINED and None in block:
        yield at.finding("transaction.block", "it reads `mined`, and its block is not all there")
    if row.state in _WAITING and block != (None, None, None):
        repair = change(row, block_number=None, block_hash=None, block_time=None)
        yield at.finding("transaction.block", f"it reads `{row.state}` and names a block", repair)


def _bytes(scene: Scene, row: TransactionRow) -> Iterator[Finding]:
    at = _Row(row)
    if keccak(row.raw) != row.hash:
        yield at.finding("transaction.hash", "its bytes have another hash than its row", _from_chain(scene, row))
        return
    try:
        read = RawTransaction.of(row.raw)
    except Invalid as error:
        yield at.finding("transaction.form", error.detail)
        return
    if (read.sender, read.nonce) != (row.sender, row.nonce):
        signed = change(row, sender=read.sender, nonce=read.nonce)
        detail = f"its row says nonce {row.nonce} of {row.sender}, its bytes {read.nonce} of {read.sender}"
        yield at.finding("transaction.nonce", detail, signed)
    if read.chain_id != scene.chain.chain_id:
        yield at.finding("transaction.chain", f"it is signed for the chain {read.chain_id}")
    yield from _batches(scene, row, read)


def _from_chain(scene: Scene, row: TransactionRow) -> Repair | None:
    """Return how to mend a row that does not fit its bytes: the chain has the transaction of the one or the other."""
    if (raw := raw_transaction(scene.chain, row.hash)) is not None:
        return change(row, raw=raw)
    digest = keccak(row.raw)
    return change(row, hash=digest) if raw_transaction(scene.chain, digest) is not None else None


def _batches(scene: Scene, row: TransactionRow, read: RawTransaction) -> Iterator[Finding]:
    query = select(BatchRow.root, BatchRow.size, BatchRow.manifest_digest).where(BatchRow.transaction_id == row.id)
    noted = {tuple(batch) for batch in scene.session.execute(query)}
    signed = set(scene.documents.anchored_by(Call(read.to, read.data)))
    # One that is mined may anchor batches that are nobody's here: anchorings.py tells of those that should be.
    # One that was displaced, and came back with a reorganisation, has left its batches to another.
    given_away = not noted and signed <= _known(scene, signed)
    if noted - signed or (row.state in _WAITING and noted != signed and not given_away):
        detail = f"it is to anchor {len(noted)} batches, of which its bytes name {len(noted & signed)} of {len(signed)}"
        yield _Row(row).finding("transaction.batches", detail)


def _known(scene: Scene, signed: set[tuple[bytes, int, bytes]]) -> set[tuple[bytes, int, bytes]]:
    query = select(BatchRow.root, BatchRow.size, BatchRow.manifest_digest)
    rows = scene.session.execute(query.where(BatchRow.root.in_({root for root, _, _ in signed})))
    return {(root, size, manifest) for root, size, manifest in rows}


def _replaced(scene: Scene) -> Iterator[Finding]:
    query = select(ReplacedTransactionRow, TransactionRow).join(
        TransactionRow, TransactionRow.id == ReplacedTransactionRow.transaction_id
    )
    for earlier, row in scene.session.execute(query.execution_options(yield_per=100)):
        try:
            read = RawTransaction.of(earlier.raw)
        except Invalid:
            read = None
        if read is None or (read.hash, read.sender, read.nonce) != (earlier.hash, row.sender, row.nonce):
            detail = "earlier bytes of it are damaged, or are of another transaction"
            yield Finding("transaction.replaced", f"transaction 0x{row.hash.hex()}", detail, _BACKUP, (earlier,))


def _relayed(scene: Scene) -> Iterator[Finding]:
    for row in scene.session.scalars(select(RelayRow).execution_options(yield_per=100)):
        if keccak(row.raw) != row.transaction_hash:
            detail = "the bytes of its transaction have another hash than its row"
            yield Finding("relay.hash", f"intent 0x{row.id.hex()}", detail, _BACKUP, (row,))
