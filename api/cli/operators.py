"""`portseal operators`: which are authorised and what they may expect; and for their customs, to enter and suspend."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from api.cli import options, output
from api.cli.asking_group import SHOW, asking_group
from api.cli.client import Client
from api.cli.drafting import Draft, Drafting
from api.cli.ids import all_named, seconds_of
from api.cli.signed_answers import ask, print_answer
from api.cli.signing import writes

Authority = Annotated[str, typer.Argument(help="The customs that gave the code: cn.customs.")]
Code = Annotated[str, typer.Argument(help="The operator's code.")]
Codes = Annotated[list[str], typer.Argument(help="Codes of own operators.", metavar="CODE...")]
Counterpart = Annotated[str | None, typer.Option("--counterpart", help="Whose code it is, if not its own customs'.")]
Relying = Annotated[str | None, typer.Option("--relying-country", help="What may it expect in this country?")]
Tier = Annotated[int, typer.Option("--tier", help="The tier of its status.", min=0, max=255)]
Roles = Annotated[list[str] | None, typer.Option("--role", help="exporter, importer, carrier...; repeat for more.")]
Other = Annotated[str, typer.Argument(help="Who knows it by another code: sg.customs, asean.", metavar="COUNTERPART")]
OtherCode = Annotated[str, typer.Argument(help="The code that it has there.", metavar="ALIAS")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = asking_group(app, "operators", "Which are authorised; enter, suspend, reinstate, end, alias.")
    group.command(SHOW)(operators)
    for command in (enter, suspend, reinstate, end, alias, end_alias):
        group.command(command.__name__.replace("_", "-"))(writes(command))


def operators(
    authority: Authority,
    code: Code,
    counterpart: Counterpart = None,
    relying_country: Relying = None,
    at: options.At = None,
    known_at: options.KnownAt = None,
    proofs: options.Proofs = False,
    trust: options.Trust = None,
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Is this operator authorised by its customs, and what may it expect elsewhere?"""
    path = f"/v1/operators/{quote(authority, safe='')}/{quote(code, safe='')}"
    asked: dict[str, Any] = {"counterpart": counterpart, "at": at, "known_at": known_at}
    asked["proofs"] = "true" if proofs else None
    if relying_country:
        asked["relying_country"] = relying_country.upper()
        print_answer(ask(Client(node), path + "/benefits", trust, **asked), json, _show_benefits)
    else:
        print_answer(ask(Client(node), path, trust, **asked), json, _show_operator)


def enter(
    drafting: Drafting,
    code: Codes,
    tier: Tier = 0,
    role: Roles = None,
    since: options.From = None,
    until: options.Until = None,
) -> Draft:
    """Enter own operators, or give them another term, tier or roles from a date on."""
    from ledger.operator import Grant, operator_id
    from ledger.trade_role import TradeRole

    roles, dates = all_named(TradeRole, role), (seconds_of(since), seconds_of(until))
    grants = [Grant(one, tier, roles, *dates) for one in code]
    return Draft(drafting.registries.operator.grant(grants), operator_id(code[0]))


def suspend(drafting: Drafting, code: Codes, reason: options.Reason = 0) -> Draft:
    """Suspend own operators at once: all or none."""
    return Draft(drafting.registries.operator.suspend(_ids(code), reason), _ids(code)[0])


def reinstate(drafting: Drafting, code: Codes) -> Draft:
    """End the suspension of own operators."""
    return Draft(drafting.registries.operator.reinstate(_ids(code)), _ids(code)[0])


def end(drafting: Drafting, code: Codes, since: options.From = None) -> Draft:
    """End the status of own operators."""
    return Draft(drafting.registries.operator.end(_ids(code), seconds_of(since)), _ids(code)[0])


def alias(
    drafting: Drafting,
    code: Code,
    counterpart: Other,
    other_code: OtherCode,
    since: options.From = None,
    until: options.Until = None,
) -> Draft:
    """State by which code a counterpart knows an own operator."""
    from ledger.operator import Alias, AliasGrant, operator_id

    named = Alias(operator_id(code), counterpart, other_code)
    grant = AliasGrant(named, seconds_of(since), seconds_of(until))
    return Draft(drafting.registries.operator.add_aliases([grant]), named.operator)


def end_alias(
    drafting: Drafting, authority: Authority, counterpart: Other, other_code: OtherCode, since: options.From = None
) -> Draft:
    """End the use of an alias."""
    from ledger.operator import alias_id

    named = alias_id(authority, counterpart, other_code)
    return Draft(drafting.registries.operator.end_aliases([named], seconds_of(since)), named)


def _ids(codes: list[str]) -> list[bytes]:
    from ledger.operator import operator_id

    return [operator_id(code) for code in codes]


def _show_operator(answer: dict[str, Any]) -> None:
    output.line(answer["sentence"]["en"], style="bold")
    output.fields([(name, answer[name]) for name in ("code", "reason", "since", "tier")])
    output.fields([("roles", ", ".join(answer["roles"]) or "not stated")])
    rows = [(one["counterpart"], one["code"], output.yes(one["in_use"])) for one in answer["aliases"]]
    output.table("Aliases", ("counterpart", "code", "in use"), rows)
    for warning in answer["warnings"]:
        output.line(f"warning: {warning['text']['en']}", style="yellow")


def _show_benefits(answer: dict[str, Any]) -> None:
    output.fields(
        [
            ("expected", output.yes(answer["expected"])),
            ("fails", answer["failing"] or "nothing"),
            ("benefits", (answer["benefits"] or {}).get("cid", "none")),
            ("operator", answer["operator"]["sentence"]["en"]),
        ]
    )
    if answer["recognition"]:
        output.fields([("recognition", answer["recognition"]["sentence"]["en"])])
