"""Proofs of blocks that have left the chain all the same: they prove nothing any more, and are kept as evidence.

More than two thirds of the members, or a quorum of the validators, have signed a block that the chain does not hold:
the rows show who.
"""

from sqlalchemy.orm import Session

from anchors.database.models import FinalityProofRow, ReplacedProofRow


def set_aside(session: Session, number: int, block_hash: bytes, now: int) -> bool:
    """Take the proof of this block out of those that count; return whether there was one."""
    row = session.get(FinalityProofRow, number)
    if row is None or row.block_hash != block_hash:
        return False
    # The same block may come back and leave again.
    session.merge(
        ReplacedProofRow(
            block_hash=row.block_hash,
            form=row.form,
            number=row.number,
            time=row.time,
            content=row.content,
            replaced_at=now,
        )
    )
    session.delete(row)
    return True
