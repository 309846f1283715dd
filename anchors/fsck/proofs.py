"""Proofs of finality hold, are of blocks of this chain, and every final batch rests on one."""

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from anchors.database import State
from anchors.database.models import BatchRow, FinalityProofRow, TransactionRow
from anchors.finality import FinalityProof
from anchors.fsck.finding import Finding, change
from anchors.fsck.scene import Scene
from anchors.replaced_proofs import set_aside


def check(scene: Scene) -> Iterator[Finding]:
    """Raises Unavailable `chain.*`. A proof of another form than the network's counts for nothing, here too."""
    highest = -1
    query = select(FinalityProofRow.number, FinalityProofRow).where(FinalityProofRow.form == scene.form)
    for number, row in scene.pages(query, FinalityProofRow.number):
        fault = _fault(scene, row)
        if fault is None:
            highest = number
        else:
            yield _wrong(row, fault, int(scene.clock()))
    yield from _unproved(scene, highest)


def _fault(scene: Scene, row: FinalityProofRow) -> str | None:
    try:
        content = json.loads(row.content)
    except ValueError:
        return "its content is not JSON"
    if not isinstance(content, dict):
        return "its content is not an object"
    block = scene.chain.block(row.number)
    if block is None or block.hash != row.block_hash:
        return "it is of a block that is not on the chain"
    return scene.judge(FinalityProof(row.form, row.number, row.block_hash, row.time, content), block)


def _wrong(row: FinalityProofRow, fault: str, now: int) -> Finding:
    def repair(session: Session) -> None:
        # Another can be had: from the block itself, or from those who cosign. This one may be evidence.
        set_aside(session, row.number, row.block_hash, now)

    return Finding("proof.wrong", f"proof of block {row.number}", fault, "", (row,), repair)


def _unproved(scene: Scene, highest: int) -> Iterator[Finding]:
    query = (
        select(BatchRow.id, BatchRow, TransactionRow)
        .join(TransactionRow, TransactionRow.id == BatchRow.transaction_id)
        .where(BatchRow.state == State.FINAL, TransactionRow.block_number > highest)
    )
    for _, batch, transaction in scene.pages(query, BatchRow.id):
        detail = f"it reads `final`, and no proof that holds is of block {transaction.block_number} or a later one"
        repair = change(batch, state=State.MINED, final_at=None)
        yield Finding("batch.unproved", f"batch {batch.id} {batch.root.hex()}", detail, "", (batch,), repair)
