"""`portseal deploy`: put a consortium's registries on a chain, and write its network file."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import options, output
from api.cli.passphrase import given

Founders = Annotated[
    Path, typer.Option("--founders", help="Who founds the consortium, and the quorum.", exists=True, dir_okay=False)
]
DeployerKeystore = Annotated[
    Path | None,
    typer.Option(
        "--account",
        help="Keystore (version 3) of an account that sends nothing else. Not needed once the file is there.",
        exists=True,
        dir_okay=False,
    ),
]
Out = Annotated[Path, typer.Option("--out", "-o", help="The network file; if it is there, it is checked.")]
Name = Annotated[str, typer.Option("--name", help="What the network is called.")]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("deploy")(deploy)


def deploy(
    founders: Founders,
    rpc: options.Rpc,
    out: Out,
    account: DeployerKeystore = None,
    name: Name = "portseal",
    finality: options.Finality = "checkpoint",
    passphrase_file: options.PassphraseFile = None,
) -> None:
    """Deploy the registries and write the network file.

    Run again, it checks what is there and goes on where it was interrupted; it never makes a second set of contracts.
    """
    # Only here: web3 takes seconds to load.
    from api.cli.deployment import deployed

    network = deployed(out, founders, rpc, name, finality, account, lambda: given(passphrase_file))
    output.fields(
        [
            ("network", f"{network.name}, chain {network.chain_id}, genesis 0x{network.genesis_hash.hex()}"),
            *((one, contract.address) for one, contract in network.contracts.items()),
            ("deployed at", f"block {network.deployed_at}"),
            ("finality", network.finality.name),
            ("file", out),
        ]
    )
