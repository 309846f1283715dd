"""`portseal issuers`: who may issue what; and for authorities and bodies, to accredit, suspend and end."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from api.cli import document_statuses, issuer_keys, options, output
from api.cli.asking_group import SHOW, asking_group
from api.cli.client import Client
from api.cli.drafting import Draft, Drafting
from api.cli.ids import all_named, seconds_of, word_of
from api.cli.signing import writes

IssuerId = Annotated[str | None, typer.Argument(help="The issuer's id; all of them without it.")]
Named = Annotated[str, typer.Argument(help="The issuer's id.", metavar="ISSUER")]
Accreditor = Annotated[str, typer.Option("--accreditor", help="The authority or body that it is entered under.")]
Kinds = Annotated[list[str], typer.Argument(help="Kinds of document: bill-of-lading ...", metavar="KIND...")]
Kind = Annotated[str, typer.Argument(help="The kind of document.")]
Limits = Annotated[
    list[str] | None,
    typer.Option("--limit", help="Only for codes in scope: agreement, hs-chapter or port; repeat for more."),
]
Codes = Annotated[list[str], typer.Argument(help="agreement.rcep, hs.84, port.cnsha ...", metavar="CODE...")]
Code = Annotated[str, typer.Argument(help="The code.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = asking_group(app, "issuers", "Who may issue what; accredit, suspend, and their keys.")
    group.command(SHOW)(issuers)
    parties = (add, suspend, reinstate, authorize_body, end_body)
    for command in (*parties, accredit, end_accreditation, add_scope, end_scope):
        group.command(command.__name__.replace("_", "-"))(writes(command))
    issuer_keys.add_to(group)
    document_statuses.add_to(group)


def issuers(
    issuer: IssuerId = None,
    at: options.At = None,
    known_at: options.KnownAt = None,
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Show who may issue what, accredited by whom, with which keys."""
    path = f"/v1/issuers/{quote(issuer, safe='')}" if issuer else "/v1/issuers"
    answer = Client(node).get(path, at=at, known_at=known_at)
    if json:
        output.as_json(answer)
    elif issuer:
        _show_issuer(answer)
    else:
        rows = [(i["issuer"], i["accreditor"], i["state"], ", ".join(i["kinds"])) for i in answer["issuers"]]
        output.table("Issuers", ("issuer", "accredited by", "state", "kinds"), rows)


def add(drafting: Drafting, issuer: Named, accreditor: Accreditor) -> Draft:
    """Enter an issuer; its id begins with the accreditor's country code and a dot."""
    return Draft(drafting.registries.issuer.add_issuer(issuer, accreditor), word_of(issuer))


def suspend(drafting: Drafting, issuer: Named, reason: options.Reason = 0) -> Draft:
    """Suspend an issuer at once: it counts for all that is anchored from then on."""
    return Draft(drafting.registries.issuer.suspend_issuer(issuer, reason), word_of(issuer))


def reinstate(drafting: Drafting, issuer: Named) -> Draft:
    """End an issuer's suspension."""
    return Draft(drafting.registries.issuer.reinstate_issuer(issuer), word_of(issuer))


def authorize_body(drafting: Drafting, issuer: Named, since: options.From = None, until: options.Until = None) -> Draft:
    """Let an issuer accredit others, within what it has itself."""
    call = drafting.registries.issuer.authorize_body(issuer, seconds_of(since), seconds_of(until))
    return Draft(call, word_of(issuer))


def end_body(drafting: Drafting, issuer: Named, since: options.From = None) -> Draft:
    """End a body's authorization, and with it what it accredited."""
    return Draft(drafting.registries.issuer.end_body(issuer, seconds_of(since)), word_of(issuer))


def accredit(
    drafting: Drafting,
    issuer: Named,
    kind: Kinds,
    limit: Limits = None,
    since: options.From = None,
    until: options.Until = None,
) -> Draft:
    """Let an issuer issue these kinds of document, within the codes of its scope if there are limits."""
    from ledger.issuer_registry import Limit

    dates = seconds_of(since), seconds_of(until)
    return Draft(
        drafting.registries.issuer.accredit(issuer, kind, *dates, all_named(Limit, limit)),
        word_of(issuer),
    )


def end_accreditation(drafting: Drafting, issuer: Named, kind: Kind, since: options.From = None) -> Draft:
    """End the accreditation for one kind."""
    return Draft(drafting.registries.issuer.end_accreditation(issuer, kind, seconds_of(since)), word_of(issuer))


def add_scope(
    drafting: Drafting,
    issuer: Named,
    kind: Kind,
    code: Codes,
    since: options.From = None,
    until: options.Until = None,
) -> Draft:
    """Put codes into the issuer's scope for a kind."""
    dates = seconds_of(since), seconds_of(until)
    return Draft(drafting.registries.issuer.add_scope(issuer, kind, code, *dates), word_of(issuer))


def end_scope(drafting: Drafting, issuer: Named, kind: Kind, code: Code, since: options.From = None) -> Draft:
    """Take a code out of the issuer's scope."""
    return Draft(drafting.registries.issuer.end_scope(issuer, kind, code, seconds_of(since)), word_of(issuer))


def _show_issuer(issuer: dict[str, Any]) -> None:
    names = ("issuer", "accreditor", "state")
    output.fields([*((name, issuer[name]) for name in names), ("as of block", issuer["as_of"]["block"])])
    rows = [(a["kind"], output.yes(a["accredited"])) for a in issuer["accreditations"]]
    output.table("Accreditations", ("kind", "accredited"), rows)
    keys = [(k["kid"], k["jwk"]["crv"], k["state"], k["compromised_since"] or "") for k in issuer["keys"]]
    output.table("Keys", ("kid", "curve", "state", "compromised since"), keys)
