"""`portseal serve`: run a node."""

from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.bootstrap import build, start
from api.cli import options, output
from api.demonstration.establishing import establish_home
from api.home import Home
from api.node import Node
from api.settings import Settings
from ledger.secret_file import write_new

Host = Annotated[str, typer.Option("--host", help="Address to listen on.", envvar="PORTSEAL_HOST")]
Port = Annotated[int, typer.Option("--port", help="Port to listen on.", envvar="PORTSEAL_PORT", min=0, max=65535)]
Demonstration = Annotated[
    bool, typer.Option("--demonstration", help="First fill an empty folder with the demonstration consortium.")
]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("serve")(serve)


def serve(
    home: options.Home = options.DEFAULT_HOME,
    host: Host = "127.0.0.1",
    port: Port = 8080,
    demonstration: Demonstration = False,
) -> None:
    """Run a node: HTTP API, pipeline, and the embedded chain if the network has no other."""
    folder = Home(home.expanduser())
    if demonstration and not folder.network.is_file():
        _establish(folder)
    node = build(Settings(home=home, host=host, port=port))
    try:
        start(node)
        _run(node, host, port)
    finally:
        node.close()


def _establish(home: Home) -> None:
    output.note(f"Setting up the demonstration consortium in {home.path} (about 20 seconds) ...")
    established = establish_home(home)
    keys = "".join(f"{tenant} {tenancy.api_key}\n" for tenant, tenancy in established.tenants.items())
    path = home.path / "api-keys.txt"
    write_new(path, keys.encode("ascii"))
    output.note(f"API keys of its tenants are in {path}.")


def _run(node: Node, host: str, port: int) -> None:
    config = uvicorn.Config(
        create_app(node), host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=10
    )
    output.note(f"Portseal of {node.authority}, network {node.network.name}: http://{host}:{port}")
    uvicorn.Server(config).run()
