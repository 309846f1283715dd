"""What a client checks of a whole list: that it is what the registry's changes make, all of them and nothing else."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from api.operator_listing import operator_json
from ledger.change_chain import check_complete
from ledger.change_head import ChangeHead
from ledger.change_kind import ChangeKind, kind_named
from ledger.errors import Invalid
from ledger.operator import alias_id, operator_id
from ledger.operator_list import ListedOperator, operator_list
from ledger.registry_change import RegistryChange
from ledger.strict_json import parse

_MEND = "get the list again, from the node of another member"


def read_lines(data: bytes) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the lines of an NDJSON list and its summary. Raises Invalid `list.cut-off`, `list.altered`, `json.*`."""
    *lines, last = [*data.splitlines(keepends=True)] or [b""]
    end = parse(last) if last.startswith(b'{"summary":') and last.endswith(b"\n") else None
    summary: Any = end["summary"] if isinstance(end, dict) else None
    if not isinstance(summary, dict):
        raise Invalid("list.cut-off", "the list ends without its summary", mend="get it again")
    if summary.get("lines_sha256") != hashlib.sha256(b"".join(lines)).hexdigest():
        raise Invalid("list.altered", "the lines are not those that the summary was made of", mend=_MEND)
    return [one for one in map(parse, lines) if isinstance(one, dict)], summary


def read_change(told: Mapping[str, Any]) -> RegistryChange:
    """Return a change as /v1/changes tells it. Raises Invalid `changes.form`."""
    kind = kind_named(f"{told.get('registry')}.{told.get('kind')}")
    try:
        if kind is None:
            raise ValueError
        place = int(told["block"]), bytes.fromhex(told["block_hash"][2:]), bytes.fromhex(told["transaction"][2:])
        return RegistryChange(kind, int(told["index"]), bytes.fromhex(told["encoded"][2:]), *place, told["log_index"])
    except (KeyError, TypeError, ValueError):
        raise Invalid("changes.form", "this is no change of the feed", mend=_MEND) from None


def heads_of(summary: Mapping[str, Any]) -> dict[ChangeKind, ChangeHead]:
    """Return the heads that a summary states. Raises Invalid `list.form`."""
    try:
        stated = {kind_named(name): (one["count"], bytes.fromhex(one["head"][2:])) for name, one in _heads(summary)}
        return {kind: ChangeHead(*head) for kind, head in stated.items() if kind is not None}
    except (KeyError, TypeError, ValueError):
        raise Invalid("list.form", "the summary states no heads", mend=_MEND) from None


def check_operators(
    lines: Sequence[Mapping[str, Any]],
    summary: Mapping[str, Any],
    changes: Sequence[RegistryChange],
    heads: Mapping[ChangeKind, ChangeHead] | None = None,
) -> None:
    """Check a list of operators against all changes of the registry; `heads`: as an own node states them at the block.

    Raises Invalid `changes.*` where the changes are not complete, `list.differs` where the list is not what they make.
    """
    block = int(summary["as_of"]["block"])
    for kind, head in (heads or heads_of(summary)).items():
        check_complete([one for one in changes if one.kind == kind and one.block_number <= block], head)
    authority = str(summary["authority"])
    made = operator_list(authority, (one for one in changes if one.block_number <= block))
    if len(made) != len(lines):
        raise Invalid("list.differs", f"{len(lines)} operators are listed, the registry has {len(made)}", mend=_MEND)
    for number, (one, line) in enumerate(zip(made, lines, strict=True)):
        if _line_of(authority, one, line) != line:
            detail = f"operator number {number} is not what the registry's changes make of it"
            raise Invalid("list.differs", detail, pointer=f"/{number}", mend=_MEND)


def _line_of(authority: str, one: ListedOperator, line: Mapping[str, Any]) -> object:
    """Return what the line must be, with the codes that it states; None if these are not what the registry names."""
    try:
        code, stated = str(line["code"]), [str(alias["code"]) for alias in line["aliases"]]
        names = [alias_id(authority, alias.counterpart, text) for alias, text in _pairs(one, stated)]
        if operator_id(code) != one.operator or names != list(one.aliases):
            return None
        return operator_json(one, code, stated)
    except (Invalid, KeyError, TypeError, ValueError):
        return None


def _pairs(one: ListedOperator, codes: Sequence[str]) -> list[tuple[Any, str]]:
    return list(zip(one.aliases.values(), codes, strict=True))


def _heads(summary: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return list(summary["heads"].items())
