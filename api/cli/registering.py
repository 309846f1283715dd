"""Registering from the command line: lines out, result lines in, progress, and what is shown of them."""

import base64
import json as json_
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.progress import Progress

from api.cli import gate_files, output
from api.cli.client import Client
from api.cli.ending import Ending
from api.cli.verification import read
from ledger.errors import Unavailable
from ledger.strict_json import parse

POLL_SECONDS = 0.25
WAIT_SECONDS = 600
_TERMINAL = {"final", "failed"}


def register(
    client: Client, files: Sequence[str], fields: dict[str, Any], idempotency_key: str | None, lane: str
) -> list[dict[str, Any]]:
    """Send every file as one NDJSON line; return a result for each, in order, with the file's name."""
    headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
    results: list[dict[str, Any]] = []
    with Progress(console=output.err, transient=True) as progress:
        task = progress.add_task("registering", total=len(files))
        for text in client.post_lines(f"/v1/documents?lane={lane}", _lines(files, fields), headers):
            results.append({"file": files[len(results)], **json_.loads(text)})
            progress.advance(task)
    if len(results) != len(files):
        raise Unavailable(
            "node.cut-off",
            f"the node answered {len(results)} of {len(files)} documents",
            mend="send the same files again; with --idempotency-key nothing is registered twice",
        )
    return results


def keep_envelopes(folder: Path, results: Sequence[dict[str, Any]]) -> None:
    """Write each accepted envelope to `DIGEST.sd-jwt` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for result in results:
        if "envelope" in result:
            result["envelope_file"] = str(folder / f"{result['digest']}.sd-jwt")
            Path(result["envelope_file"]).write_text(result["envelope"] + "\n", encoding="ascii")
            if "gate" in result:
                gate_files.keep(Path(result["envelope_file"]), base64.b64decode(result["gate"]))


def wait_until_final(client: Client, results: list[dict[str, Any]]) -> None:
    """Poll until each accepted document is final or failed; put what the node says into the results."""
    waiting = [result for result in results if result["status"] == 202]
    deadline = time.monotonic() + WAIT_SECONDS
    with Progress(console=output.err, transient=True) as progress:
        task = progress.add_task("until final", total=len(waiting))
        for result in waiting:
            while (document := client.get(f"/v1/documents/{result['digest']}"))["state"] not in _TERMINAL:
                if time.monotonic() > deadline:
                    raise Unavailable("node.slow", "not final in time", mend="ask later with `portseal status`")
                time.sleep(POLL_SECONDS)
            result.update(state=document["state"], block=document.get("transaction", {}).get("block_number"))
            progress.advance(task)


def report(results: list[dict[str, Any]], *, json: bool) -> None:
    """Print the results; ends with 1 if one was not accepted."""
    if json:
        output.as_json(results)
    else:
        for result in results:
            _show_result(result)
    if any(result["status"] != 202 or result.get("state") == "failed" for result in results):
        raise Ending(1)


def show(document: dict[str, Any]) -> None:
    """Print the state of one document."""
    failure = document.get("failure") or {}
    transaction = document.get("transaction") or {}
    batch = document.get("batch") or {}
    output.fields(
        [
            ("digest", document["digest"]),
            ("state", document["state"]),
            ("issuer", document["issuer"]),
            ("kind", document["kind"]),
            ("status", document["status"]["now"]),
            ("status then", (document["status"].get("then") or {}).get("status")),
            ("accepted at", document["accepted_at"]),
            ("failed", failure.get("detail")),
            ("batch root", batch.get("root")),
            ("leaf", f"{batch['index'] + 1} of {batch['size']}" if batch else None),
            ("transaction", transaction.get("hash")),
            ("block", transaction.get("block_number")),
            ("final by", (document.get("finality") or {}).get("form")),
            ("payload", document["payload_cid"]),
        ]
    )


def _lines(files: Sequence[str], fields: dict[str, Any]) -> Iterator[bytes]:
    for name in files:
        content = read(name)
        line = dict(fields)
        if content.lstrip()[:1] == b"{":
            line["document"] = parse(content)
        else:
            line["envelope"] = content.decode("ascii", "replace").strip()
            for name_of_document in ("kind", "issuer"):
                line.pop(name_of_document, None)
            if gate := gate_files.read(name):
                line["gate"] = base64.b64encode(gate).decode("ascii")
        yield json_.dumps(line, ensure_ascii=False).encode() + b"\n"


def _show_result(result: dict[str, Any]) -> None:
    if result["status"] == 202:
        output.line(f"{result['file']}: {result['state']}  {result['digest']}")
        if "envelope_file" in result:
            output.line(f"  envelope {result['envelope_file']}")
        for warning in result["warnings"]:
            output.line(f"  warning {warning}", style="yellow")
    else:
        problem = result["problem"]
        where = f" at {problem['pointer']}" if "pointer" in problem else ""
        output.line(f"{result['file']}: refused, {problem['code']}{where}: {problem['detail']}", style="red")
        if problem.get("mend"):
            output.line(f"  What to do: {problem['mend']}")
