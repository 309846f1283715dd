"""`portseal changes | operator-list`: what changed in the registries, and whole lists that are checked against it."""

import json as json_text
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from api.cli import options, output
from api.cli.client import Client
from ledger.errors import Unavailable

_PAUSE = 1.0
_PAGE = 1000
After = Annotated[str | None, typer.Option("--after", help="Only what came after this cursor.")]
Follow = Annotated[bool, typer.Option("--follow", help="Go on: print changes as they happen.")]
Registry = Annotated[str | None, typer.Option("--registry", help="Only of this registry (operator-registry, ...).")]
Country = Annotated[str | None, typer.Option("--country", help="Only what names this country.")]
Authority = Annotated[str, typer.Argument(help="The customs authority's id.")]
Out = Annotated[Path | None, typer.Option("--out", help="Keep the list in this file.", dir_okay=False)]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("changes")(changes)
    app.command("operator-list")(operator_list)


def changes(
    after: After = None,
    follow: Follow = False,
    registry: Registry = None,
    country: Country = None,
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Show every change of the registries, oldest first; with --json one object a line, each with its cursor."""
    client = Client(node)
    chosen = {"registry": registry, "country": country}
    cursor = after
    for page in _pages(client, after, chosen):
        for change in page["changes"]:
            _show(change, json)
        cursor = page["after"]
    if follow:
        _follow(client, cursor, chosen, json)


def operator_list(authority: Authority, out: Out = None, node: options.Node = None, json: options.Json = False) -> None:
    """Get all operators of an authority, and check that the registry's changes make just this list."""
    # Only here: it loads what reads the chain.
    from api.list_check import check_operators, read_change, read_lines

    client = Client(node)
    headers = {"Accept": "application/x-ndjson"}
    data = client.request("GET", f"/v1/operators/{quote(authority, safe='')}", headers=headers).content
    lines, summary = read_lines(data)
    pages = _pages(client, None, {"registry": "operator-registry"})
    check_operators(lines, summary, [read_change(change) for page in pages for change in page["changes"]])
    if out:
        out.write_bytes(data)
    if json:
        output.as_json(summary)
        return
    rows = [(one["code"], one["entries"][-1]["effective_from"], _is_suspended(one)) for one in lines]
    output.table(f"Operators of {authority}", ("code", "since", "suspended"), rows)
    output.line(f"Complete at block {summary['as_of']['block']}: the running hash of the registry's changes agrees.")


def _is_suspended(operator: dict[str, Any]) -> str:
    return "yes" if operator["suspensions"] and operator["suspensions"][-1]["code"] == 1 else ""


def _pages(client: Client, after: str | None, chosen: dict[str, str | None]) -> Iterator[dict[str, Any]]:
    more = True
    while more:
        page: dict[str, Any] = client.get("/v1/changes", after=after, limit=_PAGE, **chosen)
        yield page
        after, more = page["after"], page["more"]


def _follow(client: Client, cursor: str | None, chosen: dict[str, str | None], json: bool) -> None:
    while True:
        try:
            for event in client.events("/v1/changes/stream", cursor, **chosen):
                cursor = event.get("id", cursor)
                if event.get("event") == "change":
                    _show(json_text.loads(event["data"]), json)
                elif event.get("event") == "replaced":
                    output.note(json_text.loads(event["data"])["mend"])
        except Unavailable as error:
            output.error(error)
        time.sleep(_PAUSE)


def _show(change: dict[str, Any], json: bool) -> None:
    if json:
        sys.stdout.write(json_text.dumps(change, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        return
    named = change["about"].get("operator_code") or " ".join(
        str(value) for value in change["members"].values() if isinstance(value, str)
    )
    final = "" if change["final"] else " (not final yet)"
    output.line(f"{change['block_time']}  {change['registry']}.{change['kind']}  {change['what']}  {named}{final}")
