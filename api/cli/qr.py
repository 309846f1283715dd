"""`portseal qr`: a document's QR code, as an image or on a page to print."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli import options, output
from api.cli.client import Client

Digest = Annotated[
    str, typer.Argument(help="The document's digest, 64 hex characters.", callback=options.digest_argument)
]
By = Annotated[
    Literal["value", "link"], typer.Option("--by", help="A signed statement with its proof, or a link to the node.")
]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write it: a name that ends with .png, .svg or .pdf.")]
_FORMATS = ("png", "svg", "pdf")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("qr")(qr)


def qr(digest: Digest, out: Out, by: By = "value", node: options.Node = None, api_key: options.ApiKey = None) -> None:
    """Write the QR code of a document of yours, or of one that you may read.

    By value it works without a network, and can be made after the hour of its anchor.
    """
    format_ = out.suffix.removeprefix(".").lower()
    if format_ not in _FORMATS:
        raise typer.BadParameter(f"the file's name has to end with one of {', '.join('.' + one for one in _FORMATS)}")
    path, params = f"/v1/documents/{digest}/qr", {"form": by, "format": format_}
    answer = Client(node, api_key).request("GET", path, params=params)
    out.write_bytes(answer.content)
    output.note(f"{out}: {len(answer.content)} bytes")
