"""broadcast -> mined: what the chain says of each transaction, checked against the registry's state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from anchors.database import TransactionState
from anchors.database.models import BatchRow, TransactionRow
from anchors.pipeline.movement import move, unmined
from anchors.pipeline.place import Place
from anchors.pipeline.replacement import all_bytes, put_in_place
from anchors.pipeline.resources import Resources
from ledger.chain import Chain
from ledger.document_registry import DocumentRegistry
from ledger.errors import Unavailable
from ledger.failpoint import reached
from ledger.transaction import settled_nonce
from ledger.transaction_receipt import TransactionReceipt


@dataclass(frozen=True)
class _Outcome:
    """What became of a transaction: the hash of the bytes that were mined, and where; neither if it is displaced."""

    state: TransactionState
    hash: bytes = b""
    place: Place | None = None

    def __str__(self) -> str:
        return f"{self.state} 0x{self.hash.hex()} in {self.place}"


def step(resources: Resources) -> int:
    """Look for every transaction that is not mined; return how many moved.

    One whose nonce another transaction has used, and one that failed, set their batches free to be signed again:
    anchoring a batch twice does nothing. Where there are several nodes, two must say the same. Raises Unavailable
    `chain.*`, `database.*`.
    """
    if not resources.leases.hold(resources.account_work):
        return 0
    return sum(_confirm(resources, transaction) for transaction in unmined(resources))


def _confirm(resources: Resources, transaction: TransactionRow) -> bool:
    outcome = resources.witnesses.agreed(_question(resources, transaction))
    if outcome is None:
        return False
    if outcome.state is TransactionState.DISPLACED:
        _displaced(resources, transaction)
    else:
        _mined(resources, transaction, outcome)
    return True


def _question(resources: Resources, transaction: TransactionRow) -> Callable[[Chain], _Outcome | None]:
    digests, batches = all_bytes(resources, transaction), _batches(resources, transaction)
    address = resources.documents.contract.address

    def ask(chain: Chain) -> _Outcome | None:
        # Before the receipts: a transaction mined in between has a receipt, and is not taken for displaced.
        used = settled_nonce(chain, transaction.sender)
        for digest in digests:
            receipt = chain.receipt(digest)
            if receipt is not None:
                return _outcome(chain, receipt, digest, DocumentRegistry(chain, address), batches)
        return _Outcome(TransactionState.DISPLACED) if transaction.nonce < used else None

    return ask


def _outcome(
    chain: Chain, receipt: TransactionReceipt, digest: bytes, documents: DocumentRegistry, batches: Sequence[BatchRow]
) -> _Outcome:
    block = chain.block(receipt.block_number)
    if block is None or block.hash != receipt.block_hash or digest not in block.transactions:
        raise Unavailable(
            "chain.answer", "the transaction's receipt names a block that is not on the chain", mend="ask again"
        )
    if not receipt.succeeded:
        return _Outcome(TransactionState.REVERTED, digest, Place.of(block))
    for batch in batches:
        if documents.anchoring(batch.root, batch.size, batch.manifest_digest, at=block.number) is None:
            raise Unavailable(
                "chain.answer",
                "the transaction has succeeded and the registry does not hold the batch",
                mend="check the node and the contract addresses in the network file",
            )
    return _Outcome(TransactionState.MINED, digest, Place.of(block))


def _batches(resources: Resources, transaction: TransactionRow) -> Sequence[BatchRow]:
    with resources.database.read() as session:
        return session.scalars(select(BatchRow).where(BatchRow.transaction_id == transaction.id)).all()


def _displaced(resources: Resources, transaction: TransactionRow) -> None:
    # As long as this block is on the chain, the nonce is used: the sweep looks whether it stays.
    place = Place.of(resources.chain.head())
    with resources.write(resources.account_work) as session:
        move(session, transaction.id, TransactionState.DISPLACED, place)
        reached("confirm.freed.before")
    reached("confirm.freed.after")


def _mined(resources: Resources, transaction: TransactionRow, outcome: _Outcome) -> None:
    with resources.write(resources.account_work) as session:
        put_in_place(session, transaction.id, outcome.hash, resources.now)
        move(session, transaction.id, outcome.state, outcome.place)
        reached("confirm.commit.before")
    reached("confirm.commit.after")
