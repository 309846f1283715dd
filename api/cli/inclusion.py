"""`portseal inclusion`: the file that dates a document at a gate that has an edge pack, in place of evidence."""

from pathlib import Path
from typing import Annotated

import typer

from anchors.inclusion import Inclusion, read_inclusion
from api.cli import gate_files, options, output
from api.cli.client import Client
from api.cli.verification import is_digest, read
from ledger.errors import Invalid, Unavailable
from verifier.subject import Subject

Document = Annotated[str, typer.Argument(help="The envelope's file, or its digest (64 hex). Only the digest is sent.")]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="Where to write it; beside the envelope's file without it.")
]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("inclusion")(inclusion)


def inclusion(document: Document, out: Out = None, node: options.Node = None) -> None:
    """Write a document's place in its batch and hour; `portseal verify FILE --pack DIR` finds it beside the envelope.

    It can be had once the hour of the document's anchor is over. Until then: `portseal evidence`.
    """
    is_named = is_digest(document)
    if out is None and (is_named or document == "-"):
        raise typer.BadParameter("say with -o where the file goes: there is no envelope to put it beside")
    digest = document.lower() if is_named else _digest_of(document)
    answer = Client(node).request("GET", f"/v1/documents/{digest}/inclusion")
    _check(read_inclusion(answer.content), digest)
    file = out or gate_files.beside(Path(document), gate_files.INCLUSION)
    file.write_bytes(answer.content)
    output.note(f"{file}: {len(answer.content)} bytes, document {digest}")


def _digest_of(name: str) -> str:
    subject = Subject.presented(read(name).strip(b" \t\r\n"))
    if subject.digest is None:
        raise Invalid("envelope.form", f"{name} holds no envelope", mend="name the envelope's file, or its digest")
    return subject.digest.hex()


def _check(found: Inclusion, digest: str) -> None:
    # Now, and not at the gate: nobody there could do anything about it. The hour's root is in the gate's pack only.
    if found.digest.hex() != digest or not found.is_in_batch:
        detail = "the node gave the place of another document, or a path that leads nowhere"
        raise Unavailable("node.answer", detail, mend="ask another node")
