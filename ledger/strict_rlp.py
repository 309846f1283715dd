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
    item, end = _item(raw, 0, len(raw), depth)
    if end != len(raw):
        raise ValueError("something follows the RLP")
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
    size = first - (0xC0 if is_list else 0x80)
    start, end = (at + 1, at + 1 + size) if size <= _LONGEST_SHORT else _long_span(raw, at, size)
    if end > limit:
        raise ValueError("the RLP ends too early")
    if is_list:
        return _items(raw, start, end, depth - 1), end
    if size == 1 and raw[start] < 0x80:
        raise ValueError("a byte that should stand for itself")
    return raw[start:end], end


def _long_span(raw: bytes, at: int, size: int) -> tuple[int, int]:
    """Return where the payload begins and ends, of an item at `at` whose first byte says how its length is written."""
    start = at + 1 + size - _LONGEST_SHORT
    length = int.from_bytes(raw[at + 1 : start], "big")
    if length <= _LONGEST_SHORT or raw[at + 1] == 0:
        raise ValueError("a length that is written longer than it must be")
    return start, start + length


def _items(raw: bytes, start: int, end: int, depth: int) -> list[Item]:
    if depth < 0:
        raise ValueError("lists stand deeper in each other than allowed")
    items: list[Item] = []
    while start < end:
        item, start = _item(raw, start, end, depth)
        items.append(item)
    return items
