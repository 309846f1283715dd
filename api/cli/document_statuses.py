"""`portseal issuers set-status`: a document's status, by the issuer's own account, which no node need keep."""

from typing import Annotated

import typer

from api.cli import options
from api.cli.drafting import Draft, Drafting
from api.cli.ids import named
from api.cli.signing import writes

Issuer = Annotated[str, typer.Argument(help="The issuer's id.")]
Digest = Annotated[
    str, typer.Argument(help="The document's digest, 64 hex characters.", callback=options.digest_argument)
]
StatusName = Annotated[str, typer.Argument(help="revoked (for ever), suspended, reinstated or superseded.")]
Successor = Annotated[str | None, typer.Option("--successor", help="With superseded: the digest that takes its place.")]


def add_to(group: typer.Typer) -> None:
    """Register the command."""
    group.command("set-status")(writes(set_status))


def set_status(
    drafting: Drafting,
    issuer: Issuer,
    digest: Digest,
    status: StatusName,
    reason: options.Reason = 0,
    successor: Successor = None,
) -> Draft:
    """Revoke, suspend, reinstate or supersede a document."""
    from ledger.document_registry import Status, StatusChange

    document, next_one = bytes.fromhex(digest), bytes.fromhex(options.digest_argument(successor)) if successor else None
    change = StatusChange(issuer, document, named(Status, status), reason, next_one)
    return Draft(drafting.registries.document.set_status(change), document)
