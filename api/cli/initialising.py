"""`portseal init`: make a node's folder for a consortium that is there, and say what is to be entered for it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options, output
from api.cli.passphrase import given
from api.home import Home

if TYPE_CHECKING:
    from api.node_setup import NewNode

NetworkFile = Annotated[
    Path,
    typer.Option(
        "--network", help="The consortium's network file.", envvar="PORTSEAL_NETWORK", exists=True, dir_okay=False
    ),
]
TrustFile = Annotated[
    Path | None,
    typer.Option(
        "--trust", help="The consortium's trust roots, for what the node is to prove.", exists=True, dir_okay=False
    ),
]
Authority = Annotated[str, typer.Option("--authority", help="The authority that runs the node: my.customs.")]
Cosigners = Annotated[
    list[str] | None,
    typer.Option("--cosigner", help="A further authority that cosigns checkpoints on this node; repeat for more."),
]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("init")(init)


def init(
    network: NetworkFile,
    authority: Authority,
    home: options.Home = options.DEFAULT_HOME,
    cosigner: Cosigners = None,
    trust: TrustFile = None,
    passphrase_file: options.PassphraseFile = None,
) -> None:
    """Make a node's folder: keys and accounts; then print the commands that enter them in the registries.

    The passphrase is not kept in the folder: `portseal serve` takes it from PORTSEAL_PASSPHRASE_FILE.
    """
    # Only here: web3 takes seconds to load.
    from api.node_roots import read_roots
    from api.node_setup import set_up
    from ledger.network import Network

    folder, of_network = Home(home.expanduser()), Network.read(network)
    roots = read_roots(trust, of_network) if trust else None
    made = set_up(folder, of_network, authority, cosigner or [], given(passphrase_file, new=True), roots)
    output.line(f"The folder {folder.path} of {authority}'s node is made. Start the node:", style="bold")
    output.line(f"  portseal serve --home {folder.path}")
    if roots is not None:
        output.line(f"It proves by these trust roots; compare with another member: fingerprint {roots.fingerprint}")
    _say_what_to_enter(authority, made)


def _say_what_to_enter(authority: str, made: "NewNode") -> None:
    output.line("")
    output.line("Have its anchor account voted in (and one that acts for the authority, if it has none):", style="bold")
    output.line(f"  portseal member propose-accounts {authority} --anchor {made.anchor} --act ADDRESS --account VOTER")
    output.line(
        "  portseal member approve NUMBER --account VOTER      a voter of each further country, up to the quorum"
    )
    output.line("  portseal member execute NUMBER --account VOTER")
    output.line("")
    output.line("Then each authority enters its keys with its acting account:", style="bold")
    for (owner, purpose), public in made.keys.items():
        output.line(f"  portseal authorities add-key {owner} {purpose.name.lower()} {public} --account ACTING")
    output.line("")
    output.line(f"Signed intents are relayed by {made.relay}, an account that needs no entry.")
