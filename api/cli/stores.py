"""`portseal stores` and `portseal audit`: on the node's machine, what the payload stores hold, and a look at all of it.

Both read the node's settings from the environment, as `serve` does; the node may run meanwhile.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from api.cli import options, output
from api.cli.ending import Ending
from api.home import Home
from ledger.errors import Unavailable

if TYPE_CHECKING:
    from anchors.database import Database
    from anchors.replicas.audit_now import Found
    from anchors.replicas.record import Listing
    from anchors.replicas.replicas import Replicas
    from anchors.replicas.survey import Holding
    from anchors.stores.known_store import KnownStore

_UNAVAILABLE = 2


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("stores")(stores)
    app.command("audit")(audit)


def stores(home: options.Home = options.DEFAULT_HOME, json: options.Json = False) -> None:
    """Show the payload stores: whether each works, what it holds and lacks, when it was last looked through."""
    from anchors.replicas.survey import no_longer_named, survey

    with _opened(home) as (database, replicas):
        states = {store.name: _state(store) for store in replicas.stores}
        found = survey(database, replicas.stores, replicas.wanted)
        former = no_longer_named(database, replicas.stores)
    below = sum(found.below.values())
    if json:
        rows = [
            {"store": name, "state": states[name], **{listing: _members(one) for listing, one in listings.items()}}
            for name, listings in found.stores.items()
        ]
        output.as_json({"wanted": replicas.wanted, "stores": rows, "too_few": found.below, "former": former})
    else:
        columns = ("store", "state", "of", "holds", "lacks", "last whole audit")
        table = [
            (name, states[name], listing, one.held, one.lacking, _when(one))
            for name, listings in found.stores.items()
            for listing, one in listings.items()
        ]
        output.table(f"Stores; {replicas.wanted} must hold each payload", columns, table)
        output.fields([("used before, not named now", ", ".join(former)), ("with too few replicas", below or None)])
    if below:
        raise Ending(_UNAVAILABLE)


def audit(home: options.Home = options.DEFAULT_HOME, json: options.Json = False) -> None:
    """Fetch and hash all that each store should hold, and bring what is missing or damaged from a good replica.

    Exit code 2 if a store did not answer, or something has fewer replicas than are wanted at the end.
    """
    from anchors.replicas.audit_now import AuditNow
    from anchors.replicas.survey import survey

    with _opened(home) as (database, replicas):
        found = AuditNow(database, replicas, _progress).run()
        below = survey(database, replicas.stores, replicas.wanted).below
    _show(found, below, json=json)
    if sum(below.values()) or any(one.fault for one in found.values()):
        raise Ending(_UNAVAILABLE)


@contextmanager
def _opened(home: Path) -> "Iterator[tuple[Database, Replicas]]":
    # Only here: SQLAlchemy and Alembic take a second to load.
    from anchors.database import Database, upgrade
    from api.settings import Settings
    from api.stores import open_stores

    folder = Home(home.expanduser())
    folder.check_whole()
    settings = Settings(home=folder.path)
    database = Database(settings.database_address())
    try:
        upgrade(database)
        opened = open_stores(settings, folder, database)
        try:
            yield database, opened.replicas
        finally:
            for close in opened.closing:
                close()
    finally:
        database.close()


def _state(store: "KnownStore") -> str:
    try:
        store.check()
    except Unavailable as error:
        return f"{error.code}: {error.detail}"
    return "works"


def _members(holding: "Holding") -> dict[str, Any]:
    return {"held": holding.held, "lacking": holding.lacking, "last_pass": _pass_members(holding)}


def _pass_members(holding: "Holding") -> dict[str, Any] | None:
    return asdict(holding.last_pass) if holding.last_pass else None


def _when(holding: "Holding") -> str:
    if holding.last_pass is None:
        return "never"
    ended = datetime.fromtimestamp(holding.last_pass.ended_at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{ended}, in {holding.last_pass.seconds} s"


def _progress(store: "KnownStore", listing: "Listing", reached: int, last: int) -> None:
    output.note(f"{store.name}: {listing.name} up to {reached} of {last}")


def _show(found: "dict[str, Found]", below: Mapping[str, int], *, json: bool) -> None:
    if json:
        rows = [
            {"store": name, **(vars(one) | {"fault": one.fault.code if one.fault else None})}
            for name, one in found.items()
        ]
        output.as_json({"stores": rows, "too_few": below})
        return
    columns = ("store", "looked at", "bytes", "missing", "damaged", "brought", "in no store whole")
    shown = [
        (name, one.count, one.size, one.missing, one.damaged, one.brought, one.lost) for name, one in found.items()
    ]
    output.table("Audit", columns, shown)
    for one in found.values():
        if one.fault:
            output.error(one.fault)
    if sum(below.values()):
        output.line(f"{sum(below.values())} have fewer replicas than are wanted.", "red")
