"""Options that several commands share."""

import re
from pathlib import Path
from typing import Annotated

import typer

Node = Annotated[str | None, typer.Option("--node", help="The node's address.", envvar="PORTSEAL_NODE")]
ApiKey = Annotated[
    str | None,
    typer.Option("--api-key", help="API key; better by the environment.", envvar="PORTSEAL_API_KEY"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Key = Annotated[Path, typer.Option("--key", help="Keystore of the private key.", exists=True, dir_okay=False)]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        help="File that holds the keystore's passphrase; otherwise PORTSEAL_PASSPHRASE, otherwise asked.",
        envvar="PORTSEAL_PASSPHRASE_FILE",
        exists=True,
        dir_okay=False,
    ),
]
Rpc = Annotated[
    list[str],
    typer.Option("--rpc", help="Address of a node of the chain; repeat for more: all go into the network file."),
]
Finality = Annotated[
    str, typer.Option("--finality", help="`checkpoint`, or a file with the `finality` member of a network file.")
]
Kubo = Annotated[
    str | None,
    typer.Option("--kubo", help="Address of the Kubo node that keeps the payloads.", envvar="PORTSEAL_KUBO"),
]
At = Annotated[str | None, typer.Option("--at", help="As of this time: RFC 3339, or seconds since the epoch.")]
KnownAt = Annotated[str | None, typer.Option("--known-at", help="As it was known at this time.")]
Trust = Annotated[
    Path | None,
    typer.Option("--trust", help='File of keys to trust: {"cn.customs": [JWK, ...]}.', exists=True, dir_okay=False),
]
Proofs = Annotated[bool, typer.Option("--proofs", help="Get and check the storage proofs too.")]
Programme = Annotated[str, typer.Option("--programme", help="aeo, origin or ebl.")]
From = Annotated[str | None, typer.Option("--from", help="From this time on: RFC 3339; now without it.")]
Until = Annotated[str | None, typer.Option("--until", help="Until this time, exclusive; without end without it.")]
Reason = Annotated[int, typer.Option("--reason", help="A code of the published table; 0 states none.", min=0)]
Home = Annotated[Path, typer.Option("--home", help="The node's folder.", envvar="PORTSEAL_HOME", file_okay=False)]
DEFAULT_HOME = Path("~/.portseal")


def digest_argument(text: str) -> str:
    """Check a digest before it becomes part of an address. Raises typer.BadParameter."""
    if not re.fullmatch(r"[0-9a-f]{64}", text.lower()):
        raise typer.BadParameter("a digest has 64 hex characters")
    return text.lower()
