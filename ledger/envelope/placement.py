"""Where disclosures may stand in an envelope of ours: groups in the document, statements in attachments."""

from collections.abc import Mapping, Sequence
from typing import Any

from ledger.envelope.disclosure import Disclosure
from ledger.envelope.groups import ATTACHMENTS, by_parent, members_of, place_of, places_of, present
from ledger.envelope.reveal import Revealed
from ledger.errors import Invalid


def check_places(revealed: Revealed, disclosures: Sequence[Disclosure], groups: tuple[str, ...]) -> None:
    """Raise Invalid `envelope.disclosure-place` for a digest or a disclosure where this kind withholds nothing."""
    if wrong := revealed.holders - places_of(groups):
        raise _wrong_place("digests stand where nothing can be withheld", min(wrong))
    members = members_of(groups)
    for disclosure in disclosures:
        place = revealed.places[disclosure.digest]
        if place != ATTACHMENTS and (place, disclosure.name) not in members:
            raise _wrong_place("a disclosure is of a member that can never be withheld", place)


def withheld_groups(
    document: Mapping[str, Any], places: Mapping[str, str], disclosures: Sequence[Disclosure], groups: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the groups that are, or may be, withheld.

    A withheld group leaves a digest that nothing matches. Which group it was cannot be told, so where some digest
    under a parent is unmatched, all groups that this parent lacks are returned. More such digests than missing
    groups would be decoys, which Portseal does not take: Invalid `envelope.decoy`.
    """
    disclosed = {disclosure.digest for disclosure in disclosures}
    unmatched = [place for digest, place in places.items() if digest not in disclosed]
    withheld: list[str] = []
    for parent, members in by_parent(groups).items() if unmatched else ():
        if count := unmatched.count(place_of(parent)):
            there = present(document, members)
            absent = [group for group in members if group not in there]
            _check_decoys(count, len(absent), place_of(parent))
            withheld += absent
    return tuple(withheld)


def _check_decoys(count: int, absent: int, place: str) -> None:
    if count > absent:
        raise Invalid(
            "envelope.decoy",
            f"{count} digests stand for at most {absent} withheld groups",
            pointer=place,
            mend="issue the envelope without decoy digests",
        )


def _wrong_place(detail: str, pointer: str) -> Invalid:
    return Invalid(
        "envelope.disclosure-place", detail, pointer=pointer, mend="withhold only the groups that the kind lists"
    )
