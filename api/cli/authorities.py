"""`portseal authorities`: who they are, with which keys; and for an authority, to enter and end its service keys."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from api.cli import options, output
from api.cli.asking_group import SHOW, asking_group
from api.cli.client import Client
from api.cli.drafting import Draft, Drafting
from api.cli.ids import named, seconds_of, thumbprint_of
from api.cli.public_keys import PublicKeyFile, read_public_key
from api.cli.signing import writes

AuthorityId = Annotated[str | None, typer.Argument(help="The authority's id; all of them without it.")]
Named = Annotated[str, typer.Argument(help="The authority's id.", metavar="AUTHORITY")]
PurposeName = Annotated[str, typer.Argument(help="What the key is for: answers, checkpoints or encryption.")]
Key = Annotated[str, typer.Argument(help="The key's kid, or its thumbprint as 0x and hex.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = asking_group(app, "authorities", "The authorities and their keys; add-key, end-key.")
    group.command(SHOW)(authorities)
    group.command("add-key")(writes(add_key))
    group.command("end-key")(writes(end_key))


def authorities(
    authority: AuthorityId = None,
    at: options.At = None,
    known_at: options.KnownAt = None,
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Show the authorities of the consortium."""
    path = f"/v1/authorities/{quote(authority, safe='')}" if authority else "/v1/authorities"
    answer = Client(node).get(path, at=at, known_at=known_at)
    if json:
        output.as_json(answer)
    elif authority:
        _show_authority(answer)
    else:
        rows = [(a["authority"], a["country"], a["domain"], output.yes(a["in_office"])) for a in answer["authorities"]]
        output.table("Authorities", ("authority", "country", "domain", "in office"), rows)


def add_key(
    drafting: Drafting,
    authority: Named,
    purpose: PurposeName,
    key: PublicKeyFile,
    since: options.From = None,
    until: options.Until = None,
) -> Draft:
    """Enter a service key, with an ACT account of the authority."""
    from ledger.authority import Purpose

    public, dates = read_public_key(key), (seconds_of(since), seconds_of(until))
    call = drafting.registries.authority.add_service_key(authority, named(Purpose, purpose), public, *dates)
    return Draft(call, public.thumbprint)


def end_key(drafting: Drafting, key: Key, since: options.From = None) -> Draft:
    """End the service of a key."""
    thumbprint = thumbprint_of(key)
    return Draft(drafting.registries.authority.end_service_key(thumbprint, seconds_of(since)), thumbprint)


def _show_authority(authority: dict[str, Any]) -> None:
    names = ("authority", "country", "domain", "in_office")
    output.fields([*((name, authority[name]) for name in names), ("as of block", authority["as_of"]["block"])])
    accounts = [(one["address"], one["role"] or "ended") for one in authority["accounts"]]
    output.table("Accounts", ("address", "role"), accounts)
    rows = [(k["purpose"], k["kid"], output.yes(k["in_service"])) for k in authority["service_keys"]]
    output.table("Service keys", ("purpose", "kid", "in service"), rows)
