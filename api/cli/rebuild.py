"""`portseal rebuild`: on the node's machine, an empty database again from chain, manifests and payload stores."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import options, output
from api.cli.ending import Ending
from ledger.errors import Refused

if TYPE_CHECKING:
    from anchors.rebuild.orphans import Orphan
    from anchors.rebuild.rebuild import Rebuilt
    from api.examining import Parts

Accounts = Annotated[
    list[str] | None,
    typer.Option("--account", help="Another account with which this node has anchored; repeat for more."),
]
_PAUSE = 2.0


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("rebuild")(rebuild)


def rebuild(
    home: options.Home = options.DEFAULT_HOME,
    account: Accounts = None,
    json: options.Json = False,
    passphrase_file: options.PassphraseFile = None,
) -> None:
    """Rebuild a lost database. Ends with 0, or with 1 if something that this node has anchored could not be found."""
    result = _rebuilt(home, account or [], passphrase_file)
    if json:
        output.as_json(result)
    else:
        _show(result)
    raise Ending(1 if result["wrong"] else 0)


def _rebuilt(home: Path, earlier: Sequence[str], passphrase_file: Path | None) -> dict[str, Any]:
    # Only here: web3 and SQLAlchemy take seconds to load.
    from anchors.rebuild.finality import prove
    from anchors.rebuild.orphans import orphans
    from anchors.rebuild.rebuild import Rebuild
    from api.bootstrap import finality_of
    from api.examining import parts_of
    from api.settings import Settings

    began = time.monotonic()
    with parts_of(Settings(home=home, passphrase_file=passphrase_file)) as parts:
        if parts.runs:
            raise Refused("rebuild.node-runs", "the node runs", mend="stop it, and move its damaged database away")
        scene = parts.scene
        accounts = scene.accounts | set(earlier)
        work = Rebuild(scene.database, scene.chain, scene.documents, scene.fetch, accounts, scene.deployed_at)
        rebuilt = work.run(_Progress())
        finality = finality_of(parts.home, parts.custody, parts.network, scene.database, parts.registries)
        waiting = prove(scene.database, scene.chain, finality, int(time.time()))
        left = [_orphan(one) for one in orphans(scene.database, scene.stores)]
        found = _members(parts, rebuilt)
    return found | {"not_final_yet": waiting, "orphans": left, "seconds": round(time.monotonic() - began, 1)}


class _Progress:
    def __init__(self) -> None:
        self._next = time.monotonic() + _PAUSE

    def __call__(self, index: int) -> None:
        if time.monotonic() >= self._next:
            output.note(f"anchoring {index}")
            self._next = time.monotonic() + _PAUSE


def _members(parts: "Parts", rebuilt: "Rebuilt") -> dict[str, Any]:
    last = rebuilt.last
    return {
        "batches": rebuilt.batches,
        "documents": rebuilt.documents,
        "reports": rebuilt.reports,
        "last_anchoring": {"block": last.block_number, "time": last.anchored_at} if last else None,
        "others": [{"account": name, "of": _holder(parts, name), **vars(one)} for name, one in rebuilt.others.items()],
        "wrong": [
            {"code": error.code, "root": one.root.hex(), "block": one.block_number, "detail": error.detail}
            for one, error in rebuilt.wrong
        ],
        "cannot_list": [store.name for store in parts.scene.stores if store.roots() is None],
    }


def _holder(parts: "Parts", account: str) -> str | None:
    held = parts.registries.authority.account(account)
    return held[0] if held else None


def _orphan(one: "Orphan") -> dict[str, Any]:
    named = {"digest": one.digest.hex() if one.digest else None, "registrant_kid": one.kid, "manifest_of": one.size}
    return {"cid": str(one.cid), "store": one.store} | {name: part for name, part in named.items() if part is not None}


def _show(result: dict[str, Any]) -> None:
    last = result["last_anchoring"]
    output.fields(
        [
            ("batches", result["batches"]),
            ("documents", result["documents"]),
            ("reports", result["reports"]),
            ("not final yet", f"{result['not_final_yet']} transactions; the node goes on with them"),
            ("last anchoring", f"block {last['block']}, {_moment(last['time'])}" if last else "none"),
            ("seconds", result["seconds"]),
        ]
    )
    output.line("What was accepted after the last anchoring, and not anchored, is lost with the database.")
    if result["others"]:
        rows = [
            (one["account"], one["batches"], one["found"], one["missing"], one["wrong"]) for one in result["others"]
        ]
        output.table(
            "Anchored by other accounts, left alone (--account takes one's batches in)",
            ("account", "of", "batches", "manifests here", "not here", "wrong"),
            rows,
        )
    for one in result["wrong"]:
        output.line(f"{one['code']}  batch {one['root']} of block {one['block']}: {one['detail']}", "red")
    for one in result["orphans"]:
        what = (
            f"payload of document {one['digest']}" if "digest" in one else "manifest" if "manifest_of" in one else "?"
        )
        output.line(f"orphan  {one['cid']} in {one['store']}: {what}, never anchored as far as is known here")
    for name in result["cannot_list"]:
        output.line(f"The store {name} cannot list what it has, so nothing is said of its orphans.")


def _what(orphan: dict[str, Any]) -> str:
    if "digest" in orphan:
        return f"payload of document {orphan['digest']}"
    return f"manifest of {orphan['manifest_of']} leaves" if "manifest_of" in orphan else "neither payload nor manifest"


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
