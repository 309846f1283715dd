"""Blocks, transactions, receipts and logs as JSON-RPC writes them (Ethereum execution API, London)."""

from collections.abc import Sequence
from typing import Any, cast

from eth.abc import BlockHeaderAPI, LegacyTransactionFieldsAPI, SignedTransactionAPI
from eth_bloom.bloom import BloomFilter

from ledger.embedded.hexadecimal import checksum, data, quantity, word
from ledger.embedded.index import WORD
from ledger.embedded.view import LogRow, TransactionRow

Shape = dict[str, Any]

DYNAMIC_FEE = 2


def header_shape(header: BlockHeaderAPI) -> Shape:
    """Write every field of a header; keccak of their RLP in the order of the yellow paper is `hash`."""
    return {
        "hash": data(header.hash),
        "parentHash": data(header.parent_hash),
        "sha3Uncles": data(header.uncles_hash),
        "miner": checksum(header.coinbase),
        "stateRoot": data(header.state_root),
        "transactionsRoot": data(header.transaction_root),
        "receiptsRoot": data(header.receipt_root),
        "logsBloom": bloom_shape(header.bloom),
        "difficulty": quantity(header.difficulty),
        "number": quantity(header.block_number),
        "gasLimit": quantity(header.gas_limit),
        "gasUsed": quantity(header.gas_used),
        "timestamp": quantity(header.timestamp),
        "extraData": data(header.extra_data),
        "mixHash": data(header.mix_hash),
        "nonce": data(header.nonce),
        "baseFeePerGas": quantity(header.base_fee_per_gas or 0),
    }


def bloom_shape(bloom: int) -> str:
    """Write a log bloom, 256 bytes."""
    return data(bloom.to_bytes(256, "big"))


def transaction_shape(transaction: SignedTransactionAPI, header: BlockHeaderAPI | None, position: int) -> Shape:
    """Write a transaction; `header` is its block's, None while it waits."""
    shape = {
        "blockHash": data(header.hash) if header else None,
        "blockNumber": quantity(header.block_number) if header else None,
        "transactionIndex": quantity(position) if header else None,
        "hash": data(transaction.hash),
        "type": quantity(transaction.type_id or 0),
        "chainId": quantity(transaction.chain_id or 0),
        "nonce": quantity(transaction.nonce),
        "from": checksum(transaction.sender),
        "to": checksum(transaction.to) if transaction.to else None,
        "value": quantity(transaction.value),
        "gas": quantity(transaction.gas),
        "gasPrice": quantity(gas_price(transaction)),
        "input": data(transaction.data),
        "r": quantity(transaction.r),
        "s": quantity(transaction.s),
    }
    return {**shape, **_form_shape(transaction)}


def _form_shape(transaction: SignedTransactionAPI) -> Shape:
    if transaction.type_id is None:
        return {"v": quantity(cast(LegacyTransactionFieldsAPI, transaction).v)}
    access = [
        {"address": checksum(account), "storageKeys": [word(slot) for slot in slots]}
        for account, slots in transaction.access_list
    ]
    parity = quantity(transaction.y_parity)
    shape: Shape = {"accessList": access, "v": parity, "yParity": parity}
    if transaction.type_id == DYNAMIC_FEE:
        shape["maxFeePerGas"] = quantity(transaction.max_fee_per_gas)
        shape["maxPriorityFeePerGas"] = quantity(transaction.max_priority_fee_per_gas)
    return shape


def gas_price(transaction: SignedTransactionAPI) -> int:
    """Return what a unit of gas costs the sender; the base fee is 0."""
    return min(transaction.max_fee_per_gas, transaction.max_priority_fee_per_gas)


def log_shape(log: LogRow, block_hash: bytes) -> Shape:
    """Write a log."""
    starts = range(0, len(log.topics), WORD)
    return {
        "address": checksum(log.address),
        "topics": [data(log.topics[start : start + WORD]) for start in starts],
        "data": data(log.data),
        "blockNumber": quantity(log.block),
        "blockHash": data(block_hash),
        "transactionHash": data(log.transaction_hash),
        "transactionIndex": quantity(log.position),
        "logIndex": quantity(log.log),
        "removed": False,
    }


def receipt_shape(
    row: TransactionRow, transaction: SignedTransactionAPI, block_hash: bytes, logs: Sequence[LogRow]
) -> Shape:
    """Write a transaction's receipt."""
    return {
        "transactionHash": data(row.hash),
        "transactionIndex": quantity(row.position),
        "blockHash": data(block_hash),
        "blockNumber": quantity(row.block),
        "from": checksum(row.sender),
        "to": checksum(transaction.to) if transaction.to else None,
        "contractAddress": checksum(row.contract) if row.contract else None,
        "status": quantity(row.succeeded),
        "type": quantity(transaction.type_id or 0),
        "gasUsed": quantity(row.gas_used),
        "cumulativeGasUsed": quantity(row.cumulative_gas),
        "effectiveGasPrice": quantity(gas_price(transaction)),
        "logs": [log_shape(log, block_hash) for log in logs],
        "logsBloom": bloom_shape(_bloom(logs)),
    }


def _bloom(logs: Sequence[LogRow]) -> int:
    bloom = BloomFilter()
    for log in logs:
        bloom.add(log.address)
        bloom.extend([log.topics[start : start + WORD] for start in range(0, len(log.topics), WORD)])
    return int(bloom)
