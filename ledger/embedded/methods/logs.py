"""eth_getLogs."""

from typing import Any

from ledger.embedded.hexadecimal import read_address, read_hash
from ledger.embedded.log_search import LogFilter, search
from ledger.embedded.methods.tag import header, number
from ledger.embedded.node import Node
from ledger.embedded.rpc_error import bad_parameter
from ledger.embedded.shapes import Shape, log_shape

MOST_TOPICS = 4


def get_logs(node: Node, wanted: Any) -> list[Shape]:
    """eth_getLogs: by address or addresses, topics, and a range of blocks or one block's hash."""
    if not isinstance(wanted, dict):
        raise bad_parameter("the filter is not an object")
    found = search(node.view, _read_filter(node, wanted))
    hashes = {log.block: node.view.rules.get_canonical_block_hash(log.block) for log in found}
    return [log_shape(log, hashes[log.block]) for log in found]


def _read_filter(node: Node, wanted: dict[str, Any]) -> LogFilter:
    first, last = _read_range(node, wanted)
    return LogFilter(first, last, _read_addresses(wanted.get("address")), _read_topics(wanted.get("topics")))


def _read_range(node: Node, wanted: dict[str, Any]) -> tuple[int, int]:
    if wanted.get("blockHash") is None:
        first = number(node, wanted.get("fromBlock") or "latest", "fromBlock")
        last = number(node, wanted.get("toBlock") or "latest", "toBlock")
        head = node.view.head.block_number
        return min(first, head + 1), min(last, head)
    if wanted.get("fromBlock") is not None or wanted.get("toBlock") is not None:
        raise bad_parameter("cannot specify both blockHash and fromBlock/toBlock, choose one or the other")
    block = header(node, {"blockHash": wanted["blockHash"]}).block_number
    return block, block


def _read_addresses(addresses: Any) -> frozenset[bytes] | None:
    if addresses is None:
        return None
    listed = addresses if isinstance(addresses, list | tuple) else [addresses]
    return frozenset(read_address(address, "address") for address in listed) or None


def _read_topics(topics: Any) -> tuple[frozenset[bytes] | None, ...]:
    if topics is None:
        return ()
    if not isinstance(topics, list | tuple) or len(topics) > MOST_TOPICS:
        raise bad_parameter(f"topics are not an array of at most {MOST_TOPICS}")
    return tuple(_read_topic(topic) for topic in topics)


def _read_topic(topic: Any) -> frozenset[bytes] | None:
    if topic is None:
        return None
    listed = topic if isinstance(topic, list | tuple) else [topic]
    if None in listed:
        return None
    return frozenset(read_hash(one, "topic") for one in listed) or None
