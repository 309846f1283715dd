"""What reads `mined` is on the chain, in that block, and the registry holds its batches."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from anchors.database import TransactionState
from anchors.database.models import BatchRow, TransactionRow
from anchors.fsck.finding import Finding, Repair
from anchors.fsck.scene import Scene
from anchors.pipeline.movement import give_back, move
from anchors.pipeline.place import Place
from ledger.block import Block
from ledger.transaction_receipt import TransactionReceipt

_NODE = "start the node: it looks by itself, and sends again what has left the chain"


def check(scene: Scene) -> Iterator[Finding]:
    """Raises Unavailable `chain.*`."""
    query = select(TransactionRow.id, TransactionRow).where(TransactionRow.state == TransactionState.MINED)
    for _, row in scene.pages(query, TransactionRow.id):
        if row.block_number is not None:
            yield from _transaction(scene, row)


def _transaction(scene: Scene, row: TransactionRow) -> Iterator[Finding]:
    receipt = scene.chain.receipt(row.hash)
    block = scene.chain.block(receipt.block_number) if receipt else None
    if receipt is None or block is None or block.hash != receipt.block_hash:
        detail = f"it reads `mined` in block {row.block_number}, and is in no block of the chain"
        yield _finding("transaction.not-on-chain", row, detail, _moved(row, TransactionState.BROADCAST, None))
    elif not receipt.succeeded:
        yield _finding(
            "transaction.failed", row, "it reads `mined`, and it failed", _moved(row, TransactionState.REVERTED, block)
        )
    elif (block.number, block.hash, block.timestamp) != (row.block_number, row.block_hash, row.block_time):
        detail = f"it reads `mined` in block {row.block_number}, and is in block {block.number} 0x{block.hash.hex()}"
        yield _finding("transaction.other-block", row, detail, _moved(row, TransactionState.MINED, block))
    else:
        yield from _batches(scene, row, receipt)


def _batches(scene: Scene, row: TransactionRow, receipt: TransactionReceipt) -> Iterator[Finding]:
    for batch in scene.session.scalars(select(BatchRow).where(BatchRow.transaction_id == row.id)):
        held = scene.documents.anchoring(batch.root, batch.size, batch.manifest_digest, at=receipt.block_number)
        if held is None:
            where, detail = f"batch {batch.id} {batch.root.hex()}", "its transaction is mined; the registry has it not"
            mend = "compare the network file with the consortium's; restore the database from a backup"
            yield Finding("batch.not-held", where, detail, mend, (batch, row))


def _finding(code: str, row: TransactionRow, detail: str, repair: Repair) -> Finding:
    return Finding(code, f"transaction 0x{row.hash.hex()}", detail, _NODE, (row,), repair)


def _moved(row: TransactionRow, state: TransactionState, block: Block | None) -> Repair:
    """Return the repair that has the transaction where the chain has it; whatever was final has to be proved again."""

    def repair(session: Session) -> None:
        if block is None:
            give_back(session, row.id)
        else:
            move(session, row.id, state, Place(block.number, block.hash, block.timestamp))

    return repair
