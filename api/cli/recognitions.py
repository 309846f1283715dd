"""`portseal recognition | arrangements | operators`: who recognises whom, and which operators."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from api.cli import options, output
from api.cli.client import Client
from api.cli.signed_answers import Checked, ask

By = Annotated[str | None, typer.Argument(help="The country that recognises; the whole matrix without it.")]
Of = Annotated[str | None, typer.Argument(help="The country that is recognised.")]
Programme = Annotated[str, typer.Option("--programme", help="aeo, origin or ebl.")]
KnownAt = Annotated[str | None, typer.Option("--known-at", help="As it was known at this time.")]
Trust = Annotated[
    Path | None,
    typer.Option("--trust", help='File of keys to trust: {"cn.customs": [JWK, ...]}.', exists=True, dir_okay=False),
]
Proofs = Annotated[bool, typer.Option("--proofs", help="Get and check the storage proofs too.")]
ArrangementId = Annotated[str | None, typer.Argument(help="The arrangement's id; all of them without it.")]
Authority = Annotated[str, typer.Argument(help="The customs that gave the code: cn.customs.")]
Code = Annotated[str, typer.Argument(help="The operator's code.")]
Counterpart = Annotated[str | None, typer.Option("--counterpart", help="Whose code it is, if not its own customs'.")]
Relying = Annotated[str | None, typer.Option("--relying-country", help="What may it expect in this country?")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("recognition")(recognition)
    app.command("arrangements")(arrangements)
    app.command("operators")(operators)


def recognition(
    by: By = None,
    of: Of = None,
    programme: Programme = "aeo",
    at: options.At = None,
    known_at: KnownAt = None,
    proofs: Proofs = False,
    trust: Trust = None,
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Does one country recognise another, since when, and if not, why? All of them without countries."""
    asked: dict[str, Any] = {"programme": programme, "at": at, "known_at": known_at}
    if by is None or of is None:
        _print(ask(Client(node), "/v1/recognitions/matrix", trust, **asked), json, _show_matrix)
        return
    asked |= {"by": by.upper(), "of": of.upper(), "proofs": "true" if proofs else None}
    _print(ask(Client(node), "/v1/recognitions", trust, **asked), json, _show_recognition)


def arrangements(
    arrangement: ArrangementId = None,
    at: options.At = None,
    known_at: KnownAt = None,
    trust: Trust = None,
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Show what countries have signed, and what became of it."""
    path = f"/v1/arrangements/{quote(arrangement, safe='')}" if arrangement else "/v1/arrangements"
    found = ask(Client(node), path, trust, at=at, known_at=known_at)
    _print(found, json, _show_arrangement if arrangement else _show_arrangements)


def operators(
    authority: Authority,
    code: Code,
    counterpart: Counterpart = None,
    relying_country: Relying = None,
    at: options.At = None,
    known_at: KnownAt = None,
    proofs: Proofs = False,
    trust: Trust = None,
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Is this operator authorised by its customs, and what may it expect elsewhere?"""
    path = f"/v1/operators/{quote(authority, safe='')}/{quote(code, safe='')}"
    asked: dict[str, Any] = {"counterpart": counterpart, "at": at, "known_at": known_at}
    asked["proofs"] = "true" if proofs else None
    if relying_country:
        asked["relying_country"] = relying_country.upper()
        _print(ask(Client(node), path + "/benefits", trust, **asked), json, _show_benefits)
    else:
        _print(ask(Client(node), path, trust, **asked), json, _show_operator)


def _print(checked: Checked, json: bool, show: Any) -> None:
    if json:
        output.as_json(checked.answer)
    else:
        show(checked.answer)
        checked.show()


def _show_recognition(answer: dict[str, Any]) -> None:
    output.line(answer["sentence"]["en"], style="bold")
    terms = answer["terms"] or {}
    output.fields(
        [
            ("recognised", _yes(answer["recognised"])),
            ("reason", answer["reason"]),
            ("arrangement", ", ".join(answer["arrangements"]) or "none"),
            ("roles", ", ".join(answer["roles"]) or "any"),
            ("benefits", (terms.get("benefits") or {}).get("cid", "none")),
        ]
    )


def _show_matrix(answer: dict[str, Any]) -> None:
    """A row for each country that recognises."""
    cells = {(cell["by"], cell["of"]): cell for cell in answer["recognitions"]}
    countries = answer["countries"]
    rows = [[by, *(_cell(cells[by, of]) for of in countries)] for by in countries]
    output.table(f"{answer['programme']}: row recognises column", ["", *countries], rows)
    counts = (sum(cell["recognised"] for cell in cells.values()), len(cells))
    output.line(f"{counts[0]} of {counts[1]} recognised; + yes, ~ signed, not in effect, ! suspended, ended or left")


def _show_arrangements(answer: dict[str, Any]) -> None:
    rows = [(one["arrangement"], one["programme"], _parties(one["parties"])) for one in answer["arrangements"]]
    output.table("Arrangements", ("arrangement", "programme", "parties"), rows)


def _show_arrangement(answer: dict[str, Any]) -> None:
    _show_arrangements({"arrangements": [answer]})
    rows = [
        (one["by"], one["of"], _yes(one["recognised"]), one["reason"], one["since"]) for one in answer["directions"]
    ]
    output.table("Directions", ("recognises", "recognised", "now", "reason", "since"), rows)


def _show_operator(answer: dict[str, Any]) -> None:
    output.line(answer["sentence"]["en"], style="bold")
    output.fields([(name, answer[name]) for name in ("code", "reason", "since", "tier")])
    output.fields([("roles", ", ".join(answer["roles"]) or "not stated")])
    rows = [(one["counterpart"], one["code"], _yes(one["in_use"])) for one in answer["aliases"]]
    output.table("Aliases", ("counterpart", "code", "in use"), rows)
    for warning in answer["warnings"]:
        output.line(f"warning: {warning['text']['en']}", style="yellow")


def _show_benefits(answer: dict[str, Any]) -> None:
    output.fields(
        [
            ("expected", _yes(answer["expected"])),
            ("fails", answer["failing"] or "nothing"),
            ("benefits", (answer["benefits"] or {}).get("cid", "none")),
            ("operator", answer["operator"]["sentence"]["en"]),
        ]
    )
    if answer["recognition"]:
        output.fields([("recognition", answer["recognition"]["sentence"]["en"])])


def _cell(cell: dict[str, Any]) -> str:
    if cell["recognised"]:
        return "+"
    return {"signed-not-in-effect": "~", "suspended": "!", "ended": "!", "left": "!"}.get(cell["reason"], "")


def _parties(parties: Iterable[dict[str, str]]) -> str:
    return ", ".join(
        one["country"] if one["state"] == "party" else f"{one['country']} ({one['state']})" for one in parties
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"
