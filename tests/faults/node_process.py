"""A node as an operator runs it: `portseal serve` in a process of its own, which can be killed."""

import atexit
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import psutil

from ledger.chain import Chain
from tests.faults.plain_environment import plain_environment
from tests.servers.ports import Port

_PATIENCE = 120.0


class NodeProcess:
    """A node in `home`, listening on one port for all its lives; `options` are further ones of `portseal serve`.

    environment: what is set of ours for it. Several may share a home; each has a log of its own.
    """

    def __init__(self, home: Path, *options: str, environment: Mapping[str, str] = {}) -> None:
        self.home = home
        self._options = options
        self._environment = environment
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._life = 0

    def start(self) -> None:
        """Start it; it answers some seconds later."""
        (self.home / "rpc.url").unlink(missing_ok=True)
        self.join()

    def join(self) -> None:
        """Start it beside others on the same home."""
        command = [sys.executable, "-m", "api.cli", *self._command(), "--home", str(self.home), *self._options]
        environment = {**plain_environment(), **self._environment}
        self._life = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)

    @property
    def pid(self) -> int:
        """Its process id, while it runs."""
        assert self._process is not None
        return self._process.pid

    def await_said(self, words: str) -> None:
        """Wait until it has said so in its log, in this life."""
        self._await(lambda: words in self.log()[self._life :])

    def await_chain_open(self) -> None:
        """Wait until it has opened its chain: then it is about to look at what the last life left."""
        self._await(lambda: (self.home / "rpc.url").is_file())

    def await_ready(self) -> None:
        """Wait until it says that all its parts work."""
        self._await(self._is_ready)

    def await_answering(self) -> None:
        """Wait until it answers, whether or not its parts work."""
        self._await(lambda: self._readiness() is not None)

    def answering(self) -> list[psutil.Process]:
        """The further processes that answer: they look at the socket in an event loop of their own."""
        return [one for one in psutil.Process(self.pid).children() if one.is_running() and _listens(one, self.port)]

    def await_write(self, name: str, patience: float = 2.0) -> None:
        """Wait until a file or folder of its home changes: then a step has just ended, and nobody was told yet."""
        path, deadline = self.home / name, time.monotonic() + patience
        before = _changed_at(path)
        while _changed_at(path) == before and time.monotonic() < deadline:
            time.sleep(0.0005)

    def await_quiet(self, name: str, seconds: float = 1.5) -> None:
        """Wait until a file of its home has not changed for so long: nothing is under way any more."""
        self._await(lambda: time.time() - _changed_at(self.home / name) / 1e9 > seconds)

    def chain(self) -> Chain:
        """Return the embedded chain as others reach it."""
        return Chain.http((self.home / "rpc.url").read_text(encoding="ascii").strip())

    def kill(self) -> None:
        """End it with SIGKILL, at whatever it does."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        return self._end(signal.SIGTERM)

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def _log(self) -> Path:
        return self.home / f"node-{self.port}.log"

    def _command(self) -> list[str]:
        return ["serve", "--port", str(self.port)]

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        code = self._process.wait(_PATIENCE)
        self._process = None
        return code

    def wait(self) -> int:
        """Wait until it ends by itself; return its exit code."""
        assert self._process is not None
        return self._process.wait(_PATIENCE)

    def parts(self) -> dict[str, str]:
        """What /readyz says of each part."""
        answer = self._readiness()
        assert answer is not None
        parts: dict[str, str] = answer.json()["parts"]
        return parts

    def _is_ready(self) -> bool:
        answer = self._readiness()
        return answer is not None and answer.status_code == httpx.codes.OK

    def _readiness(self) -> httpx.Response | None:
        try:
            return httpx.get(f"{self.address}/readyz", timeout=30, trust_env=False)
        except httpx.TransportError:
            return None

    def _await(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not condition():
            assert self._process is not None
            assert self._process.poll() is None, f"the node ended by itself\n{self.log()[-4000:]}"
            assert time.monotonic() < deadline, f"the node is not ready\n{self.log()[-4000:]}"
            time.sleep(0.02)


class WorkerProcess(NodeProcess):
    """`portseal worker`: a node that answers nobody. Its port only names its log."""

    def _command(self) -> list[str]:
        return ["worker"]


def _changed_at(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def free_port() -> int:
    """Return a port that is ours until this process ends: nobody else gets it before a node starts, or between two."""
    port = Port()
    atexit.register(port.close)
    return int(port)


def _listens(process: psutil.Process, port: int) -> bool:
    try:
        threads, connections = process.num_threads(), process.net_connections("tcp")
    except psutil.Error:
        return False
    return threads > 3 and any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in connections)
