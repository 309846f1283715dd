"""An independent reader of Merkle Patricia proofs: own RLP, own walk (yellow paper, appendix B and D)."""

from typing import Any

from eth_utils.crypto import keccak


class ProofError(Exception):
    pass


def decode(data: bytes) -> Any:
    item, rest = _item(data)
    if rest:
        raise ProofError("bytes after the item")
    return item


def _item(data: bytes) -> tuple[Any, bytes]:
    if not data:
        raise ProofError("no bytes")
    first = data[0]
    if first < 0x80:
        return data[:1], data[1:]
    is_list = first >= 0xC0
    short = first - (0xC0 if is_list else 0x80)
    head = 1
    if short > 55:
        head = 1 + short - 55
        size = int.from_bytes(data[1:head], "big")
    else:
        size = short
    body, rest = data[head : head + size], data[head + size :]
    if len(body) != size:
        raise ProofError("too short")
    if not is_list:
        return body, rest
    items = []
    while body:
        item, body = _item(body)
        items.append(item)
    return items, rest


def nibbles(data: bytes) -> list[int]:
    return [half for byte in data for half in (byte >> 4, byte & 15)]


def value_at(root: bytes, key: bytes, proof: list[bytes]) -> bytes:
    """Return the value that `proof` shows under keccak(key) in the trie of `root`, empty if it shows absence."""
    nodes = list(proof)
    path = nibbles(keccak(key))
    if root == keccak(b"\x80"):
        if nodes:
            raise ProofError("nodes of an empty trie")
        return b""
    node = _take(nodes, root)
    while True:
        if len(node) == 17:
            if not path:
                raise ProofError("all keys are 32 bytes")
            child, path = node[path[0]], path[1:]
            if child == b"":
                return _end(nodes, b"")
        elif len(node) == 2:
            part = nibbles(node[0])
            leaf, part = part[0] >= 2, part[1:] if part[0] % 2 else part[2:]
            if path[: len(part)] != part:
                return _end(nodes, b"")
            path = path[len(part) :]
            if leaf:
                return _end(nodes, b"" if path else node[1])
            child = node[1]
        else:
            raise ProofError("not a node")
        node = child if isinstance(child, list) else _take(nodes, child)


def _take(nodes: list[bytes], wanted: bytes) -> Any:
    if not nodes or keccak(nodes[0]) != wanted:
        raise ProofError("a node is missing or is not the one named")
    return decode(nodes.pop(0))


def _end(nodes: list[bytes], value: bytes) -> bytes:
    if nodes:
        raise ProofError("nodes beyond the end of the path")
    return value
