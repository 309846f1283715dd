"""The tests' PostgreSQL ends with its owner, however that ends."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.servers.binaries import find

pytestmark = pytest.mark.node
ROOT = Path(__file__).parents[2]
OWNER = """
import sys, time
from tests.servers.postgresql import PostgreSQL
with PostgreSQL() as server:
    print(server.administer("SELECT current_setting('data_directory')")[0][0], flush=True)
    time.sleep(60)
"""


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("victim", ["owner", "guard"])
def test_no_server_is_left_behind(victim: str) -> None:
    find("postgres")
    with subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, cwd=ROOT, text=True) as owner:
        assert owner.stdout is not None
        data = owner.stdout.readline().strip()
        [guard] = psutil.Process(owner.pid).children()
        [server] = guard.children()
        assert data in " ".join(server.cmdline())
        assert server.username() != "root"
        backends = server.children()
        (psutil.Process(owner.pid) if victim == "owner" else guard).send_signal(signal.SIGKILL)
        until(lambda: not any(map(lives, [server, *backends])))
        owner.kill()
    # Nobody was left to remove it.
    shutil.rmtree(Path(data).parent, ignore_errors=True)
