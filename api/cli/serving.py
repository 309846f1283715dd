"""`portseal serve`: run a node."""

from functools import partial
from typing import Annotated

import typer

from api.cli import options

Host = Annotated[str, typer.Option("--host", help="Address to listen on.", envvar="PORTSEAL_HOST")]
Port = Annotated[int, typer.Option("--port", help="Port to listen on.", envvar="PORTSEAL_PORT", min=0, max=65535)]
Demonstration = Annotated[
    bool, typer.Option("--demonstration", help="First fill an empty folder with the demonstration consortium.")
]
Processes = Annotated[
    int, typer.Option("--processes", help="How many processes answer HTTP, all on the one port.", min=1, max=64)
]
NoWorker = Annotated[
    bool, typer.Option("--no-worker", help="Only answer HTTP; `portseal worker` moves the documents on.")
]
Listener = Annotated[int | None, typer.Option("--listener", hidden=True)]
Rpc = Annotated[
    list[str] | None,
    typer.Option("--rpc", help="With --demonstration: found it on the chain of this node; repeat for more nodes."),
]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("serve")(serve)


def serve(
    home: options.Home = options.DEFAULT_HOME,
    host: Host = "127.0.0.1",
    port: Port = 8080,
    demonstration: Demonstration = False,
    rpc: Rpc = None,
    finality: options.Finality = "checkpoint",
    kubo: options.Kubo = None,
    processes: Processes = 1,
    no_worker: NoWorker = False,
    listener: Listener = None,
) -> None:
    """Run a node: HTTP API, pipeline, and the embedded chain if the network has no other.

    Several processes may run on one folder, on one machine: the first one owns the embedded chain.
    """
    if rpc and not demonstration:
        raise typer.BadParameter("--rpc goes with --demonstration; otherwise the network file names the nodes")
    # Only here: web3, py-evm, SQLAlchemy and FastAPI take seconds to load, and no other command needs all of them.
    from api.cli import node
    from api.demonstration.establishing import establish_home
    from api.finality_option import finality_of
    from api.settings import Settings

    settings = Settings(home=home, host=host, port=port, kubo=kubo)
    if no_worker:
        settings = settings.model_copy(update={"worker": False})
    form = finality_of(finality)
    establish = partial(establish_home, rpc=rpc or [], finality=form) if demonstration else None
    node.run(settings, establish, processes=processes, listener=listener)
