"""The indices of a block: transactions by hash, logs by block, address and topics."""

import hashlib
from collections.abc import Iterator, Sequence

from eth._utils.address import generate_contract_address
from eth.abc import ReceiptAPI, SignedTransactionAPI

from ledger.embedded.committed_file import Row
from ledger.embedded.database import Statement

WORD = 32
ADDRESS = 0  # place of the emitting address among a log's terms; topic n has place n + 1

INSERT_TRANSACTION = "INSERT INTO transactions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_LOG = "INSERT INTO logs VALUES (?, ?, ?, ?, ?, ?, ?)"
INSERT_TERM = "INSERT OR IGNORE INTO log_terms VALUES (?, ?, ?)"


def term(place: int, value: bytes) -> int:
    """Return the 64-bit name of `value` at `place`; who finds a log by it still compares the log itself."""
    digest = hashlib.blake2b(bytes([place]) + value, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def statements(block: int, executed: Sequence[tuple[SignedTransactionAPI, ReceiptAPI]]) -> list[Statement]:
    """Return the rows of the block with number `block`, one statement per table."""
    transactions: list[Row] = []
    logs: list[Row] = []
    gas = 0
    for position, (transaction, receipt) in enumerate(executed):
        place = (block, position)
        transactions.append(_transaction(place, transaction, receipt, receipt.gas_used - gas, len(logs)))
        logs.extend(_logs(place, transaction.hash, receipt, len(logs)))
        gas = receipt.gas_used
    terms = [row for log in logs for row in _terms(log)]
    return [(INSERT_TRANSACTION, transactions), (INSERT_LOG, logs), (INSERT_TERM, terms)]


def _transaction(
    place: tuple[int, int], transaction: SignedTransactionAPI, receipt: ReceiptAPI, gas_used: int, first_log: int
) -> Row:
    contract = None if transaction.to else generate_contract_address(transaction.sender, transaction.nonce)
    succeeded = int(receipt.state_root == b"\x01")
    head = (transaction.hash, *place, transaction.sender, contract, succeeded)
    return (*head, gas_used, receipt.gas_used, first_log, len(receipt.logs))


def _logs(place: tuple[int, int], transaction: bytes, receipt: ReceiptAPI, first_log: int) -> Iterator[Row]:
    block, position = place
    for number, log in enumerate(receipt.logs, first_log):
        topics = b"".join(topic.to_bytes(WORD, "big") for topic in log.topics)
        yield block, number, position, transaction, log.address, topics, log.data


def _terms(log: Row) -> Iterator[Row]:
    block, number, _, _, address, topics, _ = log
    yield term(ADDRESS, address), block, number
    for place in range(len(topics) // WORD):
        yield term(place + 1, topics[place * WORD : (place + 1) * WORD]), block, number
