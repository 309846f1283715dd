"""Connections that are opened to keep others out: too many of them, heads that drip, answers that nobody reads."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Thread

import pytest

from tests.hostile.target import Impatient, Target
from tests.hostile.wire import RawRequest, exchange, read_answer

pytestmark = [pytest.mark.slow]
PATIENCE = 60.0
GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /v1/verifications HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


@contextmanager
def opened(target: Target, count: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [stack.enter_context(socket.create_connection(target.address, timeout=PATIENCE)) for _ in range(count)]


@contextmanager
def dripping(connections: list[socket.socket], seconds: float = 0.3) -> Iterator[None]:
    """Send one more byte of an endless header to each, again and again; those that were ended are left alone."""
    stop = Event()

    def drip() -> None:
        alive = list(connections)
        while not stop.wait(seconds):
            alive = [connection for connection in alive if sent(connection, b"x")]

    thread = Thread(target=drip)
    thread.start()
    yield
    stop.set()
    thread.join()


def sent(connection: socket.socket, data: bytes) -> bool:
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True


def ended(connection: socket.socket) -> bytes:
    """Return what was said until the end of the connection. Fails if it does not end."""
    said = b""
    try:
        while part := connection.recv(65_536):
            said += part
    except ConnectionResetError:
        pass
    return said


def ask(target: Target) -> None:
    """Ask as an honest client does, on a connection of its own."""
    answer = exchange(target.address, RawRequest(b"GET", b"/v1/documents/" + target.digest(target.genuine).encode()))
    assert answer is not None
    assert answer.status == 200


def test_200_dripping_heads_keep_nobody_out(target: Target) -> None:
    with opened(target, 200) as connections:
        for connection in connections:
            assert sent(connection, GET + b"X: ") or len(connections) > Impatient.MOST
        with dripping(connections):
            for _ in range(20):
                ask(target)
            answers = [ended(connection) for connection in connections]
    assert all(said in (b"",) or b"head.slow" in said for said in answers)
    assert sum(b"408" in said.split(b"\r\n")[0] for said in answers) > 50
    target.check_alive()


def test_connections_that_say_nothing_are_ended(target: Target) -> None:
    with opened(target, 3) as connections:
        assert [ended(connection) for connection in connections] == [b""] * 3


def test_the_head_after_an_answer_has_a_deadline_too(target: Target) -> None:
    with opened(target, 1) as connections:
        [connection] = connections
        connection.sendall(GET + b"\r\n")
        first = read_answer(connection)
        assert first is not None
        assert first.status == 200
        connection.sendall(GET + b"X: ")
        with dripping(connections):
            said = ended(connection)
    assert said.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert json.loads(body)["code"] == "head.slow"


def test_who_comes_again_later_than_a_head_may_take_is_answered(target: Target) -> None:
    """Clients keep a connection; that it is closed when they use it again would lose what they ask."""
    with opened(target, 1) as connections:
        [connection] = connections
        for _ in range(2):
            connection.sendall(GET + b"\r\n")
            answer = read_answer(connection)
            assert answer is not None
            assert answer.status == 200
            time.sleep(Impatient.HEAD_SECONDS + 1)
        assert ended(connection) == b""


def test_the_rest_of_a_refused_body_is_not_waited_for_without_end(target: Target) -> None:
    with opened(target, 1) as connections:
        [connection] = connections
        connection.sendall(POST + b"Content-Length: 999999999\r\n\r\n{")
        answer = read_answer(connection)
        assert answer is not None
        assert answer.status == 413
        with dripping(connections):
            ended(connection)


def test_who_does_not_read_the_answers_is_let_go(target: Target) -> None:
    one = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
    with opened(target, 1) as connections:
        [connection] = connections
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(PATIENCE)
        assert not all(sent(connection, one) for _ in range(1_000_000))
    target.check_alive()


def test_when_all_are_busy_the_next_one_is_told_so(target: Target) -> None:
    with opened(target, Impatient.MOST) as connections:
        for connection in connections:
            connection.sendall(POST + b"Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
        for connection in connections:  # its body is asked for: it is under way
            assert connection.recv(4096).startswith(b"HTTP/1.1 100 ")
            connection.sendall(b"{")
        with opened(target, 10) as more:
            answers = [read_answer(connection) for connection in more]
        refused = [answer for answer in answers if answer is not None and answer.status == 503]
        assert refused
        assert json.loads(refused[0].body)["code"] == "node.busy"
        assert refused[0].headers["retry-after"]
    target.check_alive()
