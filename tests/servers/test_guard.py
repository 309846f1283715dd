"""No server outlives the process that started it."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.servers.server_process import ServerFault, ServerProcess

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="guards use pidfd and prctl of Linux")

ROOT = Path(__file__).parents[2]
# A server that says its process id and then, asked politely, that it saves.
SERVER = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print("saved", flush=True), sys.exit(0)))
print("pid", os.getpid(), flush=True)
while True: time.sleep(1)
"""
DEAF = "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('pid', os.getpid(), flush=True)\n"
OWNER = """
import sys, time
from pathlib import Path
from tests.servers.server_process import ServerProcess
log = Path(sys.argv[1])
server = ServerProcess("server", log)
server.start([sys.executable, "-c", sys.argv[2]], lambda: "pid" in log.read_text())
print("started", flush=True)
time.sleep(60)
"""


def pid_in(log: Path) -> int:
    return int(log.read_text().split("pid ")[1].split()[0])


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ends(pid: int, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while lives(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not lives(pid)


def started(log: Path) -> ServerProcess:
    server = ServerProcess("server", log)
    server.start([sys.executable, "-c", SERVER], lambda: "pid" in log.read_text())
    return server


def test_a_stopped_server_has_saved(tmp_path: Path) -> None:
    log = tmp_path / "log"
    server = started(log)
    pid = pid_in(log)
    assert server.running
    assert lives(pid)
    server.stop()
    assert not lives(pid)
    assert not server.running
    assert "saved" in log.read_text()


def test_a_killed_server_has_not(tmp_path: Path) -> None:
    log = tmp_path / "log"
    server = started(log)
    server.kill()
    assert ends(pid_in(log), 60)
    assert "saved" not in log.read_text()


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_the_server_ends_when_its_owner_is_killed(tmp_path: Path, sent: signal.Signals) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", OWNER, str(log), SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"started\n"
        pid = pid_in(log)
        assert lives(pid)
        owner.send_signal(sent)
        owner.wait()
    assert ends(pid, 60)
    assert "saved" in log.read_text()


def test_a_server_that_does_not_listen_is_killed_in_the_end(tmp_path: Path) -> None:
    log = tmp_path / "log"
    server = ServerProcess("server", log, saving=1.0)
    server.start([sys.executable, "-c", DEAF + "time.sleep(600)"], lambda: "pid" in log.read_text())
    server.stop()
    assert not lives(pid_in(log))


def test_a_server_started_by_a_thread_that_ends_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "log"
    servers: list[ServerProcess] = []
    thread = threading.Thread(target=lambda: servers.append(started(log)))
    thread.start()
    thread.join()
    time.sleep(0.2)
    assert servers[0].running
    servers[0].stop()


def test_a_start_that_fails_shows_the_log(tmp_path: Path) -> None:
    server = ServerProcess("server", tmp_path / "log")
    with pytest.raises(ServerFault, match=r"ended by itself(?s:.*)no such disk") as caught:
        server.start([sys.executable, "-c", "print('no such disk'); raise SystemExit(3)"], lambda: False)
    assert "server ended by itself" in str(caught.value)
    assert not server.running


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ServerFault, match="No such file"):
        ServerProcess("server", tmp_path / "log").start([tmp_path / "nothing"], lambda: False)


def test_the_environment_of_a_server_has_no_open_pipe_of_another(tmp_path: Path) -> None:
    """Else the first would live as long as the second."""
    first, second = started(tmp_path / "first"), started(tmp_path / "second")
    pid = pid_in(tmp_path / "first")
    first.stop()
    assert not lives(pid)
    assert second.running
    second.stop()
