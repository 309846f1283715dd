"""`portseal evidence`: a file with all that a verdict needs and no network."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import options, output
from api.cli.client import Client
from api.cli.verification import Country, Subject, is_digest, read
from ledger.errors import Unavailable
from verifier.evidence_reading import read_evidence

Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write the file.")]
WithoutEnvelope = Annotated[
    bool, typer.Option("--without-envelope", help="Keep the envelope out of the file; it is presented beside it.")
]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("evidence")(evidence)


def evidence(
    subject: Subject,
    out: Out,
    relying_country: Country = None,
    without_envelope: WithoutEnvelope = False,
    node: options.Node = None,
) -> None:
    """Write the evidence of a document: `portseal verify FILE --offline --trust TRUST` needs nothing else."""
    client, params = Client(node), {"relying_country": relying_country} if relying_country else {}
    if is_digest(subject):
        answer = client.request("GET", f"/v1/documents/{subject.lower()}/evidence", params=params)
    else:
        headers = {"Content-Type": "application/dc+sd-jwt"}
        answer = client.request("POST", "/v1/evidence", params=params, content=read(subject), headers=headers)
    file = read_evidence(answer.content)
    if is_digest(subject) and file.digest.hex() != subject.lower():
        raise Unavailable("node.answer", "the node gave evidence of another document", mend="ask another node")
    if without_envelope:
        file = file.without_envelope()
    data = file.encode()
    out.write_bytes(data)
    output.note(f"{out}: {len(data)} bytes, {len(file.nodes)} nodes of the state, document {file.digest.hex()}")
