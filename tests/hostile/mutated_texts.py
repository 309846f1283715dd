"""What is done to the text of JSON bodies, where no library would write it so: literals, names, nesting, line ends."""

import re
from collections.abc import Callable
from random import Random

LITERALS = (
    *(b"1e400", b"-1e400", b"1e-400", b"-0", b"-0.0", b"0.1e1", b"1E30", b"1E20", b"1e22", b"01", b"+1", b".5", b"5."),
    *(b"0x10", b"1_000", b"NaN", b"Infinity", b"-Infinity", b"9007199254740991", b"9007199254740992"),
    *(b"9007199254740993", b"-9007199254740992", b"9007199254740993.0", b"18446744073709551616", b"9" * 5_000),
    *(
        b"0.1000000000000000055511151231257827",
        b"333333333.33333329",
        b"1" + b"0" * 400,
        b"4.9e-324",
        b"1.7976931348623159e308",
    ),
    *(b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\ud83d\\ude00"', b'"\\u0000"', b'"\\x41"', b'"\x00"', b'"\t"', b'"\x7f"'),
    *(b'"\xc0\xaf"', b'"\xe0\x80\xaf"', b'"\xf5\x80\x80\x80"', b'"\xed\xa0\x80"', b'"\xef\xbb\xbf"', b'"\xef\xbf\xbf"'),
    *(
        b'"\xe2\x80\xa8"',
        b'"e\xcc\x81"',
        b"True",
        b"nul",
        b"undefined",
        b"/**/1",
        b"'a'",
        b"",
        b"[,]",
        b"[1,]",
        b'{"a":1,}',
    ),
    *(b"[" * 31 + b"]" * 31, b"[" * 40 + b"]" * 40, b"[" * 5_000 + b"]" * 5_000, b'{"a":' * 40 + b"1" + b"}" * 40),
    *(b"[" + b"0," * 200_001 + b"0]", b"{" + b",".join(b'"%d":0' % n for n in range(3_000)) + b"}"),
)
_SCALAR = re.compile(rb'("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)(\s*:)?')
_MEMBER = re.compile(rb'"((?:[^"\\]|\\.)*)"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)')
_LINE_ENDS = (
    b"\r\n",
    b"\r",
    b"\n\r",
    b"\n\n",
    b"\xe2\x80\xa8",
    b"\xc2\x85",
    b"\x0b",
    b"\x0c",
    b"\n\t \n",
    b"\n\x1e",
    b"\n,\n",
    b"\x00\n",
)


def literal(body: bytes, random: Random) -> bytes:
    """Put an odd literal in the place of a value."""
    values = [match for match in _SCALAR.finditer(body) if not match[2]]
    if not values:
        return body + random.choice(LITERALS)
    match = random.choice(values)
    return body[: match.start(1)] + random.choice(LITERALS) + body[match.end(1) :]


def repeated_name(body: bytes, random: Random) -> bytes:
    """Write a member twice, at any depth: the same, with another value, or with its name written in another way."""
    members = list(_MEMBER.finditer(body))
    if not members:
        return body * 2
    match = random.choice(members)
    name, value = match[1], random.choice((match[2], b"null", b'"other"'))
    if name and random.random() < 0.5:
        name = b"\\u%04x" % name[0] + name[1:]
    return body[: match.start()] + b'"' + name + b'":' + value + b"," + body[match.start() :]


def line_ends(body: bytes, random: Random) -> bytes:
    """End lines in other ways, or put line ends where there were none."""
    odd = random.choice(_LINE_ENDS)
    if b"\n" in body.strip():
        return body.replace(b"\n", odd)
    return (
        odd.join([*body.split(b",", random.choice((1, 3)))[:-1], body]) if random.random() < 0.3 else body + odd + body
    )


def marked(body: bytes, random: Random) -> bytes:
    """Put marks and white space around the body."""
    marks = (
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\x1e",
        b"\x00",
        b" \t\r\n",
        b"\xc2\xa0",
        b"\xe2\x80\x8b",
        b")]}',\n",
    )
    mark = random.choice(marks)
    return random.choice((mark + body, body + mark, mark + body + mark))


def as_form(body: bytes, _random: Random) -> bytes:
    """Wrap the body as a browser's form would."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\nContent-Type: application/json\r\n\r\n'
    return head + body + b"\r\n--b--\r\n"


TEXT_MUTATIONS: dict[str, Callable[[bytes, Random], bytes]] = {
    "literal": literal,
    "name twice": repeated_name,
    "line ends": line_ends,
    "marks": marked,
    "as a form": as_form,
}
