"""Which block a parameter means: a number, a tag, or an object with number or hash (EIP-1898)."""

from typing import Any

from eth.abc import BlockHeaderAPI

from ledger.embedded.hexadecimal import read_hash, read_quantity
from ledger.embedded.rpc_error import bad_parameter, rejected
from ledger.embedded.seen import Seen
from ledger.embedded.view import next_header

HEAD_TAGS = ("latest", "safe", "finalized")


def find(node: Seen, block: Any) -> BlockHeaderAPI | None:
    """Return the header that `block` means, None if there is no such block.

    `pending` is the next block without any transaction: the head's state at the next block's number and time.
    """
    if block in HEAD_TAGS:
        return node.view.head
    if block == "earliest":
        return node.view.genesis
    if block == "pending":
        return next_header(node.view, int(node.clock()))
    if isinstance(block, dict):
        return _find_object(node, block)
    return node.view.header(read_quantity(block, "block"))


def _find_object(node: Seen, block: dict[str, Any]) -> BlockHeaderAPI | None:
    if "blockHash" in block:
        return node.view.header_of(read_hash(block["blockHash"], "blockHash"))
    if "blockNumber" in block:
        return find(node, block["blockNumber"]) if isinstance(block["blockNumber"], str) else None
    raise bad_parameter("block is an object without blockHash or blockNumber")


def header(node: Seen, block: Any) -> BlockHeaderAPI:
    """Return the header that `block` means; RpcError if there is no such block."""
    found = find(node, block)
    if found is None:
        raise rejected("header not found")
    return found


def number(node: Seen, block: Any, what: str) -> int:
    """Return the block number that `block` means, also one that is not mined yet."""
    if block in ("latest", "safe", "finalized", "pending", "earliest"):
        return node.view.genesis.block_number if block == "earliest" else node.view.head.block_number
    return read_quantity(block, what)
