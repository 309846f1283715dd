"""RLP from strangers (Ethereum yellow paper, appendix B): one form for each value, never deeper than asked for."""

from typing import TypeAlias

Item: TypeAlias = "bytes | list[Item]"

_LONGEST_SHORT = 55


def encode(item: Item) -> bytes:
    """Return the RLP of bytes, or of lists of them."""
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < 0x80 else _head(0x80, len(item)) + item
    payload = b"".join(map(encode, item))
    return _head(0xC0, len(payload)) + payload


def decode(raw: bytes, depth: int) -> Item:
    """Return the one item that `raw` holds, with lists at most `depth` deep. Raises ValueError."""
    item, _ = _item(raw, 0, len(raw), depth)
    # Encoding again finds every second form of a value, such as a length with leading zeros, and what follows it.
    if encode(item) != raw:
        raise ValueError("not the one RLP of its value")
    return item


def _head(first: int, size: int) -> bytes:
    if size <= _LONGEST_SHORT:
        return bytes([first + size])
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([first + _LONGEST_SHORT + len(length)]) + length


def _item(raw: bytes, at: int, limit: int, depth: int) -> tuple[Item, int]:
    if at >= limit:
        raise ValueError("the RLP ends too early")
    first = raw[at]
    if first < 0x80:
        return raw[at : at + 1], at + 1
    is_list = first >= 0xC0
    start, end = _span(raw, at, first - (0xC0 if is_list else 0x80))
    if end > limit:
        raise ValueError("the RLP ends too early")
    return (_items(raw, start, end, depth - 1) if is_list else raw[start:end]), end


def _span(raw: bytes, at: int, size: int) -> tuple[int, int]:
    """Return where the payload begins and ends, of an item at `at` whose first byte states `size`."""
    if size <= _LONGEST_SHORT:
        return at + 1, at + 1 + size
    start = at + 1 + size - _LONGEST_SHORT
    return start, start + int.from_bytes(raw[at + 1 : start], "big")


def _items(raw: bytes, start: int, end: int, depth: int) -> list[Item]:
    if depth < 0:
        raise ValueError("lists stand deeper in each other than allowed")
    items: list[Item] = []
    while start < end:
        item, start = _item(raw, start, end, depth)
        items.append(item)
    return items
