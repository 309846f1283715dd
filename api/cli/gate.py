"""`portseal gate`: a device at the gate, which has no line: enrol it, look at what it answered, hand that in later."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli import options, output
from api.cli.client import Client
from api.device.device import Device
from api.device.verdicts import KeptVerdict, Verdicts
from ledger.compact_jws import read
from ledger.errors import Unavailable
from ledger.jwk import Algorithm
from ledger.offline_verdict import LIMITS, TYPE
from ledger.private_key import PrivateKey
from ledger.strict_json import parse

AT_ONCE = 500
Folder = Annotated[Path, typer.Option("--dir", help="The device's folder.")]
Trust = Annotated[Path, typer.Option("--trust", help="Trust roots: `portseal trust`.", exists=True, dir_okay=False)]
Customs = Annotated[str, typer.Option("--by", help="The customs whose packs it takes, such as cn.customs.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(help="A device at the gate, without a line.", no_args_is_help=True)
    group.command("enrol")(enrol)
    group.command("trust")(trust)
    group.command("verdicts")(verdicts)
    group.command("upload")(upload)
    app.add_typer(group, name="gate")


def enrol(folder: Folder, file: Trust, by: Customs, json: options.Json = False) -> None:
    """Make a device's folder: trust roots, whose packs it takes, and a new key that signs what it answers."""
    key = PrivateKey.generate(Algorithm.ED25519)
    device = Device.enrol(folder, by, file.read_bytes(), key)
    public = key.public_key
    if json:
        output.as_json({"kid": public.kid, "jwk": public.jwk(), "trust": device.roots.fingerprint})
        return
    output.fields([("device key", public.kid), ("takes packs of", by), ("trust roots", device.roots.fingerprint)])


def trust(folder: Folder, file: Trust) -> None:
    """Give the device newer trust roots of the same network; compare the fingerprint as when it was enrolled."""
    device = Device(folder)
    device.trust(file.read_bytes())
    output.fields([("trust roots", device.roots.fingerprint), ("as of block", device.roots.block)])


def verdicts(folder: Folder, json: options.Json = False) -> None:
    """Show what the device has answered."""
    kept = [(one, _claims(one)) for one in Verdicts(Device(folder)).all()]
    if json:
        output.as_json([{**claims, "uploaded": one.uploaded} for one, claims in kept])
        return
    rows = [_row(one, claims) for one, claims in kept]
    output.table("Verdicts", ("number", "at", "authentic", "usable", "digest", "pack", "handed in"), rows)


def upload(folder: Folder, node: options.Node = None, json: options.Json = False) -> None:
    """Hand in what was answered without a line; show which verdicts the newest facts contradict."""
    log, client = Verdicts(Device(folder)), Client(node)
    answers: list[dict[str, Any]] = []
    while waiting := log.waiting(AT_ONCE):
        lines = client.post_lines("/v1/offline-verdicts", _ndjson(waiting), {})
        told = [one for one in map(_parsed, lines) if "number" in one]
        if [one["number"] for one in told] != [one.number for one in waiting]:
            detail = "the node did not take all that was sent"
            raise Unavailable("node.answer", detail, mend="hand them in again: what it has is not taken twice")
        log.uploaded(one["number"] for one in told)
        answers += told
    if json:
        output.as_json(answers)
        return
    wrong = [one for one in answers if one["contradicted"]]
    output.note(f"{len(answers)} verdicts handed in, {len(wrong)} of them contradicted by what is known now")
    for one in wrong:
        given, reasons = one["given"]["usable"], ", ".join(one["reasons"])
        output.line(f"number {one['number']}: {one['digest']}: {given} then, {one['now']} now ({reasons})", "red")


def _ndjson(waiting: Any) -> Iterator[bytes]:
    yield from (one.line.encode("ascii") + b"\n" for one in waiting)


def _parsed(line: str) -> dict[str, Any]:
    found = parse(line.encode()) if line else {}
    return found if isinstance(found, dict) else {}


def _claims(one: KeptVerdict) -> dict[str, Any]:
    return read(one.line, TYPE, LIMITS).claims


def _row(one: KeptVerdict, claims: dict[str, Any]) -> tuple[Any, ...]:
    verdict = claims["verdict"]
    digest = (verdict["digest"] or "")[:16]
    stated = (verdict["authentic"], verdict["usable"], digest)
    return one.number, claims["at"], *stated, claims["pack"]["number"], "yes" if one.uploaded else "no"
