"""`portseal arrangements`: what countries have signed; for their customs, to propose, accept, invite, leave."""

from collections.abc import Iterable
from typing import Annotated, Any
from urllib.parse import quote

import typer

from api.cli import arrangement_directions, options, output
from api.cli.asking_group import SHOW, asking_group
from api.cli.client import Client
from api.cli.drafting import Draft, Drafting
from api.cli.ids import seconds_of, word_of
from api.cli.signed_answers import ask, print_answer
from api.cli.signing import writes

ArrangementId = Annotated[str | None, typer.Argument(help="The arrangement's id; all of them without it.")]
Named = Annotated[str, typer.Argument(help="The arrangement's id.", metavar="ARRANGEMENT")]
Others = Annotated[list[str], typer.Option("--with", help="Another country that is to sign; repeat for more.")]
Text = Annotated[str | None, typer.Option("--text", help="SHA-256 of the published text, 64 hex digits.")]
SignedAt = Annotated[
    str | None, typer.Option("--signed-at", help="Since when the own country is a party; now without.")
]
Country = Annotated[str, typer.Argument(help="The country, two letters.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = asking_group(app, "arrangements", "What countries have signed; propose, accept, suspend, end.")
    group.command(SHOW)(arrangements)
    for command in (propose, accept, invite, leave):
        group.command(command.__name__)(writes(command))
    arrangement_directions.add_to(group)


def arrangements(
    arrangement: ArrangementId = None,
    at: options.At = None,
    known_at: options.KnownAt = None,
    trust: options.Trust = None,
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Show what countries have signed, and what became of it."""
    path = f"/v1/arrangements/{quote(arrangement, safe='')}" if arrangement else "/v1/arrangements"
    found = ask(Client(node), path, trust, at=at, known_at=known_at)
    print_answer(found, json, _show_arrangement if arrangement else _show_arrangements)


def propose(
    drafting: Drafting,
    arrangement: Named,
    other: Others,
    programme: options.Programme = "aeo",
    text: Text = None,
    signed_at: SignedAt = None,
) -> Draft:
    """Propose an arrangement; its id begins with the own country's code and a dot. Nothing is in effect by it."""
    from ledger.recognition import Arrangement

    digest = bytes.fromhex(options.digest_argument(text)) if text else None
    place, countries = Arrangement(arrangement, programme, digest), [country.upper() for country in other]
    call = drafting.registries.recognition.propose_arrangement(place, countries, seconds_of(signed_at))
    return Draft(call, word_of(arrangement))


def accept(drafting: Drafting, arrangement: Named, signed_at: SignedAt = None) -> Draft:
    """Become a party of an arrangement that names the own country."""
    call = drafting.registries.recognition.accept_arrangement(arrangement, seconds_of(signed_at))
    return Draft(call, word_of(arrangement))


def invite(drafting: Drafting, arrangement: Named, country: Country) -> Draft:
    """Let another country become a party."""
    call = drafting.registries.recognition.invite_party(arrangement, country.upper())
    return Draft(call, word_of(arrangement))


def leave(drafting: Drafting, arrangement: Named, since: options.From = None) -> Draft:
    """Leave an arrangement, and all that it brought."""
    call = drafting.registries.recognition.leave_arrangement(arrangement, seconds_of(since))
    return Draft(call, word_of(arrangement))


def _show_arrangements(answer: dict[str, Any]) -> None:
    rows = [(one["arrangement"], one["programme"], _parties(one["parties"])) for one in answer["arrangements"]]
    output.table("Arrangements", ("arrangement", "programme", "parties"), rows)


def _show_arrangement(answer: dict[str, Any]) -> None:
    _show_arrangements({"arrangements": [answer]})
    rows = [
        (one["by"], one["of"], output.yes(one["recognised"]), one["reason"], one["since"])
        for one in answer["directions"]
    ]
    output.table("Directions", ("recognises", "recognised", "now", "reason", "since"), rows)


def _parties(parties: Iterable[dict[str, str]]) -> str:
    return ", ".join(
        one["country"] if one["state"] == "party" else f"{one['country']} ({one['state']})" for one in parties
    )
