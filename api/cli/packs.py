"""`portseal pack`: what a device at the gate takes along, made on the node's machine, fetched by the device."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli import options, output
from api.cli.client import Client
from api.device.device import Device
from ledger.errors import Invalid, Refused
from ledger.strict_json import Limits, parse
from verifier.pack.file import read_file
from verifier.pack.head import PackHead, pack_hash, read_head
from verifier.pack.limits import DEFAULT, StaleLimits, read_limits

Folder = Annotated[Path, typer.Option("--dir", help="The device's folder: `portseal gate enrol`.")]
File = Annotated[Path, typer.Argument(help="The pack's file, whole or a delta.", exists=True, dir_okay=False)]
LimitsFile = Annotated[
    Path | None,
    typer.Option("--limits", help="How old the pack may be, by risk and kind: JSON.", exists=True, dir_okay=False),
]
Days = Annotated[int, typer.Option("--days", help="For how many days back hour roots are carried.", min=1)]
Number = Annotated[
    int, typer.Option("--number", help="The least number that it may have: after a database was lost.", min=1)
]
_LIMITS = Limits(max_bytes=64 * 1024, max_depth=5, max_members=1_000)
_DAY_HOURS = 24


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(help="Edge packs: all of the registries for a gate without a line.", no_args_is_help=True)
    group.command("make")(make)
    group.command("fetch")(fetch)
    group.command("apply")(apply)
    group.command("show")(show)
    app.add_typer(group, name="pack")


def make(
    home: options.Home = options.DEFAULT_HOME,
    days: Days = 120,
    limits: LimitsFile = None,
    number: Number = 1,
    json: options.Json = False,
    passphrase_file: options.PassphraseFile = None,
) -> None:
    """Make the next pack, on the node's machine, as of the newest final block. Run it every hour, say."""
    stated = read_limits(parse(limits.read_bytes(), _LIMITS), "") if limits else DEFAULT
    head, hash_ = _made(home, days, stated, number, passphrase_file)
    _show(head, hash_, json)


def fetch(folder: Folder, node: options.Node = None, json: options.Json = False) -> None:
    """Fetch what is new from a node, and take it. The node need not be believed: the pack proves itself."""
    device, client = Device(folder), Client(node)
    held = device.held
    try:
        path, params = ("/v1/packs/delta", {"from": held[0]}) if held else ("/v1/packs/latest", {})
        data = client.request("GET", path, params=params).content
    except Refused as error:
        if held is None or error.code not in ("pack.nothing-new", "pack.unknown"):
            raise
        data = client.request("GET", "/v1/packs/latest").content
    try:
        pack = device.apply(data)
    except Refused as error:
        if error.code != "pack.other-base":
            raise
        pack = device.apply(client.request("GET", "/v1/packs/latest").content)
    output.note(f"{len(data)} bytes")
    _show(pack.head, pack.hash, json)


def apply(file: File, folder: Folder, json: options.Json = False) -> None:
    """Take a pack from a file: whole, or what was added to the one that the device holds."""
    pack = Device(folder).apply(file.read_bytes())
    _show(pack.head, pack.hash, json)


def show(
    file: Annotated[Path | None, typer.Argument(help="A file, as it states itself; without one, the device's.")] = None,
    folder: Annotated[Path | None, typer.Option("--dir", help="The device's folder.")] = None,
    json: options.Json = False,
) -> None:
    """Show a pack: the one that a device holds, checked, or what a file says of itself, unchecked."""
    if file is not None:
        text = read_file(file.read_bytes()).head
        head, hash_ = read_head(text)[0], pack_hash(text)
        output.note("Not checked: this is what the file says of itself.")
    elif folder is not None:
        pack = Device(folder).pack
        head, hash_ = pack.head, pack.hash
    else:
        raise Invalid("pack.which", "neither a file nor a device is named", mend="give a file, or --dir")
    _show(head, hash_, json)


def _made(
    home: Path, days: int, limits: StaleLimits, number: int, passphrase_file: Path | None
) -> tuple[PackHead, bytes]:
    # Only here: web3 and SQLAlchemy take seconds to load.
    from api.bootstrap import finality_of
    from api.examining import parts_of
    from api.pack_office import PackOffice
    from api.settings import Settings
    from verifier.finality_facts import FinalityFacts
    from verifier.pack.making import PackMaker
    from verifier.trust_making import trust_roots

    with parts_of(Settings(home=home, passphrase_file=passphrase_file)) as parts:
        chain, database, now = parts.scene.chain, parts.scene.database, int(time.time())
        finality = finality_of(parts.home, parts.custody, parts.network, database, parts.registries)
        proof = finality.newest()
        if proof is None:
            raise Refused("pack.not-final", "no block is final yet", mend="start the node, and try again")
        facts = FinalityFacts(chain, parts.registries.authority, parts.network.finality)
        block = chain.block(proof.number)
        roots = trust_roots(parts.network, parts.registries.authority, block or chain.head())
        by = parts.home.authority.read_text(encoding="ascii").strip()
        maker = PackMaker(chain, parts.network, finality.newest, facts.judge, by, parts.custody.answers_key())
        hours_from = now // 3_600 - days * _DAY_HOURS
        pack = PackOffice(database).make(maker, proof, roots, now, limits, max(hours_from, 0), number)
    return pack.head, pack.hash


def _show(head: PackHead, hash_: bytes, json: bool) -> None:
    if json:
        output.as_json({"hash": hash_.hex(), **head.claims()})
        return
    fields: list[tuple[str, Any]] = [
        ("pack", f"number {head.number} of {head.by}"),
        ("hash", hash_.hex()),
        ("as of block", f"{head.block.number}, time {head.block.time}"),
        ("content", f"{head.size} bytes unpacked, {sum(head.counts.values())} changes"),
        ("statuses", head.counts["document-registry.status"]),
        ("hours", f"{head.hours[0]} to {head.hours[1]}"),
        ("trust roots", head.trust.hex()),
    ]
    output.fields(fields)
