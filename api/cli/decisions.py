"""`portseal decide`: the documents of one consignment together, and how closely to look at it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli import options, output
from api.cli.client import Client
from api.cli.decision_lines import lines
from api.cli.ending import Ending
from api.cli.signed_answers import checked
from api.cli.verdict_lines import exit_code
from api.cli.verification import Country, Language, read
from ledger.errors import Invalid
from ledger.strict_json import parse
from verifier.consignment.papers import COMMERCIAL_INVOICE, CUSTOMS_DECLARATION

Files = Annotated[
    list[str],
    typer.Argument(
        help="Envelopes; and, as JSON without a signature, declaration or invoice (KIND:FILE names the kind)."
    ),
]
Policy = Annotated[
    Path | None,
    typer.Option("--policy", help="Rules to judge by in place of the node's.", exists=True, dir_okay=False),
]
_NUMBERS = {"declarationNumber": CUSTOMS_DECLARATION, "invoiceNumber": COMMERCIAL_INVOICE}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("decide")(decide)


def decide(
    files: Files,
    relying_country: Country = None,
    at: options.At = None,
    policy: Policy = None,
    language: Language = "en",
    trust: options.Trust = None,
    node: options.Node = None,
    api_key: options.ApiKey = None,
    json: options.Json = False,
) -> None:
    """Judge the documents of one consignment, compare them, and recommend how closely to look at it.

    Ends with 0 where no inspection is recommended and nothing is drawn, 3 where one is; 1 if a document is invalid.
    """
    presented = [_presented(name) for name in files]
    asked: dict[str, Any] = {"documents": presented}
    asked |= {name: value for name, value in (("relying_country", relying_country), ("at", at)) if value}
    if policy is not None:
        asked["policy"] = _policy_text(policy)
    client = Client(node, api_key)
    found = checked(client, client.post("/v1/decisions", asked), trust)
    if json:
        output.as_json(found.answer)
    else:
        documents = [one.get("statement") for one in presented]
        for text, style in lines(found.answer, files, documents, "zh" if language.startswith("zh") else "en"):
            output.line(text, style)
        output.fields(found.notes)
    raise Ending(_exit_code(found.answer))


def _presented(name: str) -> dict[str, Any]:
    kind, _, path = name.rpartition(":")
    if kind and not Path(name).exists():
        return {"kind": kind, "statement": parse(read(path))}
    content = read(name).strip()
    if not content.startswith(b"{"):
        return {"envelope": content.decode("utf-8", "replace")}
    statement = parse(content)
    found = [kind for member, kind in _NUMBERS.items() if isinstance(statement, dict) and member in statement]
    if len(found) != 1:
        what = f"{Path(name).name} does not say what it is: it has neither declarationNumber nor invoiceNumber"
        raise Invalid(
            "statement.kind", what, mend=f"write {CUSTOMS_DECLARATION}:FILE, or another kind before the colon"
        )
    return {"kind": found[0], "statement": statement}


def _policy_text(path: Path) -> str:
    from verifier.decision.policy_reading import read_policy

    data = path.read_bytes()
    read_policy(data, path.name)  # what is wrong is said with the file's name, before anything is sent
    return data.decode("utf-8")


def _exit_code(answer: Mapping[str, Any]) -> int:
    codes = [exit_code(one["verdict"]) for one in answer["documents"] if one["verdict"]]
    if 1 in codes:
        return 1
    sampling = answer["sampling"]
    passes = answer["recommendation"]["inspection"] == "none" or (sampling and sampling["drawn"] is False)
    return 0 if passes else 3
