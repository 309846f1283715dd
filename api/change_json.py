"""A change of a registry as the feed tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.entries import entries_json
from api.moment import show
from ledger.block import Block
from ledger.change_word import word_of
from ledger.dated_list import Entry
from ledger.registry_change import countries_of
from ledger.registry_feed import Told

About = Mapping[str, Any]
"""What the event names by a digest only, in words."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One change, ready to be told; `place` among all changes of the chain; `countries` that it names."""

    place: tuple[int, int]
    registry: str
    countries: frozenset[str]
    block: int
    body: Mapping[str, Any]

    def concerns(self, registry: str | None, country: str | None) -> bool:
        """Tell whether it belongs to what was asked for; None is everything."""
        return registry in (None, self.registry) and (country is None or country in self.countries)

    def json(self, final: int) -> dict[str, Any]:
        """Return what is told; `final`: the highest final block."""
        return {**self.body, "final": self.block <= final}


def notice(told: Told, about: About) -> Notice:
    """Return the notice of a change."""
    change = told.change
    members = change.members()
    countries = countries_of(members) | countries_of(about)
    body = {
        "cursor": told.cursor.text(),
        "registry": change.kind.registry,
        "kind": change.kind.word,
        "index": change.index,
        "what": word_of(change.kind, members),
        "members": {name: _json(value) for name, value in members.items()},
        "about": dict(about),
        "countries": sorted(countries),
        "encoded": f"0x{change.encoded.hex()}",
        "block": change.block_number,
        "block_hash": f"0x{change.block_hash.hex()}",
        "block_time": show(told.time),
        "transaction": f"0x{change.transaction_hash.hex()}",
        "log_index": change.log_index,
    }
    return Notice(change.place, change.kind.registry, countries, change.block_number, body)


def block_json(block: Block) -> dict[str, Any]:
    """Return which block an answer rests on."""
    return {"block": block.number, "block_hash": f"0x{block.hash.hex()}", "block_time": show(block.timestamp)}


def _json(value: Any) -> Any:
    return entries_json([value])[0] if isinstance(value, Entry) else value
