"""`portseal issuers | authorities`: what the shared registries say."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from api.cli import options, output
from api.cli.client import Client

IssuerId = Annotated[str | None, typer.Argument(help="The issuer's id; all of them without it.")]
AuthorityId = Annotated[str | None, typer.Argument(help="The authority's id; all of them without it.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("issuers")(issuers)
    app.command("authorities")(authorities)


def issuers(
    issuer: IssuerId = None, at: options.At = None, node: options.Node = None, json: options.Json = False
) -> None:
    """Show who may issue what, accredited by whom, with which keys."""
    answer = Client(node).get(f"/v1/issuers/{quote(issuer, safe='')}" if issuer else "/v1/issuers", at=at)
    if json:
        output.as_json(answer)
    elif issuer:
        _show_issuer(answer)
    else:
        rows = [(i["issuer"], i["accreditor"], i["state"], ", ".join(i["kinds"])) for i in answer["issuers"]]
        output.table("Issuers", ("issuer", "accredited by", "state", "kinds"), rows)


def authorities(
    authority: AuthorityId = None, at: options.At = None, node: options.Node = None, json: options.Json = False
) -> None:
    """Show the authorities of the consortium."""
    answer = Client(node).get(f"/v1/authorities/{quote(authority, safe='')}" if authority else "/v1/authorities", at=at)
    if json:
        output.as_json(answer)
    elif authority:
        _show_authority(answer)
    else:
        rows = [
            (a["authority"], a["country"], a["domain"], "yes" if a["in_office"] else "no")
            for a in answer["authorities"]
        ]
        output.table("Authorities", ("authority", "country", "domain", "in office"), rows)


def _show_issuer(issuer: dict[str, Any]) -> None:
    names = ("issuer", "accreditor", "state")
    output.fields([*((name, issuer[name]) for name in names), ("as of block", issuer["as_of"]["block"])])
    rows = [(a["kind"], "yes" if a["accredited"] else "no") for a in issuer["accreditations"]]
    output.table("Accreditations", ("kind", "accredited"), rows)
    keys = [(k["kid"], k["jwk"]["crv"], k["state"], k["compromised_since"] or "") for k in issuer["keys"]]
    output.table("Keys", ("kid", "curve", "state", "compromised since"), keys)


def _show_authority(authority: dict[str, Any]) -> None:
    names = ("authority", "country", "domain", "in_office")
    output.fields([*((name, authority[name]) for name in names), ("as of block", authority["as_of"]["block"])])
    rows = [(k["purpose"], k["kid"], "yes" if k["in_service"] else "no") for k in authority["service_keys"]]
    output.table("Service keys", ("purpose", "kid", "in service"), rows)
