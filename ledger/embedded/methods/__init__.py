"""The JSON-RPC methods that the embedded chain answers, by name."""

from collections.abc import Mapping

from ledger.embedded.methods import blocks, logs, network, state, transactions
from ledger.embedded.methods.method import Method

METHODS: Mapping[str, Method] = {
    "web3_clientVersion": Method(network.client_version),
    "net_version": Method(network.net_version),
    "eth_chainId": Method(network.chain_id),
    "eth_syncing": Method(network.syncing),
    "eth_gasPrice": Method(network.gas_price),
    "eth_maxPriorityFeePerGas": Method(network.gas_price),
    "eth_feeHistory": Method(network.fee_history, 2, 3),
    "eth_accounts": Method(network.accounts),
    "eth_blockNumber": Method(blocks.block_number),
    "eth_getBlockByNumber": Method(blocks.block_by_number, 1, 2),
    "eth_getBlockByHash": Method(blocks.block_by_hash, 1, 2),
    "eth_getBlockReceipts": Method(blocks.block_receipts, 1, 1),
    "eth_getBlockTransactionCountByNumber": Method(blocks.transaction_count_by_number, 1, 1),
    "eth_getBlockTransactionCountByHash": Method(blocks.transaction_count_by_hash, 1, 1),
    "eth_call": Method(state.call, 1, 2),
    "eth_estimateGas": Method(state.estimate_gas, 1, 2),
    "eth_getCode": Method(state.code, 1, 2),
    "eth_getStorageAt": Method(state.storage_at, 2, 3),
    "eth_getBalance": Method(state.balance, 1, 2),
    "eth_getTransactionCount": Method(state.transaction_count, 1, 2),
    "eth_getProof": Method(state.state_proof, 2, 3),
    "eth_sendRawTransaction": Method(transactions.send_raw, 1, 1),
    "eth_getTransactionByHash": Method(transactions.by_hash, 1, 1),
    "eth_getTransactionReceipt": Method(transactions.receipt, 1, 1),
    "eth_getLogs": Method(logs.get_logs, 1, 1),
}
