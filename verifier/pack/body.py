"""The content of a pack as bytes: deterministic CBOR of columns, and packed by zlib; read within bounds."""

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from anchors.cbor_items import check_items
from ledger.deterministic_cbor import decode, encode
from ledger.errors import Invalid
from ledger.jwk import Algorithm, PublicKey
from ledger.registered_key import key_fields
from verifier.pack.columns import WordReader, WordTable, read_numbers, read_rows, write_number, write_rows
from verifier.pack.content import Content, Hours
from verifier.pack.kinds import KINDS, TERMS

MAX_BYTES = 32 * 1024 * 1024
"""Of the content, unpacked."""
MOST_CHANGES = 500_000
"""Of all kinds together; each takes some hundred bytes of memory."""

_BYTES, _KEY = 32, 65
_MEND = "get the pack again; if it stays so, tell whoever signed it"


def pack_body(content: Content) -> bytes:
    """Return the bytes of which a head states the SHA-256."""
    table = WordTable()
    changes = {kind: [len(rows), write_rows(rows, KINDS[kind].columns, table)] for kind, rows in _in_order(content)}
    terms = [len(content.terms), write_rows(content.terms, TERMS, table)]
    trimmed = [word.rstrip(b"\0") for word in table.words]
    return encode(
        {
            "words": [bytes(map(len, trimmed)), b"".join(trimmed)],
            "changes": changes,
            "keys": b"".join(_key(one) for one in content.keys),
            "terms": terms,
            "hours": _hours(content.hours),
        }
    )


def compress(body: bytes) -> bytes:
    """Return the body packed."""
    return zlib.compress(body, 9)


def expand(packed: bytes, most: int = MAX_BYTES) -> bytes:
    """Unpack a body, of at most so many bytes. Raises Invalid `pack.size`, `pack.form`."""
    unpacking = zlib.decompressobj()
    try:
        body = unpacking.decompress(packed, most + 1)
    except zlib.error:
        raise malformed("/body", "bytes packed by zlib") from None
    if len(body) > most:
        raise Invalid("pack.size", f"the content has more than {most} bytes", pointer="/body", mend=_MEND)
    if not unpacking.eof or unpacking.unused_data:
        raise malformed("/body", "bytes packed by zlib, to the end and nothing after")
    return body


def read_body(body: bytes) -> Content:
    """Read what `pack_body` wrote. Raises Invalid `pack.form`, `pack.size`."""
    check_items(body, 10 * len(KINDS), "pack")
    match decode(body, "pack"):
        case {
            "words": [bytes(lengths), bytes(words)],
            "changes": dict(changes),
            "keys": bytes(keys),
            "terms": [int(count), bytes(terms)],
            "hours": [int(hour_count), bytes(numbers), bytes(roots)],
        } as found if len(found) == 5 and changes.keys() == KINDS.keys():
            pass
        case _:
            raise malformed("/body", "words, changes, keys, terms and hours")
    try:
        reader = WordReader(list(_words(lengths, words)))
        content = Content(
            changes=dict(_changes(changes, reader)),
            terms=tuple(read_rows(terms, count, TERMS, reader)),
            keys=tuple(_keys(keys)),
            hours=_read_hours(hour_count, numbers, roots),
        )
    except (LookupError, OverflowError, TypeError, ValueError) as error:
        raise malformed("/body", f"columns as they are written ({error})") from None
    if not reader.is_read:
        raise malformed("/body/words", "words that are used")
    return content


def malformed(pointer: str, what: str) -> Invalid:
    """Return the error for a pack that holds something else than it must."""
    return Invalid("pack.form", f"a pack needs {what} here", pointer=pointer, mend=_MEND)


def _in_order(content: Content) -> Iterator[tuple[str, Sequence[bytes]]]:
    return ((kind, content.changes.get(kind, ())) for kind in KINDS)


def _changes(changes: dict[str, Any], reader: WordReader) -> Iterator[tuple[str, list[bytes]]]:
    counts = [changes[kind][0] for kind in KINDS]
    if not all(type(count) is int and count >= 0 for count in counts) or sum(counts) > MOST_CHANGES:
        raise ValueError(f"at most {MOST_CHANGES} changes")
    for kind, packed in KINDS.items():
        count, data = changes[kind]
        if not isinstance(data, bytes):
            raise TypeError("bytes")
        yield kind, read_rows(data, count, packed.columns, reader)


def _words(lengths: bytes, words: bytes) -> Iterator[bytes]:
    if sum(lengths) != len(words) or max(lengths, default=0) > _BYTES:
        raise ValueError("words of at most 32 bytes")
    start = 0
    for length in lengths:
        yield words[start : start + length].ljust(_BYTES, b"\0")
        start += length


def _key(key: PublicKey) -> bytes:
    _, algorithm, x, y = key_fields(key)
    return bytes([algorithm]) + x + y


def _keys(data: bytes) -> Iterator[PublicKey]:
    if len(data) % _KEY:
        raise ValueError("keys of 65 bytes")
    for start in range(0, len(data), _KEY):
        key = data[start : start + _KEY]
        try:
            yield PublicKey(Algorithm(key[0]), key[1:33], key[33:])
        except Invalid:
            raise ValueError("a key") from None


def _hours(hours: Hours) -> list[Any]:
    numbers = bytearray()
    last = 0
    for hour in sorted(hours):
        write_number(numbers, hour - last)
        write_number(numbers, hours[hour][1])
        last = hour
    return [len(hours), bytes(numbers), b"".join(hours[hour][0] for hour in sorted(hours))]


def _read_hours(count: int, numbers: bytes, roots: bytes) -> Hours:
    found = read_numbers(numbers, 2 * count)
    if len(roots) != count * _BYTES:
        raise ValueError("a root for each hour")
    hours: dict[int, tuple[bytes, int]] = {}
    hour = 0
    for place in range(count):
        step, size = found[2 * place : 2 * place + 2]
        if not size or (place and not step):
            raise ValueError("hours in order, each with a batch")
        hour += step
        hours[hour] = (roots[place * _BYTES : (place + 1) * _BYTES], size)
    return hours
