"""What `portseal serve` does: fill a folder for the demonstration, build the node, and run it until a signal."""

import signal
from pathlib import Path

import uvicorn

from api import logs
from api.app import create_app
from api.bootstrap import build, start
from api.cli import output
from api.demonstration.establishing import establish_home
from api.home import Home
from api.node import Node
from api.settings import Settings


def run(home: Path, host: str, port: int, *, demonstration: bool) -> None:
    """Run the node in `home` until SIGINT or SIGTERM. Raises as `build`; Refused `home.not-empty`."""
    logs.configure()
    # uvicorn ends by raising the signal once more; SIGTERM's own way would end the process before the node is closed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _run(home, host, port, demonstration=demonstration)
    except KeyboardInterrupt:
        output.note("Stopped.")


def _run(home: Path, host: str, port: int, *, demonstration: bool) -> None:
    folder = Home(home.expanduser())
    if demonstration and not folder.network.is_file():
        _establish(folder)
    node = build(Settings(home=home, host=host, port=port))
    try:
        start(node)
        _listen(node, host, port)
    finally:
        node.close()


def _establish(home: Home) -> None:
    home.check_free()
    output.note(f"Setting up the demonstration consortium in {home.path} (about 20 seconds) ...")
    establish_home(home)
    output.note(f"API keys of its tenants are in {home.api_keys}.")


def _listen(node: Node, host: str, port: int) -> None:
    config = uvicorn.Config(
        create_app(node), host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=10
    )
    output.note(f"Portseal of {node.authority}, network {node.network.name}: http://{host}:{port}")
    uvicorn.Server(config).run()
