"""A Kubo that lies, truncates, hangs, drips, floods or sends elsewhere: never a wrong byte, never a long wait."""

import gzip
import io
import itertools
import json
import time
from collections.abc import Callable, Iterable, Iterator

import pytest

from anchors import car
from anchors.cid import CHUNK, Cid, Codec, blocks, cid_of
from anchors.stores import KuboStore
from anchors.stores.kubo_address import multiaddr_of
from anchors.stores.kubo_bundle import Bundle
from anchors.unixfs import Link, encode_node
from ledger.errors import Unavailable
from tests.anchors.rpc_server import Answer, RpcServer, ok, status
from tests.anchors.store_contract import code_of, pattern

SHORT = 0.6  # seconds, for a server that makes one wait for it to pass
ROOM = 60  # seconds: servers that hang or drip would go on for ever
PAYLOAD = b"a payload"


def codes(answer: Answer, call: Callable[[KuboStore], object], timeout: float = 30) -> str:
    """Return the code that `call` raises against a server with that answer, and see that it does not take long."""
    with RpcServer(answer) as server, KuboStore(server.api, timeout=timeout) as store:
        start = time.monotonic()
        code = code_of(lambda: call(store))
        assert time.monotonic() - start < timeout + ROOM
    return code


Call = Callable[[KuboStore], object]


def get(store: KuboStore) -> object:
    return store.get(cid_of(PAYLOAD))


def put(store: KuboStore) -> object:
    return store.put([PAYLOAD])


def said(message: str) -> list[bytes]:
    return status(b"500 Internal Server Error", json.dumps({"Message": message, "Code": 0, "Type": "error"}).encode())


def chunked(*chunks: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)


def drip(before: bytes, piece: bytes = b"x") -> Iterator[bytes]:
    yield before
    for _ in itertools.count():
        time.sleep(0.2)
        yield piece


