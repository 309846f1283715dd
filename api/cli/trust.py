"""`portseal trust`: the trust roots that an offline verifier rests on."""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli import options, output
from api.cli.client import Client
from verifier.trust_reading import read_trust

Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write the file.")]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("trust")(trust)


def trust(out: Out, node: options.Node = None) -> None:
    """Write trust roots from a node. They are as good as it: use your own, or compare the fingerprint.

    `portseal trust update OLD --from EVIDENCE` (or a node) brings them up to date, without having to trust it.
    """
    roots = read_trust(Client(node).request("GET", "/v1/trust").content)
    out.write_text(json.dumps(roots.to_json(), indent=2) + "\n", encoding="utf-8")
    output.note(f"{out}: {roots.network}, chain {roots.chain_id}, {roots.form}, as of block {roots.block}")
    output.line(f"fingerprint {roots.fingerprint}")
    output.note("Whoever gave you this file can make you believe anything. Unless the node is your own, compare the")
    output.note("fingerprint with one that a member of the consortium tells you on another way before you rely on it.")
