"""Bulk verification at the wire: both directions at once, half lines, slow and vanishing clients, floods."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil
import pytest

from tests.hostile.target import BODY_SECONDS, CARRIER, Target
from tests.hostile.test_sockets import MEGABYTE, PATIENCE, measured, others_are_answered
from tests.hostile.wire import read_answer

__all__ = ["others_are_answered"]
pytestmark = [pytest.mark.slow]


@contextmanager
def bulk(target: Target, extra: bytes = b"") -> Iterator[socket.socket]:
    """A connection on which a bulk request has begun; its body is chunked."""
    key = target.api.key(CARRIER)["Authorization"].encode()
    with socket.create_connection(target.address, timeout=PATIENCE) as connection:
        connection.sendall(
            b"POST /v1/verifications/bulk" + extra + b" HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"
            b"Authorization: " + key + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        yield connection


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


END = b"0\r\n\r\n"


def line(target: Target) -> bytes:
    return json.dumps({"envelope": target.genuine}).encode() + b"\n"


def lines_of(connection: socket.socket) -> list[dict[str, Any]]:
    answer = read_answer(connection, b"POST")
    assert answer is not None
    assert answer.status == 200
    return [json.loads(one) for one in answer.body.splitlines()]


def test_an_answer_comes_while_the_body_is_still_open(target: Target) -> None:
    with bulk(target) as connection:
        connection.sendall(chunk(line(target)))
        got = b""
        while b'"line":1' not in got:
            got += connection.recv(65536)
        assert b'"summary"' not in got
        connection.sendall(chunk(line(target)) + END)
        while b'"summary"' not in got:
            got += connection.recv(65536)
    assert b'"line":2' in got


def test_half_lines_in_any_pieces_are_one_line(target: Target) -> None:
    whole = line(target) * 3
    with bulk(target) as connection:
        for start in range(0, len(whole), 777):
            connection.sendall(chunk(whole[start : start + 777]))
        connection.sendall(END)
        answers = lines_of(connection)
    assert [one.get("usable") for one in answers[:-1]] == ["ACTIVE"] * 3
    assert answers[-1]["summary"]["verdicts"] == 3


def test_a_last_line_that_nothing_ends_is_a_line(target: Target) -> None:
    with bulk(target) as connection:
        connection.sendall(chunk(line(target) + line(target).rstrip(b"\n")) + END)
        assert [one.get("line") for one in lines_of(connection)] == [1, 2, None]


def test_a_sender_that_stops_gets_what_was_answered_and_why_it_ended(target: Target) -> None:
    with bulk(target) as connection:
        connection.sendall(chunk(line(target) + b'{"envelope": "half'))
        answers = lines_of(connection)
    assert [one.get("line") for one in answers] == [1, None, None]
    assert answers[1]["problem"]["code"] == "body.slow"
    assert answers[2]["summary"]["complete"] is False
    assert answers[2]["summary"]["lines"] == 1


def test_a_slow_sender_is_served_as_long_as_something_comes(target: Target) -> None:
    with bulk(target) as connection:
        for _ in range(6):
            connection.sendall(chunk(line(target)))
            time.sleep(BODY_SECONDS / 4)
        connection.sendall(END)
        assert lines_of(connection)[-1]["summary"]["complete"] is True


def test_a_client_that_goes_away_in_the_middle_leaves_nothing_behind(target: Target) -> None:
    threads = threading.active_count()
    for abrupt in (True, False):
        for _ in range(10):
            with bulk(target) as connection:
                connection.sendall(chunk(line(target) * 40))
                connection.recv(100)
                if abrupt:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    deadline = time.monotonic() + PATIENCE
    while threading.active_count() > threads + 45 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert threading.active_count() <= threads + 45  # the pool's own threads stay


def test_who_reads_only_after_having_sent_everything_gets_it_all(target: Target) -> None:
    """More answers than the sockets hold: a server that waited for the reader would wait for ever."""
    count = 30_000
    with bulk(target, b"?detail=codes") as connection, measured() as memory:
        for _ in range(count // 100):
            connection.sendall(chunk(b"1\n" * 100))
        connection.sendall(END)
        time.sleep(1)
        answers = lines_of(connection)
    assert len(answers) == count + 1
    assert answers[-1]["summary"]["problems"] == {"verification.body": count}
    print(f"{count} lines: {memory.grown} MB more at the most")


def await_given_up(connection: socket.socket) -> None:
    """Wait until the target, which is in this process, has closed its end of the connection."""
    own, here, deadline = psutil.Process(), connection.getsockname(), time.monotonic() + PATIENCE
    while any(one.raddr == here for one in own.net_connections("tcp4")):
        assert time.monotonic() < deadline, "the target still waits for its reader"
        time.sleep(0.2)


def test_who_never_reads_is_given_up(target: Target) -> None:
    with bulk(target) as connection:
        with suppress(ConnectionError):  # given up while we still send
            for _ in range(1_000):  # more answers than the buffers of both ends hold
                connection.sendall(chunk(b"1\n" * 100))
            connection.sendall(END)
        await_given_up(connection)
        got = bytearray()
        with suppress(ConnectionError):
            while piece := connection.recv(65536):
                got += piece
    assert b'"summary"' not in got


def test_a_line_without_end_is_not_kept(target: Target) -> None:
    with bulk(target) as connection, measured() as memory:
        for _ in range(150):
            connection.sendall(chunk(b"x" * MEGABYTE))
        connection.sendall(chunk(b"\n" + line(target)) + END)
        answers = lines_of(connection)
    assert [one.get("status") for one in answers[:-1]] == [413, 200]
    assert answers[-1]["summary"]["complete"] is True
    print(f"a line of 150 MB: {memory.grown} MB more at the most")
    assert memory.grown < 60


@pytest.mark.parametrize("answered", [0, 1])
def test_blank_lines_without_end_are_ended(target: Target, answered: int) -> None:
    """With the status that belongs to it while nothing is answered yet, otherwise on a line."""
    with bulk(target) as connection:
        connection.sendall(chunk(line(target) * answered + b"\n"))
        for _ in range(20):
            try:
                connection.sendall(chunk(b"\n" * 65536))
            except OSError:
                break
        answer = read_answer(connection, b"POST")
    assert answer is not None
    lines = [json.loads(one) for one in answer.body.splitlines()]
    if not answered:
        assert (answer.status, lines[0]["code"]) == (413, "body.too-large")
        return
    assert [one.get("line") for one in lines] == [1, None, None]
    assert lines[1]["problem"]["code"] == "body.too-large"
    assert lines[2]["summary"]["complete"] is False


def test_many_at_once_are_each_answered_in_order(target: Target) -> None:
    results: dict[int, list[Any]] = {}

    def one(number: int) -> None:
        with bulk(target, f"?first={number * 1000 + 1}".encode()) as connection:
            for _ in range(10):
                connection.sendall(chunk(line(target) * 5))
            connection.sendall(END)
            results[number] = [answer.get("line") for answer in lines_of(connection)]

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: [*range(number * 1000 + 1, number * 1000 + 51), None] for number in range(8)}
