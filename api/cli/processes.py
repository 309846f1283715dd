"""Several processes that answer HTTP on one port: one Python process uses one core.

The first one opens the socket and hands it down; the system gives each new connection to whichever accepts first.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType

import structlog

from api.settings import Settings
from ledger.errors import Unavailable

_BACKLOG = 2048
_PATIENCE = 20.0
_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
_LASTING = 60.0
_log = structlog.get_logger(__name__)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Open the socket that all share. Raises Unavailable `serve.port`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        opened = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise Unavailable(
            "serve.port",
            f"{host} port {port} cannot be listened on ({error.strerror})",
            mend="end what uses it, or name another with --port",
        ) from None
    with opened:
        yield opened


class ApiProcesses:
    """`count` further processes that answer on `listener`, each started again when it ends by itself.

    They end when this process does, however it does: each holds the end of a pipe.
    """

    def __init__(self, settings: Settings, count: int, listener: socket.socket) -> None:
        self._settings = settings
        self._listener = listener
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._keep, args=(number + 1,)) for number in range(count)]

    def __enter__(self) -> "ApiProcesses":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _keep(self, number: int) -> None:
        failures = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            code = self._run(number)
            if self._stopping.is_set():
                return
            failures = 0 if time.monotonic() - began > _LASTING else failures + 1
            _log.error("an API process ended", code=str(code), failures=failures)
            self._stopping.wait(_PAUSES[min(failures, len(_PAUSES)) - 1])

    def _run(self, number: int) -> int:
        descriptor = self._listener.fileno()
        with subprocess.Popen(  # noqa: S603 (our own program)
            self._command(descriptor), stdin=subprocess.PIPE, pass_fds=[descriptor], env=self._environment(number)
        ) as process:
            while process.poll() is None and not self._stopping.wait(0.2):
                pass
            return _end(process)

    def _command(self, descriptor: int) -> list[str]:
        settings = self._settings
        command = [sys.executable, "-m", "api.cli", "serve", "--no-worker", "--listener", str(descriptor)]
        command += ["--home", str(settings.home), "--host", settings.host, "--port", str(settings.port)]
        return command + (["--kubo", settings.kubo] if settings.kubo else [])

    def _environment(self, number: int) -> Mapping[str, str]:
        """Return ours; each process serves its metrics at a port of its own, the next ones."""
        port = self._settings.metrics_port
        return {**os.environ, **({"PORTSEAL_METRICS_PORT": str(port + number)} if port else {})}


def end_with_parent() -> None:
    """Ask this process to end when the one that started it is gone, and with it the other end of standard input."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def _end(process: subprocess.Popen[bytes]) -> int:
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
