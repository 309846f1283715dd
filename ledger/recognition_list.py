"""All arrangements, offers and recognitions, put together from the changes of the registry alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger.dated_list import Entry
from ledger.registry_change import RegistryChange


@dataclass(slots=True)
class ListedArrangement:
    """An arrangement and, by country, who is, was or may become a party."""

    id: str
    programme: str
    text: str | None
    parties: dict[str, list[Entry]] = field(default_factory=dict)


@dataclass(slots=True)
class ListedDirection:
    """One direction: its entries, the offer that each came from, and suspensions by the country that suspends."""

    programme: str
    recogniser: str
    recognised: str
    entries: list[tuple[Entry, str | None]] = field(default_factory=list)
    suspensions: dict[str, list[Entry]] = field(default_factory=dict)


@dataclass(slots=True)
class RecognitionList:
    """Everything; `offers` by their id (keccak-256 of the terms)."""

    arrangements: dict[str, ListedArrangement] = field(default_factory=dict)
    offers: dict[str, list[Entry]] = field(default_factory=dict)
    directions: dict[tuple[str, str, str], ListedDirection] = field(default_factory=dict)


def recognition_list(changes: Iterable[RegistryChange]) -> RecognitionList:
    """Return all that the changes say, each in the order in which it was entered. Raises Invalid `changes.form`."""
    listed = RecognitionList()
    for change in changes:
        if change.kind.registry == "recognition-registry":
            _take(listed, change)
    return listed


def _take(listed: RecognitionList, change: RegistryChange) -> None:
    members = {name: value for name, value in change.members().items() if not isinstance(value, int)}
    entry = members.pop("entry", None)
    said = {name: str(value) for name, value in members.items() if value is not None}
    if not isinstance(entry, Entry):
        name = said["arrangement"]
        listed.arrangements[name] = ListedArrangement(name, said["programme"], said.get("text"))
        return
    match change.kind.word:
        case "party":
            listed.arrangements[said["arrangement"]].parties.setdefault(said["country"], []).append(entry)
        case "offer":
            listed.offers.setdefault(said["offer"], []).append(entry)
        case "recognition":
            _direction(listed, said).entries.append((entry, said.get("offer")))
        case "suspension":
            _direction(listed, said).suspensions.setdefault(said["by"], []).append(entry)


def _direction(listed: RecognitionList, said: dict[str, str]) -> ListedDirection:
    place = (said["programme"], said["recogniser"], said["recognised"])
    return listed.directions.setdefault(place, ListedDirection(*place))
