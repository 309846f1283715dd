"""One table of a policy file, read key by key; what is wrong is gathered, with the place and what to do."""

from collections.abc import Iterable
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from ledger.json_pointer import append, tokens
from ledger.kinds.problem import Problem


class PolicyTable:
    """`pointer`: where it stands in the file; `problems` is shared by all tables of a file."""

    def __init__(self, members: Any, pointer: str, problems: list[Problem]) -> None:
        self.pointer, self.problems = pointer, problems
        self._left: dict[str, Any] = dict(members) if isinstance(members, dict) else {}
        self.keys = tuple(self._left)
        if not isinstance(members, dict):
            self.wrong("", "must be a table; write it in braces, or under a heading in brackets")

    def wrong(self, key: str, what: str) -> None:
        """Take note of a problem at a key, or (empty) of the table itself."""
        place = append(self.pointer, key) if key else self.pointer
        self.problems.append(Problem(place, f"{key_of(place)}: {what}"))

    def text(self, key: str, most: int = 500) -> str:
        """Return a text that must be there and not empty."""
        value = self._left.pop(key, None)
        if isinstance(value, str) and value.strip() and len(value) <= most:
            return value
        self.wrong(key, "is missing; add it" if value is None else f"must be a text of 1 to {most} characters")
        return ""

    def choice(self, key: str, options: Iterable[str], default: str | None = None) -> str:
        """Return one of the options; `default` for a key that is not there, which otherwise must be."""
        listed = list(options)
        value = self._left.pop(key, default)
        if isinstance(value, str) and value in listed:
            return value
        self.wrong(key, f"{'is missing' if value is None else 'is none of the choices'}; use {', '.join(listed)}")
        return listed[0]

    def number(self, key: str, least: int, most: int, default: int | None = None) -> Decimal:
        """Return a number within bounds; `default` for a key that is not there, which otherwise must be."""
        value = self._left.pop(key, default)
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        if is_number and Decimal(value).is_finite() and least <= value <= most:
            return Decimal(value)
        self.wrong(key, f"{'is missing' if value is None else 'is wrong'}; give a number from {least} to {most}")
        return Decimal(least)

    def count(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """Return a whole number within bounds."""
        value = self.number(key, least, most, default)
        if value != int(value):
            self.wrong(key, "must be a whole number")
        return int(value)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self._left.pop(key, None)
        if not isinstance(value, bool):
            self.wrong(key, "must be true or false, without quotes")
        return value is True

    def words(self, key: str) -> list[str]:
        """Return a list of texts that is not empty."""
        value = self._left.pop(key, None)
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            return list(value)
        self.wrong(key, 'must be a list of words, such as ["ACTIVE"]')
        return []

    def table(self, key: str) -> "PolicyTable":
        """Return the table at a key; an empty one if it is not there."""
        return PolicyTable(self._left.pop(key, {}), append(self.pointer, key), self.problems)

    def tables(self, key: str, most: int) -> list["PolicyTable"]:
        """Return the tables listed at a key, none if it is not there."""
        value = self._left.pop(key, [])
        if not isinstance(value, list) or len(value) > most:
            self.wrong(key, f"must be a list of at most {most} tables")
            return []
        place = append(self.pointer, key)
        return [PolicyTable(one, append(place, number), self.problems) for number, one in enumerate(value)]

    def end(self, known: Iterable[str]) -> None:
        """Take note of every key that nobody asked for: a misspelt rule must not be a rule that never holds."""
        for key in self._left:
            near = get_close_matches(key, list(known), 1)
            self.wrong(key[:80], "is not a key of this table; " + (f"did you mean {near[0]}?" if near else "remove it"))


def key_of(pointer: str) -> str:
    """Return the key as people write it: `rule[2].when[0].fact`, rules and conditions counted from 1."""
    name = ""
    for step in tokens(pointer):
        name += f"[{int(step) + 1}]" if step.isdecimal() else f".{step}" if name else step
    return name or "the file"
