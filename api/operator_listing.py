"""The operators of one authority as the lines of its list; a change alters one line."""

from collections.abc import Sequence
from typing import Any

from api.entries import entries_json
from ledger.operator import roles_of, tier_of
from ledger.operator_codes import read_codes
from ledger.operator_list import ListedOperator, extend
from ledger.operator_registry import OperatorRegistry
from ledger.registry_change import RegistryChange
from verifier.recognition_sentence import role_names

Line = dict[str, Any]


class OperatorListing:
    """Keeps what it has made of the changes so far; for one thread at a time. Lines that were given are not changed."""

    def __init__(self, registry: OperatorRegistry, authority: str) -> None:
        self._registry, self._authority = registry, authority
        self._taken: Sequence[RegistryChange] = ()
        self._forget()

    def lines(self, changes: Sequence[RegistryChange]) -> list[Line]:
        """Return a line for each operator, by all changes; mostly these go on where the last ones ended.

        Raises Unavailable `chain.*`.
        """
        taken = self._taken
        # The same change is the same object as long as the history was not read anew.
        if taken and (len(changes) < len(taken) or changes[len(taken) - 1] is not taken[-1]):
            self._forget()
        try:
            self._take(changes[len(self._taken) :])
        except BaseException:
            self._forget()
            raise
        self._taken = changes
        return list(self._lines.values())

    def _forget(self) -> None:
        self._taken = ()
        self._listed: dict[bytes, ListedOperator] = {}
        self._lines: dict[bytes, Line] = {}
        self._codes: dict[bytes, str] = {}
        self._alias_codes: dict[bytes, str] = {}

    def _take(self, changes: Sequence[RegistryChange]) -> None:
        concerned = extend(self._listed, self._authority, changes)
        added = [operator for operator in self._listed if operator in concerned and operator not in self._codes]
        self._codes |= read_codes(self._registry, self._authority, added)
        # In the order of the list, where the new ones stand last.
        for operator in [*(concerned & self._lines.keys()), *added]:
            one = self._listed[operator]
            codes = [self._alias_code(alias) for alias in one.aliases]
            self._lines[operator] = operator_json(one, self._codes[operator], codes)

    def _alias_code(self, alias: bytes) -> str:
        if alias not in self._alias_codes:
            found = self._registry.alias(alias)
            self._alias_codes[alias] = found.code if found else ""
        return self._alias_codes[alias]


def operator_json(one: ListedOperator, code: str, alias_codes: Sequence[str]) -> Line:
    """Return the line of an operator: by its code, with its history."""
    pairs = zip(one.entries, entries_json(one.entries), strict=True)
    aliases = zip(one.aliases.values(), alias_codes, strict=True)
    return {
        "code": code,
        "operator": f"0x{one.operator.hex()}",
        "entries": [{**shown, "tier": tier_of(entry), "roles": role_names(roles_of(entry))} for entry, shown in pairs],
        "suspensions": entries_json(one.suspensions),
        "aliases": [
            {"counterpart": alias.counterpart, "code": text, "entries": entries_json(alias.entries)}
            for alias, text in aliases
        ],
    }
