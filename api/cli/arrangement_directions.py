"""`portseal arrangements suspend | resume | end`: all of a country's directions under an arrangement, in one go."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from api.cli import options
from api.cli.drafting import Draft, Drafting
from api.cli.ids import seconds_of, word_of
from api.cli.signing import writes
from ledger.errors import Refused

if TYPE_CHECKING:
    from ledger.recognition import Direction

Named = Annotated[str, typer.Argument(help="The arrangement's id.", metavar="ARRANGEMENT")]
Own = Annotated[str, typer.Option("--country", help="The own country: both directions with each other party.")]
_OVER = ("ended", "left")


def add_to(group: typer.Typer) -> None:
    """Register the commands."""
    for command in (suspend, resume, end):
        group.command(command.__name__)(writes(command))


def suspend(drafting: Drafting, arrangement: Named, country: Own, reason: options.Reason = 0) -> Draft:
    """Suspend all directions of the own country under an arrangement, at once."""

    def standing(one: dict[str, Any]) -> bool:
        return one["reason"] not in _OVER and not _is_suspended(one, country)

    found = _directions(drafting, arrangement, country, standing)
    return Draft(drafting.registries.recognition.suspend(found, reason), word_of(arrangement))


def resume(drafting: Drafting, arrangement: Named, country: Own) -> Draft:
    """End the own country's suspensions under an arrangement."""
    found = _directions(drafting, arrangement, country, lambda one: _is_suspended(one, country))
    return Draft(drafting.registries.recognition.resume(found), word_of(arrangement))


def end(drafting: Drafting, arrangement: Named, country: Own, since: options.From = None) -> Draft:
    """End all directions of the own country under an arrangement, for both sides."""
    found = _directions(drafting, arrangement, country, lambda one: one["reason"] not in _OVER)
    return Draft(drafting.registries.recognition.end(found, seconds_of(since)), word_of(arrangement))


def _directions(
    drafting: Drafting, arrangement: str, country: str, wanted: Callable[[dict[str, Any]], bool]
) -> "list[Direction]":
    """Return them as the node that is asked tells them; they are shown before anything is signed."""
    from ledger.recognition import Direction

    told = drafting.client.get(f"/v1/arrangements/{quote(arrangement, safe='')}")
    own = [one for one in told["directions"] if country.upper() in (one["by"], one["of"])]
    found = [Direction(told["programme"], one["by"], one["of"]) for one in own if wanted(one)]
    if not found:
        detail = f"under {arrangement} there is no direction of {country.upper()} for which this could be done"
        raise Refused("arrangement.no-direction", detail, mend=f"look: portseal arrangements {arrangement}")
    return found


def _is_suspended(direction: dict[str, Any], country: str) -> bool:
    entries = direction["suspensions"].get(country.upper(), [])
    return bool(entries) and entries[-1]["code"] == 1
