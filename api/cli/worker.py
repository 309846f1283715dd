"""`portseal worker`: move documents on, without answering HTTP."""

import typer

from api.cli import options


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("worker")(worker)


def worker(home: options.Home = options.DEFAULT_HOME, kubo: options.Kubo = None) -> None:
    """Run a worker beside `portseal serve`: on the same folder, or on another machine with the same database."""
    # Only here: they take seconds to load.
    from api.cli import node
    from api.settings import Settings

    node.work(Settings(home=home, kubo=kubo, worker=True))
