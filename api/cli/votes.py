"""`portseal member proposals | approve | withdraw | execute`: how the members decide on what was proposed."""

from typing import Annotated, Any

import typer

from api.cli import options, output
from api.cli.client import Client
from api.cli.drafting import Draft, Drafting
from api.cli.ids import word_of
from api.cli.signing import writes

Number = Annotated[int, typer.Argument(help="The proposal's number.", min=0)]
Yes = Annotated[bool, typer.Option("--yes", help="Do not show it and do not ask.")]


def add_to(group: typer.Typer) -> None:
    """Register the commands."""
    group.command("proposals")(proposals)
    for command in (approve, withdraw, execute):
        group.command(command.__name__)(writes(command))


def proposals(
    number: Annotated[int | None, typer.Argument(help="One of them.", min=0)] = None,
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Show what is proposed, who has approved, and what is missing."""
    answer = Client(node).get("/v1/proposals" if number is None else f"/v1/proposals/{number}")
    if json:
        output.as_json(answer)
        return
    found = answer["proposals"] if number is None else [answer]
    for one in found:
        _show(one, answer["quorum"])
    if not found:
        output.line("Nothing was proposed yet.")


def approve(drafting: Drafting, number: Number, yes: Yes = False) -> Draft:
    """Approve a proposal for the own country, after it was shown."""
    if not yes:
        # What is signed is the number only: what stands under it is the node's word.
        answer = drafting.client.get(f"/v1/proposals/{number}")
        _show(answer, answer["quorum"])
        typer.confirm("Approve this?", abort=True, err=True)
    return Draft(drafting.registries.authority.approve(number), _subject(number))


def withdraw(drafting: Drafting, number: Number) -> Draft:
    """Take back the own country's approval, as long as the proposal is open."""
    return Draft(drafting.registries.authority.withdraw_approval(number), _subject(number))


def execute(drafting: Drafting, number: Number) -> Draft:
    """Make a proposal's calls, once a quorum has approved."""
    return Draft(drafting.registries.authority.execute(number), _subject(number))


def _show(one: dict[str, Any], quorum: int) -> None:
    from api.cli.intent_files import call_lines

    output.line(f"Proposal {one['proposal']}: {one['state']}", style="bold")
    output.fields(
        [
            ("  approved by", ", ".join(one["approvals"]) or "nobody"),
            ("  counting", None if one["counting"] is None else f"{one['counting']} of {quorum} needed"),
            ("  expires at", one["expires_at"]),
            ("  executed at", one["executed_at"]),
        ]
    )
    for call in one["calls"]:
        for text in call_lines(call, "  "):
            output.line(text)


def _subject(number: int) -> bytes:
    return word_of(f"proposal.{number}")