HEAD = b"HTTP/1.1 200 OK\r\n"
ENDLESS = HEAD + b"Content-Length: 9000000000\r\n\r\n"
HANGS: dict[str, Callable[[], Iterable[bytes]]] = {
    "hangs before the status": lambda: drip(b"", b""),
    "hangs within the headers": lambda: drip(HEAD, b""),
    "drips headers": lambda: drip(HEAD, b"X: y\r\n"),
    "drips one header": lambda: drip(HEAD + b"X: ", b"y"),
    "drips 100 Continue": lambda: drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "drips the body": lambda: drip(HEAD + b"Content-Length: 9\r\n\r\n"),
    "drips a chunk": lambda: drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n"),
    "drips a chunk's size": lambda: drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "drips trailers": lambda: drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
    "drips an error": lambda: drip(b"HTTP/1.1 500 No\r\nContent-Length: 900\r\n\r\n"),
}
FLOODS = {
    "floods the body": ENDLESS,
    "floods one chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n",
    "floods a chunk's size": HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
    "floods a trailer": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n",
    "floods a header": HEAD + b"X: ",
    "floods without a length": HEAD + b"\r\n",
}
BROKEN: dict[str, Callable[[], Iterable[bytes]]] = {
    "closes at once": list,
    "closes within the status": lambda: [b"HTTP/1."],
    "closes within the headers": lambda: [HEAD + b"Content-Le"],
    "closes within a chunk": lambda: [HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nabc"],
    "states more than there is memory": lambda: [HEAD + b"Content-Length: 99999999999106\r\n\r\n{}"],
    "is no HTTP": lambda: [b"SSH-2.0-OpenSSH_9.2\r\n"],
    "has a wrong chunk": lambda: [HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\na payload"],
    "500": lambda: status(b"500 Internal Server Error"),
    "500 with rubbish": lambda: status(b"500 Internal Server Error", b"\xff\xfe" * 50),
    "500 with deep JSON": lambda: status(b"500 Internal Server Error", b"[" * 60_000),
    "500 with other JSON": lambda: status(b"500 Internal Server Error", b'{"Message": {"a": 1}}'),
    "500 with other words": lambda: said("the moon is in the wrong phase\n\x1b[31m" + "x" * 1000),
    "404": lambda: status(b"404 Not Found", b"404 page not found"),
    "403": lambda: status(b"403 Forbidden", b"403 - Forbidden"),
    "401": lambda: status(b"401 Unauthorized", b"", b"WWW-Authenticate: Basic"),
    "204": lambda: status(b"204 No Content"),
    "206": lambda: status(b"206 Partial Content", PAYLOAD),
    "a redirect to a file": lambda: status(b"302 Found", b"", b"Location: file:///etc/passwd"),
    "gzip": lambda: ok(gzip.compress(PAYLOAD), b"Content-Encoding: gzip"),
}


@pytest.mark.parametrize("how", HANGS)
@pytest.mark.parametrize("call", [get, put])
def test_what_takes_too_long_is_a_failure_of_the_store(how: str, call: Call) -> None:
    assert codes(lambda path: HANGS[how](), call, SHORT) == "store.failed"


@pytest.mark.parametrize("how", FLOODS)
@pytest.mark.parametrize("call", [get, put])
def test_what_is_too_much_is_not_read(how: str, call: Call) -> None:
    sent = 0

    def flood(path: str) -> Iterator[bytes]:
        nonlocal sent
        yield FLOODS[how]
        for _ in range(2_000):
            sent += 1
            yield b"x" * 1_000_000

    assert codes(flood, call) == "store.failed"
    assert sent < 50


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("call", [get, put])
def test_what_is_no_answer_is_a_failure_of_the_store(how: str, call: Call) -> None:
    assert codes(lambda path: BROKEN[how](), call) == "store.failed"


def test_check_fails_in_time() -> None:
    for answer in (*HANGS.values(), BROKEN["500"], BROKEN["is no HTTP"]):
        assert codes(lambda path, answer=answer: answer(), KuboStore.check, SHORT) == "store.failed"  # type: ignore[misc]


def test_nothing_listens() -> None:
    with RpcServer(lambda path: []) as server:
        pass
    with KuboStore(server.api, timeout=SHORT) as store:
        assert code_of(lambda: get(store)) == "store.failed"
        assert code_of(lambda: put(store)) == "store.failed"
        assert code_of(store.check) == "store.failed"


def test_a_server_that_does_not_take_what_it_is_sent() -> None:
    with RpcServer(lambda path: drip(b"", b""), reads=False) as server, KuboStore(server.api, timeout=1) as store:
        start = time.monotonic()
        assert code_of(lambda: store.put([bytes(30_000_000)])) == "store.failed"
        assert time.monotonic() - start < ROOM


def test_many_blocks_that_each_come_slowly_are_one_get() -> None:
    content = pattern(8 * CHUNK)
    by_path = {str(cid): block for cid, block in blocks(content)}

    def slow(path: str) -> Iterator[bytes]:
        time.sleep(0.4)
        yield from ok(next(block for cid, block in by_path.items() if cid in path))

    assert codes(slow, lambda store: store.get(cid_of(content)), 1.5) == "store.failed"


def test_redirects_are_not_followed_and_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with RpcServer(lambda path: ok(PAYLOAD)) as other:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, other.api)
        location = b"Location: " + other.api.encode() + b"/api/v0/block/get"
        for code in (b"301", b"302", b"303", b"307", b"308"):
            moved = status(code + b" Moved", b"", location)
            assert codes(lambda path, moved=moved: moved, get) == "store.failed"  # type: ignore[misc]
        with RpcServer(lambda path: ok(PAYLOAD)) as server, KuboStore(server.api) as store:
            assert get(store) == PAYLOAD
        assert other.paths == []


def test_not_even_to_the_same_server() -> None:
    moved = status(b"307 Moved", b"", b"Location: /api/v0/there")
    assert codes(lambda path: ok(PAYLOAD) if "there" in path else moved, get) == "store.failed"


def test_no_cookie_is_kept() -> None:
    answer = ok(PAYLOAD, b"Set-Cookie: a=b")
    with RpcServer(lambda path: answer) as server, KuboStore(server.api) as store:
        assert get(store) == get(store) == PAYLOAD
        assert not any(b"cookie" in head.lower() for head in server.headers)


@pytest.mark.parametrize("body", [b"another payload", b"", PAYLOAD[:-1], PAYLOAD + b"\n", b"x" * 3_000_000])
def test_other_bytes_are_found_out(body: bytes) -> None:
    assert codes(lambda path: ok(body), get) == "store.corrupt"
    assert codes(lambda path: [chunked(body or b"-"), b"0\r\n\r\n"], get) == "store.corrupt"


def test_a_root_of_another_shape() -> None:
    leaf = Cid.of_block(Codec.RAW, b"leaf")
    node = encode_node([Link(bytes(leaf), 4, 4)])
    root = Cid.of_block(Codec.DAG_PB, node)
    assert (
        codes(lambda path: ok(node if str(root) in path else b"leaf"), lambda store: store.get(root)) == "unixfs.form"
    )


def test_what_kubo_says_about_a_block() -> None:
    missing = "block was not found locally (offline): ipld: could not find bafk"
    assert codes(lambda path: said(missing), get) == "store.missing"
    assert codes(lambda path: said("block in storage has different hash than requested"), get) == "store.corrupt"
    assert codes(lambda path: said("write /x: no space left on device"), put) == "store.full"


def test_an_error_quotes_no_control_characters() -> None:
    answer = BROKEN["500 with other words"]
    with (
        RpcServer(lambda path: answer()) as server,
        KuboStore(server.api) as store,
        pytest.raises(Unavailable) as raised,
    ):
        put(store)
    assert raised.value.detail.isprintable()
    assert len(raised.value.detail) < 300


BUNDLE = Bundle.of({cid_of(PAYLOAD): PAYLOAD})
ROOT = str(BUNDLE.root)
PINNED = {"Root": {"Cid": {"/": ROOT}, "PinErrorMsg": ""}}


def kubo_with(imported: object, exported: bytes) -> Answer:
    return lambda path: ok(json.dumps(imported).encode() if "import" in path else exported)


def car_of(*pairs: tuple[Cid, bytes]) -> bytes:
    file = io.BytesIO()
    car.write(file, [BUNDLE.root], pairs)
    return file.getvalue()


def test_a_good_answer_is_taken() -> None:
    with RpcServer(kubo_with(PINNED, BUNDLE.content)) as server, KuboStore(server.api) as store:
        assert store.put([PAYLOAD]) == [cid_of(PAYLOAD)]


OTHER = car_of((cid_of(b"other"), b"other"))
WRONG = car_of((cid_of(PAYLOAD), b"b payload"))
TWISTED = car_of((cid_of(b"other"), PAYLOAD))


@pytest.mark.parametrize("exported", [b"", b"rubbish", b"\xff" * 99, BUNDLE.content[:-1], OTHER, WRONG, TWISTED])
def test_what_reads_back_otherwise_was_not_kept(exported: bytes) -> None:
    assert codes(kubo_with(PINNED, exported), put) == "store.corrupt"


NOT_PINNED: list[object] = [
    {},
    [],
    "pinned",
    [[]] * 3,
    {"Root": None},
    {"Root": {"Cid": {"/": str(cid_of(b"other"))}, "PinErrorMsg": ""}},
    {"Root": {"Cid": ROOT}},
    {"Root": {"Cid": {"/": ROOT}, "PinErrorMsg": "pin: the pinner is on strike"}},
    {"Root": {"Cid": {"/": ROOT}, "PinErrorMsg": ["?"]}},
]


@pytest.mark.parametrize("imported", NOT_PINNED)
def test_what_is_not_pinned_was_not_kept(imported: object) -> None:
    assert codes(kubo_with(imported, BUNDLE.content), put) == "store.failed"


@pytest.mark.parametrize("answer", [b"", b"{", b"{}{}", b"[" * 100_000, b"\xff"])
def test_an_import_that_answers_no_json(answer: bytes) -> None:
    assert codes(lambda path: ok(answer if "import" in path else BUNDLE.content), put) == "store.failed"


ADDRESSES = ["", "127.0.0.1:5001", "https://127.0.0.1:5001", "file:///tmp", "http://", "http://a:b@host:1"]
ADDRESSES += ["http://h:99999", "http://host/path", "http://host?x=1", "http://host#f", "http://[::1", "http://h:port"]
ADDRESSES += ["/ip4/127.0.0.1/tcp/5001", "http://a b", "http://host:5001\n", "http://ho%2fst", "http://\xe4\xfc/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_that_are_none(address: str) -> None:
    assert code_of(lambda: KuboStore(address)) == "store.address"


@pytest.mark.parametrize(
    ("url", "multiaddr"),
    [
        ("http://127.0.0.1:5001", "/ip4/127.0.0.1/tcp/5001/http"),
        ("http://[::1]:80/", "/ip6/::1/tcp/80/http"),
        ("http://kubo.example", "/dns/kubo.example/tcp/5001/http"),
    ],
)
def test_addresses(url: str, multiaddr: str) -> None:
    assert multiaddr_of(url) == multiaddr
