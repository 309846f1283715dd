"""What `portseal serve` does: fill a folder for the demonstration, build the node, and run it until a signal."""

import gc
import signal
from collections.abc import Callable

import uvicorn

from api import logs
from api.app import create_app
from api.bootstrap import build, start
from api.cli import output
from api.connection import BoundedConnection
from api.home import Home
from api.node import Node
from api.readiness import faults
from api.settings import Settings

Establish = Callable[[Home], object]


def run(settings: Settings, establish: Establish | None) -> None:
    """Run the node until SIGINT or SIGTERM; `establish` fills its folder first, unless that is done.

    Raises as `build` and `establish`; Refused `home.not-empty`.
    """
    logs.configure()
    # uvicorn ends by raising the signal once more; SIGTERM's own way would end the process before the node is closed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _run(settings, establish)
    except KeyboardInterrupt:
        output.note("Stopped.")


def _run(settings: Settings, establish: Establish | None) -> None:
    folder = Home(settings.home.expanduser())
    if establish and not folder.network.is_file():
        _establish(folder, establish)
    node = build(settings)
    try:
        start(node)
        _settle_memory()
        _say_what_is_missing(node)
        _listen(node, settings.host, settings.port)
    finally:
        node.close()


def _establish(home: Home, establish: Establish) -> None:
    home.check_free()
    output.note(f"Setting up the demonstration consortium in {home.path} (about 20 seconds) ...")
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


def _listen(node: Node, host: str, port: int) -> None:
    config = uvicorn.Config(
        create_app(node),
        http=BoundedConnection,
        ws="none",
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=10,
    )
    output.note(f"Portseal of {node.authority}, network {node.network.name}: http://{host}:{port}")
    uvicorn.Server(config).run()
