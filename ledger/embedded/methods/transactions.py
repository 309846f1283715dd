"""Sending transactions and finding out what became of them."""

from typing import Any

from eth.abc import BlockHeaderAPI, SignedTransactionAPI
from eth.vm.forks.london.transactions import LondonTransactionBuilder

from ledger.embedded.hexadecimal import data, read_data, read_hash
from ledger.embedded.node import Node
from ledger.embedded.shapes import Shape, receipt_shape, transaction_shape
from ledger.embedded.view import TransactionRow


def send_raw(node: Node, raw: Any) -> str:
    """eth_sendRawTransaction."""
    return data(node.submit(read_data(raw, "raw transaction")))


def by_hash(node: Node, transaction_hash: Any) -> Shape | None:
    """eth_getTransactionByHash: mined or waiting."""
    wanted = read_hash(transaction_hash, "transaction hash")
    waiting = node.pool.find(wanted)
    row = node.view.transaction(wanted)
    if row is not None:
        header, transaction = _mined(node, row)
        return transaction_shape(transaction, header, row.position)
    return None if waiting is None else transaction_shape(waiting, None, 0)


def receipt(node: Node, transaction_hash: Any) -> Shape | None:
    """eth_getTransactionReceipt: null until mined."""
    row = node.view.transaction(read_hash(transaction_hash, "transaction hash"))
    if row is None:
        return None
    header, transaction = _mined(node, row)
    logs = node.view.logs(row.block, row.first_log, row.log_count)
    return receipt_shape(row, transaction, header.hash, logs)


def _mined(node: Node, row: TransactionRow) -> tuple[BlockHeaderAPI, SignedTransactionAPI]:
    rules = node.view.rules
    header = rules.get_canonical_block_header_by_number(row.block)
    transaction = rules.chaindb.get_transaction_by_index(row.block, row.position, LondonTransactionBuilder)
    return header, transaction
