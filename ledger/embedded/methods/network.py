"""What kind of chain this is."""

from typing import Any

from ledger.embedded.hexadecimal import quantity, read_quantity
from ledger.embedded.methods.tag import header
from ledger.embedded.node import Node
from ledger.embedded.rpc_error import bad_parameter

MOST_BLOCKS = 1024


def client_version(node: Node) -> str:
    """web3_clientVersion."""
    return "Portseal-embedded/1 (py-evm, London)"


def net_version(node: Node) -> str:
    """net_version."""
    return str(node.chain_id)


def chain_id(node: Node) -> str:
    """eth_chainId."""
    return quantity(node.chain_id)


def syncing(node: Node) -> bool:
    """eth_syncing: there is nobody to catch up with."""
    return False


def accounts(node: Node) -> list[str]:
    """eth_accounts: the chain holds no keys."""
    return []


def gas_price(node: Node) -> str:
    """eth_gasPrice and eth_maxPriorityFeePerGas: gas costs nothing."""
    return quantity(0)


def fee_history(node: Node, count: Any, newest: Any, percentiles: Any = ()) -> dict[str, Any]:
    """eth_feeHistory: all fees are 0."""
    last = header(node, newest).block_number
    wanted = count if isinstance(count, int) else read_quantity(count, "blockCount")
    if not isinstance(percentiles, list | tuple):
        raise bad_parameter("rewardPercentiles is not an array")
    length = max(0, min(wanted, MOST_BLOCKS, last + 1))
    history: dict[str, Any] = {
        "oldestBlock": quantity(last + 1 - length),
        "baseFeePerGas": [quantity(0)] * (length + 1),
        "gasUsedRatio": [0.0] * length,
    }
    return {**history, "reward": [[quantity(0)] * len(percentiles)] * length} if percentiles else history
