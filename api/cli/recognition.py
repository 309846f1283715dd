"""`portseal recognition`: who recognises whom; and for customs of either side, to offer, accept, suspend and end."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import options, output
from api.cli.asking_group import SHOW, asking_group
from api.cli.client import Client
from api.cli.drafting import Draft, Drafting, Make
from api.cli.ids import all_named, seconds_of
from api.cli.signed_answers import ask, print_answer
from api.cli.signing import writes

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.recognition import Direction, Terms
    from ledger.recognition_registry import RecognitionRegistry
    from ledger.transaction import Call

By = Annotated[str | None, typer.Argument(help="The country that recognises; the whole matrix without it.")]
Of = Annotated[str | None, typer.Argument(help="The country that is recognised.")]
Recogniser = Annotated[str, typer.Argument(help="The country that recognises.", metavar="BY")]
Recognised = Annotated[str, typer.Argument(help="The country that is recognised.", metavar="OF")]
Arrangement = Annotated[str, typer.Option("--arrangement", help="Under which arrangement of the two.")]
Roles = Annotated[list[str] | None, typer.Option("--role", help="Only for this role of operators; repeat for more.")]
Benefits = Annotated[str | None, typer.Option("--benefits", help="SHA-256 of the list of benefits, 64 hex digits.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = asking_group(app, "recognition", "Who recognises whom, and why not; offer, accept, suspend, resume, end.")
    group.command(SHOW)(recognition)
    for command in (offer, accept, close, suspend, resume, end):
        group.command(command.__name__)(writes(command))


def recognition(
    by: By = None,
    of: Of = None,
    programme: options.Programme = "aeo",
    at: options.At = None,
    known_at: options.KnownAt = None,
    proofs: options.Proofs = False,
    trust: options.Trust = None,
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Does one country recognise another, since when, and if not, why? All of them without countries."""
    asked: dict[str, Any] = {"programme": programme, "at": at, "known_at": known_at}
    if by is None or of is None:
        print_answer(ask(Client(node), "/v1/recognitions/matrix", trust, **asked), json, _show_matrix)
        return
    asked |= {"by": by.upper(), "of": of.upper(), "proofs": "true" if proofs else None}
    print_answer(ask(Client(node), "/v1/recognitions", trust, **asked), json, _show_recognition)


def _stating(make: "Callable[[RecognitionRegistry, Terms], Call]") -> Make:
    """Return the command that states the terms of a direction in full, and drafts what `make` does with them."""

    def command(
        drafting: Drafting,
        by: Recogniser,
        of: Recognised,
        arrangement: Arrangement,
        role: Roles = None,
        benefits: Benefits = None,
        since: options.From = None,
        until: options.Until = None,
    ) -> Draft:
        terms = _terms(by, of, arrangement, role, benefits, since, until)
        return Draft(make(drafting.registries.recognition, terms), _subject(by, of))

    command.__name__, command.__doc__ = make.__name__, make.__doc__
    return command


@_stating
def offer(registry: "RecognitionRegistry", terms: "Terms") -> "Call":
    """Offer the other country terms for one direction; it takes effect when the other accepts just these."""
    return registry.offer([terms])


@_stating
def accept(registry: "RecognitionRegistry", terms: "Terms") -> "Call":
    """Accept what the other country has offered: state the terms as you read them; other ones are not accepted."""
    return registry.accept([_id(terms)])


@_stating
def close(registry: "RecognitionRegistry", terms: "Terms") -> "Call":
    """Withdraw an offer with these terms, or decline it."""
    return registry.close_offers([_id(terms)])


def suspend(
    drafting: Drafting,
    by: Recogniser,
    of: Recognised,
    programme: options.Programme = "aeo",
    reason: options.Reason = 0,
) -> Draft:
    """Suspend a direction at once, for the own country."""
    return Draft(
        drafting.registries.recognition.suspend([_direction(by, of, programme)], reason),
        _subject(by, of),
    )


def resume(drafting: Drafting, by: Recogniser, of: Recognised, programme: options.Programme = "aeo") -> Draft:
    """End the own country's suspension."""
    return Draft(drafting.registries.recognition.resume([_direction(by, of, programme)]), _subject(by, of))


def end(
    drafting: Drafting,
    by: Recogniser,
    of: Recognised,
    programme: options.Programme = "aeo",
    since: options.From = None,
) -> Draft:
    """End a direction, for both sides."""
    directions = [_direction(by, of, programme)]
    return Draft(drafting.registries.recognition.end(directions, seconds_of(since)), _subject(by, of))


def _direction(by: str, of: str, programme: str) -> "Direction":
    from ledger.recognition import Direction

    return Direction(programme, by.upper(), of.upper())


def _id(terms: "Terms") -> bytes:
    from ledger.recognition_registry import offer_id

    return offer_id(terms)


def _terms(
    by: str,
    of: str,
    arrangement: str,
    role: list[str] | None,
    benefits: str | None,
    since: str | None,
    until: str | None,
) -> "Terms":
    from ledger.recognition import Terms
    from ledger.trade_role import TradeRole

    digest = bytes.fromhex(options.digest_argument(benefits)) if benefits else None
    roles = all_named(TradeRole, role)
    return Terms(arrangement, by.upper(), of.upper(), roles, digest, seconds_of(since), seconds_of(until))


def _subject(by: str, of: str) -> bytes:
    """By direction, so that what one side has not submitted holds up no other direction."""
    from ledger.identifier import to_bytes32

    return to_bytes32(f"{by}-{of}".lower())


def _show_recognition(answer: dict[str, Any]) -> None:
    output.line(answer["sentence"]["en"], style="bold")
    terms = answer["terms"] or {}
    output.fields(
        [
            ("recognised", output.yes(answer["recognised"])),
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


def _cell(cell: dict[str, Any]) -> str:
    if cell["recognised"]:
        return "+"
    return {"signed-not-in-effect": "~", "suspended": "!", "ended": "!", "left": "!"}.get(cell["reason"], "")
