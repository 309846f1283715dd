"""What is done to bodies: to their bytes, and to the JSON in them."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

ODD_BODIES = (
    b"",
    b"\x00",
    b"null",
    b'"text"',
    b"[]",
    b"{}",
    b"[" * 100_000,
    b'{"a":' * 5_000,
    b"{" * 40 + b"}" * 40,
    b'{"document":' + b"[" * 31 + b"]" * 31 + b"}",
    b'{"digest":"\\ud800"}',
    b'{"\\udc00":1}',
    b'{"digest":"\xed\xa0\x80"}',
    b'\xef\xbb\xbf{"digest":""}',
    '{"digest":""}'.encode("utf-16"),
    '{"digest":""}'.encode("utf-32-le"),
    b'{"kind":"a","kind":"b"}',
    b'{"digest":"a","d\\u0069gest":"b"}',
    b'{"document":{"n":1e400},"kind":"bill-of-lading"}',
    b'{"document":{"n":-1e-400},"kind":"bill-of-lading"}',
    b'{"document":' + b"9" * 5_000 + b',"kind":"bill-of-lading"}',
    b'{"status":NaN}',
    b'{"status":"revoked","reason":-Infinity}',
    b'{"status":"revoked","reason":18446744073709551616}',
    b'{"status":"superseded","successor":null}',
    b'{"reader":"\\u0000"}',
    b'{"reader":"sg.customs","entry":""}',
    b'{"reader":"sg.customs","entry":"....."}',
    b'{"reader":"sg.customs","entry":"eyJhbGciOiJFQ0RILUVTK0EyNTZLVyJ9.a.a.a.a"}',
    b'{"envelope":"' + b"~" * 10_000 + b'"}',
    b'{"envelope":"..~"}',
    b'{"envelope":"e30.e30.~"}',
    b'{"digest":"' + b"ab " * 32 + b'"}',
    b'{"at":"' + b"9" * 6_000 + b'","digest":"' + b"00" * 32 + b'"}',
    b"\n" * 10_000,
    b"{}\n" * 2_000,
    b'{"a":1}\r\n\r\n\x00\n[1]\n"',
)
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    1e300,
    2**53,
    2**63,
    -(2**64),
    "",
    "\x00",
    "\u202e\u0000",
    "\ud800",
    "x" * 70_000,
    "../../etc/passwd",
    "١٢٣",
    [],
    {},
    [[[[[[]]]]]],
    {"_sd": ["x"]},
    {"...": "x"},
    {"": ""},
    {"~1/": 0},
)


def flipped(body: bytes, random: Random) -> bytes:
    changed = bytearray(body or b"x")
    for _ in range(random.choice((1, 1, 1, 3, 20))):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def inserted(body: bytes, random: Random) -> bytes:
    place = random.randint(0, len(body))
    return (
        body[:place]
        + random.choice((b"\x00", b"\xff", b'"', b"\\", b"~", b"\r\n", b"{", b"\xed\xa0\x80"))
        + body[place:]
    )


def truncated(body: bytes, random: Random) -> bytes:
    return body[: random.randint(0, max(len(body) - 1, 0))]


def cut(body: bytes, random: Random) -> bytes:
    start = random.randint(0, len(body))
    return body[:start] + body[random.randint(start, len(body)) :]


def doubled(body: bytes, random: Random) -> bytes:
    start = random.randint(0, len(body))
    end = random.randint(start, len(body))
    return body[:end] + body[start:end] + body[end:]


def replaced(_body: bytes, random: Random) -> bytes:
    return random.choice(ODD_BODIES)


def recoded(body: bytes, random: Random) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(random.choice(("utf-16", "utf-16-le", "utf-32", "utf-7", "utf-8-sig")), "replace")


def restructured(body: bytes, random: Random) -> bytes:
    """Change the JSON of one line: a member's value, name or presence."""
    lines = body.split(b"\n")
    place = random.randrange(len(lines))
    try:
        value = json.loads(lines[place])
    except (ValueError, RecursionError):
        return flipped(body, random)
    for _ in range(random.choice((1, 1, 2, 5))):
        _change(value, random)
    text = json.dumps(value, ensure_ascii=random.random() < 0.5)
    lines[place] = text.encode("utf-8", "surrogatepass")
    return b"\n".join(lines)


def _change(value: Any, random: Random) -> None:
    holder = random.choice(_holders(value) or [{}])
    if isinstance(holder, list):
        holder.insert(random.randint(0, len(holder)), deepcopy(random.choice(ODD_VALUES)))
        return
    name = random.choice([*holder, "surprise"])
    action = random.randrange(4)
    if action == 0:
        holder.pop(name, None)
    elif action == 1:
        holder[random.choice(("", "\x00", "__proto__", "envelope", "é" * 300, "a/b~c"))] = holder.get(name)
    else:
        holder[name] = deepcopy(random.choice(ODD_VALUES))


def _holders(value: Any) -> list[Any]:
    if not isinstance(value, dict | list):
        return []
    inside = value.values() if isinstance(value, dict) else value
    return [value, *(holder for item in inside for holder in _holders(item))]


BODY_MUTATIONS: dict[str, Callable[[bytes, Random], bytes]] = {
    "flipped": flipped,
    "inserted": inserted,
    "truncated": truncated,
    "cut": cut,
    "doubled": doubled,
    "replaced": replaced,
    "recoded": recoded,
    "restructured": restructured,
    "restructured more": restructured,
}
