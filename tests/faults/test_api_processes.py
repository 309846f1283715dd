"""`portseal serve --processes N`: several processes answer on one port; they come back, and end with the first one."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import psutil
import pytest

from tests.demonstration_node import copy_of_founded
from tests.faults.node_process import NodeProcess

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
MORE = 2


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeProcess]:
    home = tmp_path_factory.mktemp("processes") / "home"
    copy_of_founded(home)
    node = NodeProcess(home, "--processes", str(MORE))
    start(node)
    yield node
    node.kill()


def start(node: NodeProcess) -> None:
    node.start()
    node.await_ready()
    until(lambda: len(node.answering()) == MORE)


def until(condition: Callable[[], bool], patience: float = 90) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_port_that_is_taken_is_said(node: NodeProcess) -> None:
    other = NodeProcess(node.home)
    other.port = node.port
    other.join()
    assert other.wait() == 2
    assert "serve.port" in other.log()
    assert "--port" in other.log()


def test_connections_are_spread(node: NodeProcess) -> None:
    """On a loaded machine one may sleep through some of them: it has the fewest then, and gets those that follow."""
    with ExitStack() as stack:
        for opened in range(1, 30 * MORE):
            stack.enter_context(socket.create_connection(("127.0.0.1", node.port)))
            time.sleep(0.02)
            if opened < 5 * MORE:
                continue
            until(lambda opened=opened: sum(spread(node)) == opened)  # type: ignore[misc]
            if min(spread(node)) >= 3:
                break
        counts = spread(node)
    assert len(counts) == MORE
    assert min(counts) >= 3, counts


def pids(node: NodeProcess) -> list[int]:
    return [one.pid for one in node.answering()]


def spread(node: NodeProcess) -> list[int]:
    """Return how many connections each process has."""
    return [connections_of(one, node.port) for one in node.answering()]


def connections_of(process: psutil.Process, port: int) -> int:
    """Count its callers; it also has a connection to the chain."""
    connections = process.net_connections("tcp")
    return sum(one.status == psutil.CONN_ESTABLISHED and one.laddr.port == port for one in connections)


def test_one_that_is_killed_comes_back_and_nobody_is_turned_away(node: NodeProcess) -> None:
    codes: list[int] = []
    ended, request = threading.Event(), threading.Lock()

    def ask() -> None:
        while not ended.is_set():
            with request:
                codes.append(httpx.get(f"{node.address}/healthz", timeout=60, trust_env=False).status_code)
            time.sleep(0.01)  # the lock is for whoever waits for it

    asking = threading.Thread(target=ask)
    asking.start()
    until(lambda: bool(codes))
    victim = node.answering()[0]
    # Stopped between two requests: it has no connection of ours in hand, neither now nor when it ends.
    with request:
        victim.suspend()
        before = len(codes)
    until(lambda: len(codes) >= before + 20 or not asking.is_alive())
    ended.set()
    asking.join()
    victim.kill()
    # One look for both: between two the victim may be counted, and then be gone.
    until(lambda: len(found := pids(node)) == MORE and victim.pid not in found)
    assert set(codes) == {200}
    assert len(codes) >= before + 20
    assert "an API process ended" in node.log()


def test_asked_to_end_all_end_well(node: NodeProcess) -> None:
    others, said = node.answering(), node.log().count("an API process ended")
    assert node.stop() == 0
    assert not any(one.is_running() for one in others)
    assert "Traceback" not in node.log()
    assert node.log().count("an API process ended") == said


def test_they_end_when_the_first_one_is_killed(node: NodeProcess) -> None:
    start(node)
    others = node.answering()
    os.kill(node.pid, signal.SIGKILL)
    until(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in others))
