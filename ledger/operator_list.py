"""All operators of one authority, put together from the changes of the registry alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger.dated_list import Entry
from ledger.registry_change import RegistryChange


@dataclass(slots=True)
class ListedAlias:
    """A code by which a counterpart knows an operator; `id` is ledger.operator.alias_id of it."""

    id: bytes
    counterpart: str
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class ListedOperator:
    """An operator and its history; `operator` is ledger.operator.operator_id of its code."""

    operator: bytes
    entries: list[Entry] = field(default_factory=list)
    suspensions: list[Entry] = field(default_factory=list)
    aliases: dict[bytes, ListedAlias] = field(default_factory=dict)


def operator_list(authority: str, changes: Iterable[RegistryChange]) -> tuple[ListedOperator, ...]:
    """Return the authority's operators in the order in which they were entered.

    Of complete changes (ledger.change_chain) comes a complete list. Raises Invalid `changes.form`.
    """
    listed: dict[bytes, ListedOperator] = {}
    extend(listed, authority, changes)
    return tuple(listed.values())


def extend(listed: dict[bytes, ListedOperator], authority: str, changes: Iterable[RegistryChange]) -> set[bytes]:
    """Add to the authority's operators what these changes say; return which they concern. Raises as operator_list."""
    concerned: set[bytes] = set()
    for change in changes:
        if change.kind.registry != "operator-registry":
            continue
        members = change.members()
        entry = members["entry"]
        if members["authority"] != authority or not isinstance(entry, Entry):
            continue
        digest = _digest(members["operator"])
        concerned.add(digest)
        one = listed.setdefault(digest, ListedOperator(digest))
        match change.kind.word:
            case "operator":
                one.entries.append(entry)
            case "suspension":
                one.suspensions.append(entry)
            case "alias":
                name = _digest(members["id"])
                one.aliases.setdefault(name, ListedAlias(name, str(members["counterpart"]))).entries.append(entry)
    return concerned


def _digest(value: object) -> bytes:
    return bytes.fromhex(str(value).removeprefix("0x"))
