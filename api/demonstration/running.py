"""A node of the demonstration, in a process of its own as a real one would be."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.cli.client import Client
from ledger.errors import PortsealError, Unavailable

_SECONDS = 180.0
_POLL = 0.1


@contextmanager
def running_node(home: Path, kubo: str | None = None) -> Iterator[str]:
    """Start `portseal serve` on a free loopback port, give its address, and stop it at the end."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "api.cli", "serve", "--home", str(home), "--port", str(port)]
    command += ["--kubo", kubo] if kubo else []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTSEAL_")}
    with (home / "node.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)  # noqa: S603 - our own command
        try:
            _await_ready(process, address, home)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _await_ready(process: "subprocess.Popen[bytes]", address: str, home: Path) -> None:
    client, deadline = Client(address), time.monotonic() + _SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            client.get("/readyz")
        except PortsealError:
            time.sleep(_POLL)
        else:
            return
    raise Unavailable("node.not-started", "the node did not start", mend=f"see {home / 'node.log'}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
