"""`portseal serve`: run a node."""

from typing import Annotated

import typer

from api.cli import options

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
    # Only here: web3, py-evm, SQLAlchemy and FastAPI take seconds to load, and no other command needs all of them.
    from api.cli import node

    node.run(home, host, port, demonstration=demonstration)
