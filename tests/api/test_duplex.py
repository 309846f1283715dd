"""A request whose answer comes early: its connection is ended, whatever was still to be sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest

from api.cli.duplex import exchange

REFUSAL = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}"
BROKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n"


@contextmanager
def answering(said: bytes) -> Iterator[int]:
    """A server that answers as soon as something comes, and reads no more of it; its port."""
    ended = threading.Event()

    def answer(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1)
            connection.sendall(said)
            ended.wait(60)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def connected(port: int) -> list[Any]:
    return [one for one in psutil.Process().net_connections("tcp4") if one.raddr and one.raddr.port == port]


def pieces() -> Iterator[bytes]:
    """More than the buffers of both ends hold."""
    return (b"x" * 1_000_000 for _ in range(100))


def test_an_early_answer_leaves_no_connection_open() -> None:
    with answering(REFUSAL) as port:
        answer = exchange(f"http://127.0.0.1:{port}/", {}, pieces(), lambda _: None)
        assert (answer.status, answer.whole, answer.body) == (401, True, b"{}")
        assert connected(port) == []


def test_nor_does_an_answer_that_is_none() -> None:
    with answering(BROKEN) as port:
        with pytest.raises(Exception, match="Content-Length"):
            exchange(f"http://127.0.0.1:{port}/", {}, pieces(), lambda _: None)
        assert connected(port) == []


def test_nor_does_a_taker_that_fails() -> None:
    def take(_: bytes) -> None:
        raise ValueError("full")

    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as port:
        with pytest.raises(ValueError, match="full"):
            exchange(f"http://127.0.0.1:{port}/", {}, pieces(), take)
        assert connected(port) == []
