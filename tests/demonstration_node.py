"""A demonstration node for tests: real keystores, chain, database and store, and HTTP over loopback."""

import atexit
import dataclasses
import functools
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from api.app import create_app
from api.bootstrap import build, start
from api.connection import BoundedConnection
from api.demonstration.establishing import Established, establish_home
from api.home import Home
from api.node import Node
from api.settings import Settings
from ledger.finality.form import CHECKPOINT, Form
from ledger.network import Network

NO_LIMITS = {"anonymous_at_once": 0, "anonymous_per_minute": 0}
"""Tests ask from one address, and more often than a customs office does."""


@dataclass
class Api:
    """A running node, and what the tests know of its consortium."""

    node: Node
    home: Path
    established: Established
    http: httpx.Client

    def key(self, tenant: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.established.tenants[tenant].api_key}"}

    def until_final(self, digest: str) -> dict[str, Any]:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            answer: dict[str, Any] = self.http.get(f"/v1/documents/{digest}").json()
            if answer["state"] in ("final", "failed"):
                return answer
            time.sleep(0.05)
        raise AssertionError(f"{digest} is not final")


@functools.cache
def _founded() -> tuple[Path, Established]:
    """Found the demonstration consortium, once for all tests of a process: it takes seconds."""
    folder = tempfile.TemporaryDirectory(prefix="portseal-founded-")
    atexit.register(folder.cleanup)
    home = Path(folder.name) / "home"
    return home, establish_home(Home(home))


def copy_of_founded(home: Path, finality: Form = CHECKPOINT) -> Established:
    """Lay out in `home` a node's folder that has never run, with the form of finality that is asked for."""
    founded, established = _founded()
    shutil.copytree(founded, home, dirs_exist_ok=True)
    network = Network.read(Home(home).network)
    dataclasses.replace(network, finality=finality).write(Home(home).network)
    return established


@contextmanager
def demonstration_node(
    home: Path,
    connection: type[BoundedConnection] = BoundedConnection,
    finality: Form = CHECKPOINT,
    **settings: Any,
) -> Iterator[Api]:
    """Lay out the demonstration consortium in `home`, and run its node until the block ends."""
    with node_of(home, copy_of_founded(home, finality), connection, **settings) as api:
        yield api


@contextmanager
def node_of(
    home: Path, established: Established, connection: type[BoundedConnection] = BoundedConnection, **settings: Any
) -> Iterator[Api]:
    """Run the node of a folder that is laid out already."""
    with closing(build(Settings(home=home, **(NO_LIMITS | settings)))) as node:
        start(node)
        with _served(node, connection) as address, httpx.Client(base_url=address, timeout=60, trust_env=False) as http:
            yield Api(node, home, established, http)


@contextmanager
def _served(node: Node, connection: type[BoundedConnection]) -> Iterator[str]:
    config = uvicorn.Config(create_app(node), http=connection, ws="none", log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
