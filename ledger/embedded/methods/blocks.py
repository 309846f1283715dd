"""Blocks by number and hash."""

from typing import Any

from eth.abc import BlockHeaderAPI
from eth.vm.forks.london.transactions import LondonTransactionBuilder

from ledger.embedded.hexadecimal import data, quantity, read_hash
from ledger.embedded.methods.tag import find
from ledger.embedded.rpc_error import bad_parameter
from ledger.embedded.seen import Seen
from ledger.embedded.shapes import Shape, header_shape, receipt_shape, transaction_shape


def block_number(node: Seen) -> str:
    """eth_blockNumber."""
    return quantity(node.view.head.block_number)


def block_by_number(node: Seen, block: Any, full: Any = False) -> Shape | None:
    """eth_getBlockByNumber."""
    return _shape(node, find(node, block), full)


def block_by_hash(node: Seen, block_hash: Any, full: Any = False) -> Shape | None:
    """eth_getBlockByHash."""
    return _shape(node, node.view.header_of(read_hash(block_hash, "block hash")), full)


def _shape(node: Seen, header: BlockHeaderAPI | None, full: Any) -> Shape | None:
    if not isinstance(full, bool):
        raise bad_parameter("the second parameter says with true or false whether transactions are written out")
    if header is None:
        return None
    transactions = _transactions(node, header) if full else _hashes(node, header)
    shape = {**header_shape(header), "transactions": transactions, "uncles": []}
    return shape if header.block_number <= node.view.head.block_number else {**shape, "hash": None}


def _hashes(node: Seen, header: BlockHeaderAPI) -> list[str]:
    return [data(transaction) for transaction in node.view.transaction_hashes(header.block_number)]


def _transactions(node: Seen, header: BlockHeaderAPI) -> list[Shape]:
    transactions = node.view.rules.chaindb.get_block_transactions(header, LondonTransactionBuilder)
    return [transaction_shape(transaction, header, place) for place, transaction in enumerate(transactions)]


def block_receipts(node: Seen, block: Any) -> list[Shape] | None:
    """eth_getBlockReceipts."""
    header = find(node, {"blockHash": block} if isinstance(block, str) and len(block) == 66 else block)
    if header is None:
        return None
    transactions = node.view.rules.chaindb.get_block_transactions(header, LondonTransactionBuilder)
    logs = node.view.logs(header.block_number)
    rows = node.view.transactions(header.block_number)
    return [
        receipt_shape(row, transaction, header.hash, logs[row.first_log : row.first_log + row.log_count])
        for row, transaction in zip(rows, transactions, strict=True)
    ]


def transaction_count_by_number(node: Seen, block: Any) -> str | None:
    """eth_getBlockTransactionCountByNumber."""
    header = find(node, block)
    return None if header is None else quantity(len(node.view.transaction_hashes(header.block_number)))


def transaction_count_by_hash(node: Seen, block_hash: Any) -> str | None:
    """eth_getBlockTransactionCountByHash."""
    return transaction_count_by_number(node, {"blockHash": block_hash})
