"""What is done to the head of a request as bytes: request line, line ends, header syntax, contradictory framing.

The blank line at its end is left alone: a head that does not end is another matter (test_connections.py).
"""

import re
from collections.abc import Callable
from random import Random

Head = list[bytes]
"""The lines of a head: the request line, then the headers."""

ODD_BYTES = (b"\x00", b"\x01", b"\x0b", b"\x0c", b"\x7f", b"\x80", b"\xff", b"\xc3\xa9", b"\r", b"\n", b"\t", b" ")
VERSIONS = (
    b"HTTP/1.0",
    b"HTTP/1.2",
    b"HTTP/2.0",
    b"HTTP/0.9",
    b"http/1.1",
    b"HTTP/1.1 ",
    b"HTTP/11",
    b"HTTPS/1.1",
    b"",
)
LENGTHS = (b"+5", b"-5", b"5,5", b"5, 6", b"0x5", b"5_0", b"05", b"5.0", b"", b" ", b"\xd9\xa5", b"1" * 40, b"NaN")
ENCODINGS = (
    b"chunked",
    b"cHuNkEd",
    b"chunked, chunked",
    b"identity",
    b"chunked, identity",
    b"xchunked",
    b"chunked;x=y",
    b"\x0bchunked",
    b'"chunked"',
    b"gzip",
    b"chunked\x00",
    b"",
)
TARGETS: tuple[Callable[[bytes], bytes], ...] = (
    lambda target: b"http://portseal.test" + target,
    lambda target: b"http://evil.test:99999" + target,
    lambda target: b"HTTP://[::1" + target,
    lambda target: b"//evil.test" + target,
    lambda target: b"/" + target,
    lambda target: target + b"#fragment",
    lambda target: target + b"?" * 100,
    lambda target: target.replace(b"/", b"\\"),
    lambda target: target.replace(b"/", b"/%2e%2e/", 1),
    lambda target: target.replace(b"/", b"/./"),
    lambda target: target.replace(b"e", b"%65"),
    lambda target: target.replace(b"e", b"%2565"),
    lambda target: target.replace(b"e", b"%c1%a5"),
    lambda target: target.replace(b"s", b"%u0073"),
    lambda target: target.upper(),
    lambda target: target + b"\xe4\xb8\xad",
    lambda target: target + b"/" * 3_000,
    lambda target: target + b"?" + b"a=b&" * 12_000,
    lambda target: target + b"?" + b"x" * 70_000,
    lambda target: target + b"%",
    lambda _target: b"*",
    lambda _target: b"portseal.test:443",
    lambda _target: b"",
)


def mutated_head(raw: bytes, random: Random) -> bytes:
    """Return the request with one or two changes to its head."""
    head, body = raw.split(b"\r\n\r\n", 1)
    lines = head.split(b"\r\n")
    for _ in range(random.choice((1, 1, 2))):
        random.choice(_MUTATIONS)(lines, random)
    return random.choice(_ENDS)(b"\r\n".join(lines) + b"\r\n\r\n") + body


def _odd_byte(lines: Head, random: Random) -> None:
    place = random.randrange(len(lines))
    column = random.randint(0, len(lines[place]))
    lines[place] = lines[place][:column] + random.choice(ODD_BYTES) + lines[place][column:]


def _version(lines: Head, random: Random) -> None:
    lines[0] = lines[0].rpartition(b" ")[0] + b" " + random.choice(VERSIONS)


def _target(lines: Head, random: Random) -> None:
    method, _, rest = lines[0].partition(b" ")
    target, _, version = rest.rpartition(b" ")
    lines[0] = b" ".join([method, random.choice(TARGETS)(target), version])


def _request_line(lines: Head, random: Random) -> None:
    change: Callable[[bytes], bytes] = random.choice(
        (
            lambda line: line.replace(b" ", b"  "),
            lambda line: line.replace(b" ", b"\t"),
            lambda line: b" " + line,
            lambda line: b"\r\n" * random.choice((1, 3)) + line,
            lambda line: line.lower(),
            lambda line: line.partition(b" ")[2],
            lambda line: line + b" extra",
        )
    )
    lines[0] = change(lines[0])


def _host(lines: Head, random: Random) -> None:
    others = [line for line in lines if not line.lower().startswith(b"host:")]
    hosts = random.choice(
        (
            [],
            [b"Host: a", b"Host: b"],
            [b"Host:"],
            [b"Host: evil.test/../@x"],
            [b"Host: \xff"],
            [b"Host: " + b"h" * 9_000],
        )
    )
    lines[:] = others + hosts


def _length(lines: Head, random: Random) -> None:
    lines.insert(random.randint(1, len(lines)), b"Content-Length: " + random.choice(LENGTHS))


def _encoding(lines: Head, random: Random) -> None:
    name = random.choice(
        (b"Transfer-Encoding:", b"transfer-encoding:", b"TRANSFER-ENCODING:\t", b"Transfer-Encoding :")
    )
    lines.insert(random.randint(1, len(lines)), name + b" " + random.choice(ENCODINGS))
    if random.random() < 0.5:
        lines[:] = [line for line in lines if not line.lower().startswith(b"content-length:")]


def _folded(lines: Head, random: Random) -> None:
    place = random.randrange(1, len(lines))
    lines[place] = re.sub(rb": ", random.choice((b":\r\n ", b":\r\n\t\t", b": x\r\n ")), lines[place], count=1)


def _doubled(lines: Head, random: Random) -> None:
    line = random.choice(lines[1:])
    lines.insert(random.randint(1, len(lines)), random.choice((line, line.swapcase(), line.replace(b": ", b":"))))


def _syntax(lines: Head, random: Random) -> None:
    place = random.randrange(1, len(lines))
    odd = (b" :", b"", b"::", b"=", b": " + b" " * 5_000, b":\xc2\xa0", b"\xef\xbc\x9a")
    lines[place] = lines[place].replace(b":", random.choice(odd), 1)


def _connection(lines: Head, random: Random) -> None:
    values = (
        b"keep-alive, close",
        b"Upgrade\r\nUpgrade: h2c",
        b"Upgrade\r\nUpgrade: websocket",
        b"content-length",
        b",",
    )
    lines.append(b"Connection: " + random.choice(values))


_MUTATIONS: tuple[Callable[[Head, Random], None], ...] = (
    _odd_byte,
    _version,
    _target,
    _target,
    _request_line,
    _host,
    _length,
    _encoding,
    _folded,
    _doubled,
    _syntax,
    _connection,
)
_ENDS: tuple[Callable[[bytes], bytes], ...] = (
    bytes,
    bytes,
    bytes,
    lambda head: head.replace(b"\r\n", b"\n"),
    lambda head: head.replace(b"\r\n", b"\r\r\n"),
)
