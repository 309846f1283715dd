"""Connections that stall, flood, never end or talk nonsense; the node goes on answering the others meanwhile."""

import itertools
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx
import psutil
import pytest

from tests.hostile.target import BODY_SECONDS, CARRIER, Target
from tests.hostile.wire import RawAnswer, RawRequest, exchange, read_answer

pytestmark = [pytest.mark.slow]
MEGABYTE = 1024 * 1024
PATIENCE = 60.0
VERIFY = b"POST /v1/verifications HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


@pytest.fixture(autouse=True)
def others_are_answered(target: Target) -> Iterator[None]:
    """Ask /healthz all the while; no answer may take longer than PATIENCE or be another one."""
    stop, wrong = threading.Event(), list[str]()

    def ask() -> None:
        with httpx.Client(base_url=target.api.http.base_url, timeout=PATIENCE, trust_env=False) as http:
            while not stop.wait(0.05):
                try:
                    http.get("/healthz").raise_for_status()
                except httpx.HTTPError as error:
                    wrong.append(repr(error))

    thread = threading.Thread(target=ask)
    thread.start()
    yield
    stop.set()
    thread.join()
    assert not wrong
    target.check_alive()


def answered(connection: socket.socket) -> bool:
    try:
        return bool(connection.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False


@contextmanager
def connected(target: Target) -> Iterator[socket.socket]:
    with socket.create_connection(target.address, timeout=PATIENCE) as connection:
        yield connection


@dataclass
class Memory:
    """Resident memory in MB: when the measure began, and by how much more it was at the most."""

    began: int
    grown: int = 0


@contextmanager
def measured() -> Iterator[Memory]:
    process, stop = psutil.Process(os.getpid()), threading.Event()
    memory = Memory(process.memory_info().rss // MEGABYTE)

    def watch() -> None:
        while not stop.wait(0.005):
            memory.grown = max(memory.grown, process.memory_info().rss // MEGABYTE - memory.began)

    thread = threading.Thread(target=watch)
    thread.start()
    yield memory
    stop.set()
    thread.join()


def problem(answer: RawAnswer | None) -> tuple[int, str]:
    assert answer is not None
    assert answer.media_type == "application/problem+json"
    return answer.status, json.loads(answer.body)["code"]


def test_a_body_that_does_not_come_is_not_waited_for(target: Target) -> None:
    with connected(target) as connection:
        connection.sendall(VERIFY + b"Content-Length: 10\r\n\r\n{")
        assert problem(read_answer(connection)) == (408, "body.slow")


def test_a_body_that_drips_is_not_waited_for(target: Target) -> None:
    began = time.monotonic()
    with connected(target) as connection:
        connection.sendall(VERIFY + b"Content-Length: 100000\r\n\r\n")
        connection.settimeout(BODY_SECONDS / 8)
        while time.monotonic() < began + 10 * BODY_SECONDS and not answered(connection):
            connection.sendall(b" ")
        connection.settimeout(PATIENCE)
        assert problem(read_answer(connection)) == (408, "body.slow")


def test_a_body_in_pieces_is_read_as_long_as_it_comes(target: Target) -> None:
    body = json.dumps({"envelope": target.genuine}).encode()
    with connected(target) as connection:
        connection.sendall(VERIFY + b"Content-Length: %d\r\n\r\n" % len(body))
        for start in range(0, len(body), 1_000):
            connection.sendall(body[start : start + 1_000])
            time.sleep(BODY_SECONDS / 6)
        answer = read_answer(connection)
    assert answer is not None
    assert json.loads(answer.body)["authentic"] == "VALID"


@pytest.mark.parametrize(("address", "most"), [("/v1/verifications", 40), ("/v1/documents", 150)])
@pytest.mark.parametrize("announced", [True, False])
def test_a_body_of_100_megabytes_is_refused_and_not_kept(
    target: Target, address: str, most: int, announced: bool
) -> None:
    headers = {**target.api.key(CARRIER), "Content-Type": "application/json"}
    if announced:
        headers["Content-Length"] = str(100 * MEGABYTE)
    with measured() as memory:
        answer = target.api.http.post(address, content=itertools.repeat(b" " * MEGABYTE, 100), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body.too-large")
    print(f"100 MB to {address}, announced {announced}: {memory.grown} MB more at the most")
    assert memory.grown < most


@pytest.mark.parametrize("line", [b"x", b"\n"])
def test_a_body_that_never_ends_is_ended(target: Target, line: bytes) -> None:
    """One line of NDJSON without end, and blank lines without end, as fast as they are taken."""
    key = target.api.key(CARRIER)["Authorization"].encode()
    head = b"POST /v1/documents HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\nAuthorization: " + key
    piece = b"%x\r\n%s\r\n" % (MEGABYTE, line * MEGABYTE)
    with connected(target) as connection:
        connection.sendall(head + b"\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(200):
            try:
                connection.sendall(piece)
            except OSError:
                break
        assert problem(read_answer(connection)) == (413, "body.too-large")


def test_a_flood_of_headers_is_cut_off(target: Target) -> None:
    flood = b"".join(b"X-%d: %s\r\n" % (number, b"y" * 100) for number in range(200_000))
    with connected(target) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n")
        with pytest.raises(OSError, match=r"reset|[Bb]roken pipe"):
            connection.sendall(flood)


def test_garbage_after_a_request_ends_that_connection_only(target: Target) -> None:
    with connected(target) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" + os.urandom(10_000))
        first = read_answer(connection)
    assert first is not None
    assert first.status == 200


def test_requests_in_a_row_are_answered_in_a_row(target: Target) -> None:
    """Pipelining (RFC 9112 §9.3.2): the error of one is not the answer to the next."""
    one = b"POST /v1/verifications HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    with connected(target) as connection:
        connection.sendall(one * 3 + b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        said = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert said.count(b"HTTP/1.1 422") == 3
    assert said.endswith(b'{"status":"ok"}')


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\r\n" * 500,
        b"\x16\x03\x01\x02\x00\x01",
        b"GET",
        b"GET / HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_half_closed_and_foreign_connections_are_let_go(target: Target, said: bytes) -> None:
    with connected(target) as connection:
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        rest = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert rest == b"" or rest.startswith(b"HTTP/1.1 4")


def test_many_stalled_connections_leave_room(target: Target) -> None:
    with ExitStack() as stack:
        stalled = [stack.enter_context(connected(target)) for _ in range(100)]
        for connection in stalled:
            connection.sendall(VERIFY + b"Content-Length: 1000\r\n\r\n{")
        answer = exchange(target.address, RawRequest(b"GET", b"/v1/documents/" + b"00" * 32))
        assert answer is not None
        assert answer.status == 404
        assert {problem(read_answer(connection)) for connection in stalled} == {(408, "body.slow")}
