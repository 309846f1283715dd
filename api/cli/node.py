"""What `portseal serve` and `portseal worker` do: build the node, and run it until a signal."""

import gc
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from api import logs
from api.app import create_app
from api.bootstrap import build, start
from api.cli import output
from api.cli.http_server import HttpServer
from api.cli.processes import ApiProcesses, end_with_parent, listening
from api.connection import BoundedConnection
from api.home import Home
from api.node import Node
from api.readiness import faults
from api.settings import Settings

Establish = Callable[[Home], object]


def run(settings: Settings, establish: Establish | None, *, processes: int = 1, listener: int | None = None) -> None:
    """Run the node until SIGINT or SIGTERM; `establish` fills its folder first, unless that is done.

    processes: how many answer HTTP: this one, or so many others, since the pipeline and the chain need a core of their
    own. listener: the open socket that another process of the node shares with this one. Raises as `build` and
    `establish`; Invalid `settings.proxies`, Refused `home.not-empty`, Unavailable `serve.port`.
    """
    settings.trusted_proxies()  # or Invalid, before further processes are started that would say so for ever
    folder = Home(settings.home.expanduser())
    with _until_a_signal():
        if establish and not folder.network.is_file():
            _establish(folder, establish)
        with _running(settings) as node:
            if listener is not None:
                end_with_parent()
                _answer(node, socket.socket(fileno=listener))
                return
            others = processes if processes > 1 else 0
            with listening(settings.host, settings.port) as shared, ApiProcesses(settings, others, shared):
                output.note(f"Portseal of {node.authority}, network {node.network.name}: {_address(settings)}")
                if others:
                    threading.Event().wait()
                _answer(node, shared)


def work(settings: Settings) -> None:
    """Run a worker until SIGINT or SIGTERM: the step under way ends first. Raises as `build`."""
    with _until_a_signal(), _running(settings) as node:
        output.note(f"Worker of {node.authority}, network {node.network.name}.")
        threading.Event().wait()


@contextmanager
def _until_a_signal() -> Iterator[None]:
    logs.configure()
    # uvicorn ends by raising the signal once more; SIGTERM's own way would end the process before the node is closed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        output.note("Stopped.")


@contextmanager
def _running(settings: Settings) -> Iterator[Node]:
    node = build(settings)
    try:
        start(node)
        _settle_memory()
        _say_what_is_missing(node)
        yield node
    finally:
        # Whoever asks twice gets no less: what is under way ends, and leases are given back.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        node.close()


def _establish(home: Home, establish: Establish) -> None:
    home.check_free()
    output.note(f"Setting up the demonstration consortium in {home.path} (some 10 to 20 seconds) ...")
    establish(home)
    output.note(f"API keys of its tenants are in {home.api_keys}.")


def _settle_memory() -> None:
    """Take what stands now out of every later collection: it stays as long as the process.

    Some 200,000 objects of libraries and contracts, which were walked again and again while groups of documents come
    and go: a fifth of the time of parsing envelopes.
    """
    gc.collect()
    gc.freeze()


def _say_what_is_missing(node: Node) -> None:
    """Print which servers of others do not answer; the node runs all the same, and waits for them."""
    missing = [fault for fault in faults(node).values() if fault is not None]
    for fault in missing:
        output.error(fault)
    if missing:
        output.note("The node runs, and goes on by itself once that is mended; /readyz says how it stands.")


def _address(settings: Settings) -> str:
    return f"http://{settings.host}:{settings.port}"


def _answer(node: Node, listener: socket.socket) -> None:
    config = uvicorn.Config(
        create_app(node),
        http=BoundedConnection,
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=10,
        forwarded_allow_ips=node.settings.trusted_proxies(),
    )
    HttpServer(config, listener).run()
