"""`portseal evidence`: a file with all that a verdict needs and no network."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import options, output
from api.cli.client import Client
from api.cli.verification import Country, Subject, is_digest, read
from ledger.errors import Unavailable
from verifier.evidence_file import EvidenceFile
from verifier.evidence_reading import read_evidence
from verifier.offline import offline
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots

Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write the file.")]
WithoutEnvelope = Annotated[
    bool, typer.Option("--without-envelope", help="Keep the envelope out of the file; it is presented beside it.")
]


OperatorCode = Annotated[
    str | None, typer.Option("--operator-code", help="With a digest of an AEO credential: record this operator too.")
]
Trust = Annotated[
    Path | None,
    typer.Option("--trust", help="Trust roots that it is for: hand-overs since go in.", exists=True, dir_okay=False),
]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("evidence")(evidence)


def evidence(
    subject: Subject,
    out: Out,
    relying_country: Country = None,
    without_envelope: WithoutEnvelope = False,
    trust: Trust = None,
    operator_code: OperatorCode = None,
    node: options.Node = None,
) -> None:
    """Write the evidence of a document: `portseal verify FILE --offline --trust TRUST` needs nothing else."""
    client, roots = Client(node), read_trust(trust.read_bytes()) if trust else None
    asked = {"relying_country": relying_country, "trusted_block": str(roots.block) if roots else None}
    params = {name: value for name, value in asked.items() if value}
    if operator_code and is_digest(subject):
        params["operator_code"] = operator_code
    if is_digest(subject):
        answer = client.request("GET", f"/v1/documents/{subject.lower()}/evidence", params=params)
    else:
        headers = {"Content-Type": "application/dc+sd-jwt"}
        answer = client.request("POST", "/v1/evidence", params=params, content=read(subject), headers=headers)
    file = read_evidence(answer.content)
    if is_digest(subject) and file.digest.hex() != subject.lower():
        raise Unavailable("node.answer", "the node gave evidence of another document", mend="ask another node")
    if roots:
        # Now, and not at the gate: nobody there could do anything about it.
        _check(file, roots)
    if without_envelope:
        file = file.without_envelope()
    data = file.encode()
    out.write_bytes(data)
    output.note(f"{out}: {len(data)} bytes, {len(file.nodes)} nodes of the state, document {file.digest.hex()}")


def _check(file: EvidenceFile, roots: TrustRoots) -> None:
    head = offline(file, roots).sources.facts.head
    try:
        head()
    except Unavailable as error:
        detail = f"the evidence is not proved by these trust roots: {error.detail}"
        raise Unavailable(error.code, detail, mend=error.mend) from None
