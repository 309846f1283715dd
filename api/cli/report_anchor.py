"""`portseal report anchor`: have a report anchored, and keep the proof in its file."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli import options, output
from api.cli.client import Client
from api.cli.ending import Ending
from api.moment import show
from ledger.errors import Unavailable
from verifier.evidence_file import EvidenceFile
from verifier.evidence_reading import read_evidence
from verifier.signed_report.anchor import proved_anchor
from verifier.signed_report.file import ReportFile
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots

_POLL_SECONDS = 0.5
_NOT_YET = 2

File = Annotated[Path, typer.Argument(help="The report's file.", exists=True, dir_okay=False)]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Where to write it; in place of FILE.", dir_okay=False)]
Wait = Annotated[int, typer.Option("--wait", help="Seconds to wait for the anchor to be final.", min=0)]
Trust = Annotated[
    Path | None,
    typer.Option("--trust", help="Trust roots that it is for: hand-overs since go in.", exists=True, dir_okay=False),
]


def anchor(
    file: File,
    out: Out = None,
    wait: Wait = 60,
    trust: Trust = None,
    node: options.Node = None,
    api_key: options.ApiKey = None,
) -> None:
    """Anchor a report at the node that made it. Ends with 0 once the proof is in the file, 2 if it is not final yet.

    `portseal report check FILE --trust TRUST` says then, without any node, by when the report existed.
    """
    client, roots = Client(node, api_key), read_trust(trust.read_bytes()) if trust else None
    report = ReportFile.read(file.read_bytes())
    standing = _standing(client, ReportFile(report.jws, report.proof), wait)
    if standing["state"] != "final":
        output.note(f"report {report.digest.hex()}: {standing['state']}; ask again for the proof, nothing is lost")
        raise Ending(_NOT_YET)
    evidence = _evidence(client, report.digest, roots)
    _write(out or file, ReportFile(report.jws, report.proof, evidence).encode())
    anchored_at = standing["transaction"]["block_time"]
    output.note(f"{out or file}: report {report.digest.hex()} is anchored since {show(anchored_at)}")


def _standing(client: Client, report: ReportFile, wait: int) -> dict[str, Any]:
    deadline = time.monotonic() + wait
    standing: dict[str, Any] = client.post("/v1/reports", report.to_json())
    while standing["state"] != "final" and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        standing = client.get(f"/v1/reports/{report.digest.hex()}")
    return standing


def _evidence(client: Client, digest: bytes, roots: TrustRoots | None) -> EvidenceFile:
    params = {"trusted_block": str(roots.block)} if roots else {}
    evidence = read_evidence(client.request("GET", f"/v1/reports/{digest.hex()}/evidence", params=params).content)
    if evidence.digest != digest:
        raise Unavailable("node.answer", "the node gave evidence of something else", mend="ask another node")
    if roots:
        # Now, and not in court: nobody there could do anything about it.
        proved_anchor(digest, evidence, roots)
    return evidence


def _write(path: Path, data: bytes) -> None:
    # A report is never there by half.
    partial = path.with_name(f"{path.name}.new")
    partial.write_bytes(data)
    partial.replace(path)
