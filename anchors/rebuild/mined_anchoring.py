"""The transaction of an anchoring as the chain has it, and the block that it is in."""

from anchors.rebuild.found_again import MinedTransaction
from ledger.chain import Chain
from ledger.document_registry import Anchored
from ledger.errors import Unavailable
from ledger.raw_transaction import raw_transaction


def mined_transaction(chain: Chain, anchored: Anchored) -> MinedTransaction:
    """Return the anchoring's transaction. Raises Unavailable `chain.*`, also where the chain has moved meanwhile."""
    raw, block = raw_transaction(chain, anchored.transaction_hash), chain.block(anchored.block_number)
    if raw is None or block is None or anchored.transaction_hash not in block.transactions:
        detail = f"the node does not have the transaction of an anchoring in block {anchored.block_number}"
        raise Unavailable("chain.answer", detail, mend="ask again; if it stays, ask another node")
    return MinedTransaction(raw, block.number, block.hash, block.timestamp)
