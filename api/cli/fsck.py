"""`portseal fsck`: on the node's machine, check every invariant of its database, chain and stores; mend what can be."""

import json as json_text
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import options, output
from api.cli.ending import Ending
from ledger.errors import Refused

if TYPE_CHECKING:
    from anchors.fsck.examination import Examination, Told

Quick = Annotated[bool, typer.Option("--quick", help="Read no payloads: only what is said of them.")]
Repair = Annotated[bool, typer.Option("--repair", help="Mend what has one right way; the node must be stopped.")]
_PAUSE = 2.0


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("fsck")(fsck)


def fsck(
    home: options.Home = options.DEFAULT_HOME,
    quick: Quick = False,
    repair: Repair = False,
    json: options.Json = False,
    passphrase_file: options.PassphraseFile = None,
) -> None:
    """Check every invariant of a node. Ends with 0 all whole or mended, 1 something is wrong, 2 something unchecked."""
    examination = _examine(home, passphrase_file, quick=quick, repair=repair, json=json)
    raise Ending(examination.exit_code)


def _examine(home: Path, passphrase_file: Path | None, *, quick: bool, repair: bool, json: bool) -> "Examination":
    # Only here: web3 and SQLAlchemy take seconds to load.
    from anchors.fsck.examination import Examination
    from anchors.fsck.quiet import await_quiet
    from api.examining import parts_of
    from api.settings import Settings

    examination, show = Examination(), _Json() if json else _Text()
    with parts_of(Settings(home=home, passphrase_file=passphrase_file), quick=quick) as parts:
        if repair:
            if parts.runs:
                raise Refused("fsck.node-runs", "the node runs", mend="stop it first; without --repair it may run")
            await_quiet(parts.scene.database)
        for told in examination.run(parts.scene, repair=repair, progress=_Progress()):
            show.finding(told)
    show.end(examination)
    return examination


class _Progress:
    def __init__(self) -> None:
        self._next = time.monotonic() + _PAUSE

    def __call__(self, name: str, count: int) -> None:
        if time.monotonic() >= self._next:
            output.note(f"{name}: {count} looked at")
            self._next = time.monotonic() + _PAUSE


class _Text:
    def finding(self, told: "Told") -> None:
        """Print one line."""
        found = told.finding
        line = f"{found.code}  {found.where}: {found.detail}. {_what_to_do(told)}"
        output.line(line, "green" if told.repaired else "red")

    def end(self, examination: "Examination") -> None:
        """Print what was looked at."""
        for name, fault in examination.unchecked.items():
            output.error(fault)
            output.line(f"{name} could not be checked.", "red")
        counts = ", ".join(f"{count} {name}" for name, count in examination.looked_at.items() if count)
        found = sum(examination.found.values())
        output.line(f"Looked at {counts or 'nothing'}; {found} findings, {examination.left} of them left.")


class _Json:
    """One JSON object, written as things are found: there may be more of them than fit into memory."""

    def __init__(self) -> None:
        self._before = '{"findings": ['

    def finding(self, told: "Told") -> None:
        """Write one member of `findings`."""
        sys.stdout.write(self._before + "\n" + json_text.dumps(_members(told), ensure_ascii=False))
        self._before = ","

    def end(self, examination: "Examination") -> None:
        """Write the rest."""
        unchecked = {name: {"code": one.code, "detail": one.detail} for name, one in examination.unchecked.items()}
        rest = {"looked_at": dict(examination.looked_at), "unchecked": unchecked, "left": examination.left}
        opening = "" if self._before == "," else self._before
        sys.stdout.write(f"{opening}\n], " + json_text.dumps(rest, ensure_ascii=False)[1:] + "\n")


def _members(told: "Told") -> dict[str, Any]:
    found = told.finding
    return {
        "code": found.code,
        "where": found.where,
        "detail": found.detail,
        "what_to_do": _what_to_do(told),
        "repairable": found.repair is not None,
        "repaired": told.repaired,
    }


def _what_to_do(told: "Told") -> str:
    if told.repaired:
        return "Mended."
    if told.fault is not None:
        return f"It could not be mended ({told.fault.code}: {told.fault.detail})."
    sentence = told.finding.mend or "run `portseal fsck --repair` with the node stopped"
    return sentence[:1].upper() + sentence[1:] + "."
