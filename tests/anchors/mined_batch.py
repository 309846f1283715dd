"""Rows of batches that are mined and not final, and what proves them."""

import hashlib

from anchors.database import Database, State, TransactionState
from anchors.database.models import BatchRow, TransactionRow
from anchors.finality import Finality, FinalityProof


def add_mined_batch(database: Database, number: int, block_hash: bytes = b"h" * 32) -> None:
    """A batch whose transaction stands in the block `number`."""
    name = hashlib.sha256(b"%d" % number).digest()
    transaction = TransactionRow(
        sender="0x0",
        nonce=number,
        raw=b"",
        hash=name,
        state=TransactionState.MINED,
        created_at=0,
        block_number=number,
        block_hash=block_hash,
        block_time=0,
    )
    with database.write() as session:
        session.add(transaction)
        session.flush()
        batch = BatchRow(root=name, size=1, manifest_digest=name, manifest_cid="", state=State.MINED, created_at=0)
        batch.transaction_id = transaction.id
        session.add(batch)


def own_proof(finality: Finality, number: int) -> FinalityProof | None:
    """The block's own proof, not a later one's."""
    proof = finality.proof_for(number)
    return proof if proof and proof.number == number else None
