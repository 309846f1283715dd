"""One server: started under a guard, its output in a file, stopped politely or killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_GUARDED = (sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py")))
_POLL = 0.05
_PATIENCE = 60.0  # a loaded machine is slow
_LINES = 20


class ServerFault(Exception):
    """A server did not start, or ended by itself; the text holds the last lines of its log."""


class ServerProcess:
    """A server that ends with the process that started it (guard.py). Not thread-safe."""

    def __init__(
        self, name: str, log: Path, *, polite: signal.Signals = signal.SIGTERM, saving: float = _PATIENCE
    ) -> None:
        """`log` takes what the server prints; `polite` is the signal on which it saves its state and ends.

        `saving`: seconds that it has for that.
        """
        self.name = name
        self.log = log
        self._polite, self._saving = polite, saving
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.poll() is None

    def start(self, command: Sequence[str | Path], ready: Callable[[], bool], env: Mapping[str, str] = {}) -> None:
        """Start and wait until `ready`, which may raise OSError before. `env` is added to ours. Raises ServerFault."""
        if self.running:
            raise ServerFault(f"{self.name} runs already")
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*_GUARDED, str(int(self._polite)), str(self._saving), *map(str, command)],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **env},
                # Ctrl-C at the terminal is for the tests, which then stop their servers.
                start_new_session=True,
            )
        try:
            self.wait_until(ready)
        except BaseException:
            self.stop()
            raise

    def wait_until(self, ready: Callable[[], bool], patience: float = _PATIENCE) -> None:
        """Wait until `ready`, at most `patience` seconds. Raises ServerFault, also if the server ends meanwhile."""
        deadline = time.monotonic() + patience
        while not _holds(ready):
            if not self.running:
                raise self._fault("ended by itself")
            if time.monotonic() > deadline:
                raise self._fault(f"was not ready after {patience:.0f} seconds")
            time.sleep(_POLL)

    def stop(self) -> None:
        """Let the server save its state and end; nothing happens if it has ended."""
        self._end(kill=False)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._end(kill=True)

    def freeze(self) -> None:
        """Let it stand still: it takes connections, and answers nothing, until `thaw`."""
        servers = self._signal(signal.SIGSTOP)
        self.wait_until(lambda: all(map(_stands_still, servers)))

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> list[int]:
        assert self._process is not None
        guard = self._process.pid
        servers = [int(one) for one in Path(f"/proc/{guard}/task/{guard}/children").read_text().split()]
        for server in servers:
            os.kill(server, number)
        return servers

    def _end(self, *, kill: bool) -> None:
        if self._process is None:
            return
        if kill:
            self._process.kill()  # the guard; the kernel then kills the server
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._process = None

    def _fault(self, what: str) -> ServerFault:
        lines = self.log.read_text(errors="replace").splitlines()[-_LINES:]
        return ServerFault("\n".join([f"{self.name} {what}; the last lines of {self.log}:", *lines]))


def _holds(ready: Callable[[], bool]) -> bool:
    try:
        return ready()
    except OSError:
        return False


def _stands_still(process: int) -> bool:
    """Whether every thread has stopped: the signal's sender goes on before they do."""
    states = [stat.read_text().rpartition(")")[2].split()[0] for stat in Path(f"/proc/{process}/task").glob("*/stat")]
    return set(states) == {"T"}
