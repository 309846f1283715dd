"""Requests made wrong in one place or several: body, headers, address, query, method, framing."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from random import Random
from urllib.parse import quote_from_bytes

from tests.hostile.mutated_bodies import BODY_MUTATIONS as BYTE_MUTATIONS
from tests.hostile.mutated_heads import mutated_head
from tests.hostile.mutated_texts import TEXT_MUTATIONS
from tests.hostile.wire import Header, RawRequest

BODY_MUTATIONS = BYTE_MUTATIONS | TEXT_MUTATIONS
ODD_HEADERS: tuple[Header, ...] = (
    (b"Content-Type", b""),
    (b"Content-Type", b"text/html"),
    (b"Content-Type", b"application/json; charset=utf-16"),
    (b"Content-Type", b"application/json;;;=,"),
    (b"Content-Type", b"APPLICATION/JSON ;x"),
    (b"Content-Type", b"application/dc+sd-jwt, application/json"),
    (b"Content-Type", b"multipart/form-data; boundary="),
    (b"Content-Type", b"application/x-www-form-urlencoded"),
    (b"Content-Type", b"\xff\xfe" * 20),
    (b"Content-Type", b"a/" + b"b" * 20_000),
    (b"Content-Encoding", b"gzip"),
    (b"Content-Encoding", b"br, deflate, identity"),
    (b"Authorization", b""),
    (b"Authorization", b"Bearer"),
    (b"Authorization", b"Bearer " + b"x" * 20_000),
    (b"Authorization", b"Bearer portseal_000000000000_\xff\xfe"),
    (b"Authorization", b"Bearer portseal__"),
    (b"Authorization", b"Bearer portseal_' OR 1=1 --_x"),
    (b"Authorization", b"Basic Og=="),
    (b"Authorization", b"bearer\tportseal_x_y"),
    (b"Idempotency-Key", b""),
    (b"Idempotency-Key", b"\xff\xe9\x80"),
    (b"Idempotency-Key", b"k" * 201),
    (b"Idempotency-Key", b"k" * 30_000),
    (b"Idempotency-Key", b"'; DROP TABLE documents; --"),
    (b"Accept", b"text/html"),
    (b"Accept", b"application/xml;q=9, */*;q=-1"),
    (b"Accept-Encoding", b"gzip;q=nan"),
    (b"Accept-Language", b"\xe4\xb8\xad\xe6\x96\x87"),
    (b"Range", b"bytes=9-1,-5,0-"),
    (b"If-None-Match", b'"' + b"x" * 5_000),
    (b"Expect", b"100-continue"),
    (b"Expect", b"the unexpected"),
    (b"Upgrade", b"websocket"),
    (b"Cookie", b"=;=;\xff"),
    (b"X-HTTP-Method-Override", b"DELETE"),
    (b"X-Forwarded-Host", b"evil.test"),
    (b"Forwarded", b'for="_";;'),
)
ODD_SEGMENTS = (
    b"",
    b"..",
    b"%2e%2e",
    b"%2f",
    b"%00",
    b"%ff%fe",
    b"%ed%a0%80",
    b"%",
    b"%zz",
    b"\xc3\xa9".hex().encode(),
    quote_from_bytes("١٢٣".encode()).encode(),
    quote_from_bytes(("é" * 32).encode()).encode(),
    b"cn.customs%20",
    b"CN.CUSTOMS",
    b"a" * 33,
    b"a" * 30_000,
    b"0" * 64,
    b"AB" * 32,
    b"ab%20" * 32,
    b"%0d%0aX-Injected:1",
    b"{digest}",
    b"'%20OR%201=1",
    b";a=b",
)
ODD_QUERIES = (
    b"at=",
    b"at=1&at=2",
    b"at=-1",
    b"at=1e400",
    b"at=%D9%A1",
    b"at=" + b"9" * 41,
    b"at=" + b"9" * 40,
    b"at=99999-01-01T00:00:00Z",
    b"at=0001-01-01T00:00:00%2B23:59",
    b"at=9999-12-31T23:59:59-23:59",
    b"at=2026-11-22T08:00:00Z%00",
    b"at=%00",
    b"at=%ff",
    b"known_at=253402300799&at=253402300799",
    b"known_at=0&at=0",
    b"relying_country=",
    b"relying_country=sg",
    b"relying_country=%F0%9F%87%B8",
    b"relying_country=SG&relying_country=KR",
    b"relying_country=" + b"S" * 10_000,
    b"reader=" + b"&reader=" * 2_000,
    b"reader=%00&reader=sg.customs&reader=sg.customs",
    b"supersedes=" + b"00" * 32,
    b"supersedes=%20",
    b"&&&=&;",
    b"%",
    b"x" * 50_000,
)
FRAMING, HEAD, SEVERAL = "framing", "head", "several at once"
METHODS = (b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT", b"BREW", b"get")


def mutated(request: RawRequest, random: Random) -> RawRequest:
    """Return the request with one to three mutations, framing always the last."""
    fitting = sorted(_MUTATIONS if request.body else set(_MUTATIONS) - set(BODY_MUTATIONS))
    names = random.sample(fitting, random.choice((1, 1, 1, 2, 3)))
    for name in names:
        request = _MUTATIONS[name](request, random)
    chance = random.random()
    if chance < 0.08:
        request, names = _framing(request, random), [FRAMING]
    elif chance < 0.24:
        request, names = replace(request, raw=mutated_head(request.encode(), random), framing=True), [HEAD]
    return replace(request, mutation=names[0] if len(names) == 1 else SEVERAL)


def _body(name: str) -> Callable[[RawRequest, Random], RawRequest]:
    return lambda request, random: replace(request, body=BODY_MUTATIONS[name](request.body, random))


def _header(request: RawRequest, random: Random) -> RawRequest:
    """Replace a header by an odd one, or let both stand."""
    odd = random.choice(ODD_HEADERS)
    kept = [one for one in request.headers if one[0] != odd[0] or random.random() < 0.2]
    return replace(request, headers=(*kept, odd))


def _without_header(request: RawRequest, random: Random) -> RawRequest:
    headers = list(request.headers)
    if headers:
        headers.pop(random.randrange(len(headers)))
    return replace(request, headers=tuple(headers))


def _compressed(request: RawRequest, _random: Random) -> RawRequest:
    headers = (*request.headers, (b"Content-Encoding", b"gzip"))
    return replace(request, headers=headers, body=gzip.compress(request.body, 1))


def _path(request: RawRequest, random: Random) -> RawRequest:
    path, mark, query = request.target.partition(b"?")
    segments = path.split(b"/")[1:]
    place = random.randrange(len(segments) + 1)
    segments[place : place + random.choice((0, 1, 1, 1))] = [random.choice(ODD_SEGMENTS)]
    return replace(request, target=b"/" + b"/".join(segments) + mark + query)


def _query(request: RawRequest, random: Random) -> RawRequest:
    mark = b"&" if b"?" in request.target else b"?"
    return replace(request, target=request.target + mark + random.choice(ODD_QUERIES))


def _method(request: RawRequest, random: Random) -> RawRequest:
    return replace(request, method=random.choice(METHODS))


def _framing(request: RawRequest, random: Random) -> RawRequest:
    """Break, or strain, what says where the body ends."""
    body, size = request.body, len(request.body)
    chunked: Header = (b"Transfer-Encoding", b"chunked")
    whole = b"%x\r\n%s\r\n0\r\n\r\n" % (size, body) if size else b"0\r\n\r\n"
    tiny = b"".join(b"%X;x=y\r\n%s\r\n" % (len(part), part) for part in _parts(body[:3_000], 7)) + b"0\r\nT: x\r\n\r\n"
    headers, sent, unfinished = random.choice(
        (
            ([chunked], whole, False),
            ([chunked], tiny, False),
            ([chunked], whole[:-5], True),
            ([chunked], b"zz\r\n" + body, False),
            ([chunked], b"-1\r\n" + body, False),
            ([chunked], b"f" * 30 + b"\r\n", False),
            ([(b"Transfer-Encoding", b"gzip, chunked")], whole, False),
            ([chunked, (b"Content-Length", b"3")], whole, False),
            ([(b"Content-Length", b"%d" % (size + 9))], body, True),
            ([(b"Content-Length", b"%d" % (size // 2))], body, False),
            ([(b"Content-Length", b"%d" % 10**30)], body, True),
            ([(b"Content-Length", b"-5")], body, False),
            ([(b"Content-Length", b"%d" % size), (b"Content-Length", b"1")], body, False),
            ([(b"Content-Length", b"0x10")], body, False),
            ([(b"Bad Header", b"x")], body, False),
            ([(b"X", b"a\r\n b")], body, False),
            ([(b"X", b"\x00")], body, False),
            ([(b"X" * 70_000, b"y")], body, False),
        )
    )
    return replace(request, headers=(*request.headers, *headers), body=sent, framing=True, unfinished=unfinished)


def _parts(body: bytes, size: int) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


_MUTATIONS: dict[str, Callable[[RawRequest, Random], RawRequest]] = {
    **{name: _body(name) for name in BODY_MUTATIONS},
    "header": _header,
    "another header": _header,
    "header left out": _without_header,
    "compressed": _compressed,
    "path": _path,
    "query": _query,
    "method": _method,
}
