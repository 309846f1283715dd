"""Whole lists of a registry, for who would not tell which line of it matters: lines, and what they rest on."""

import hashlib
import json
import threading
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.change_json import block_json
from api.entries import entries_json
from api.moment import show
from api.operator_listing import Line, OperatorListing
from ledger.chain import Chain
from ledger.dated_list import Entry
from ledger.recognition_list import ListedArrangement, ListedDirection, recognition_list
from ledger.registries import Registries
from ledger.registry_history import History, RegistryHistory
from verifier.fact_cache import FactCache
from verifier.recognition_sentence import role_names

_LISTS_KEPT = 8
_FACTS_KEPT = 5_000


class Lines(tuple[Line, ...]):
    """The lines of a list, which never change; written out once, however often they are sent."""

    @cached_property
    def ndjson(self) -> bytes:
        """The lines as they are sent."""
        return b"".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for one in self)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the lines as they are sent, in hex."""
        return hashlib.sha256(self.ndjson).hexdigest()


@dataclass(frozen=True, slots=True)
class RegistryList:
    """The lines, and the history that they follow from."""

    lines: Lines
    history: History

    def summary(self) -> dict[str, Any]:
        """Return how many lines there are, at which block, and the registry's running hashes there."""
        heads = self.history.heads.items()
        return {
            "count": len(self.lines),
            "as_of": block_json(self.history.block),
            "heads": {kind.name: {"count": head.count, "head": f"0x{head.head.hex()}"} for kind, head in heads},
        }


class RegistryLists:
    """One for each node; thread-safe. What is listed is put together from the registry's changes, all of them.

    `since`: the first block that has any change, 1 or more.
    """

    def __init__(self, chain: Chain, registries: Registries, since: int) -> None:
        self._registries = registries
        self._operators = RegistryHistory(chain, registries.operator.contract, since)
        self._recognitions = RegistryHistory(chain, registries.recognition.contract, since)
        self._lists = FactCache(_LISTS_KEPT)
        self._facts = FactCache(_FACTS_KEPT)
        self._listings: dict[str, OperatorListing] = {}
        self._listing = threading.Lock()

    def operators(self, authority: str) -> RegistryList:
        """Return every operator that the authority ever entered. Raises Unavailable `chain.*`."""
        history = self._operators.newest()
        return RegistryList(
            self._lists.get((authority, _state(history)), lambda: self._operator_lines(authority, history)), history
        )

    def recognitions(self) -> RegistryList:
        """Return every arrangement, offer and direction. Raises Unavailable `chain.*`."""
        history = self._recognitions.newest()
        return RegistryList(self._lists.get(_state(history), lambda: self._recognition_lines(history)), history)

    def _operator_lines(self, authority: str, history: History) -> Lines:
        with self._listing:
            if len(self._listings) > _LISTS_KEPT:
                self._listings.clear()
            listing = self._listings.setdefault(authority, OperatorListing(self._registries.operator, authority))
            return Lines(listing.lines(history.changes))

    def _recognition_lines(self, history: History) -> Lines:
        listed = recognition_list(history.changes)
        return Lines(
            (
                *({"arrangement": _arrangement_json(one)} for one in listed.arrangements.values()),
                *({"offer": self._offer_json(offer, entries)} for offer, entries in listed.offers.items()),
                *({"direction": _direction_json(one)} for one in listed.directions.values()),
            )
        )

    def _offer_json(self, offer: str, entries: list[Entry]) -> Line:
        digest, registry = bytes.fromhex(offer.removeprefix("0x")), self._registries.recognition
        terms = self._facts.get(digest, lambda: registry.offer_terms(digest))
        said: Line = {}
        if terms:
            said = {
                "arrangement": terms.arrangement,
                "recogniser": terms.recogniser,
                "recognised": terms.recognised,
                "roles": role_names(terms.roles),
                "benefits": terms.benefits.hex() if terms.benefits else None,
                "effective_from": show(terms.effective_from or None),
                "effective_until": show(terms.effective_until or None),
            }
        return {"id": offer, **said, "entries": entries_json(entries)}


def _arrangement_json(one: ListedArrangement) -> Line:
    parties = {country: entries_json(entries) for country, entries in one.parties.items()}
    return {"id": one.id, "programme": one.programme, "text": one.text, "parties": parties}


def _direction_json(one: ListedDirection) -> Line:
    shown = entries_json([entry for entry, _ in one.entries])
    return {
        "programme": one.programme,
        "recogniser": one.recogniser,
        "recognised": one.recognised,
        "entries": [{**entry, "offer": offer} for entry, (_, offer) in zip(shown, one.entries, strict=True)],
        "suspensions": {country: entries_json(entries) for country, entries in one.suspensions.items()},
    }


def _state(history: History) -> Hashable:
    return tuple((kind.name, head) for kind, head in history.heads.items())
