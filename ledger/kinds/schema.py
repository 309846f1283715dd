"""A kind's JSON Schema (2020-12): read from its file, and loosened where members are withheld."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator, RegexOptions

from ledger.json_pointer import tokens

Schema = dict[str, Any]


def read(kind: str, version: str) -> Schema:
    """Return the schema document `schemas/<kind>.<version>.json` of this package."""
    path = Path(__file__).parent / "schemas" / f"{kind}.{version}.json"
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    return schema


def compiled(schema: Schema) -> Draft202012Validator:
    """Return the validator: formats are checked, patterns run in linear time, nothing is ever fetched."""
    return Draft202012Validator(schema, validate_formats=True, pattern_options=RegexOptions(), offline=True)


def without(schema: Schema, pointers: Iterable[str]) -> Schema:
    """Return a schema that also takes documents from which the members at `pointers` were withheld.

    Only the demand that a member stands there is dropped; a member that stands there is judged as before.
    """
    for pointer in pointers:
        schema = _loosened(schema, tokens(pointer), schema)
    return schema


def _loosened(schema: Schema, path: Sequence[str], root: Schema) -> Schema:
    """Copy `schema` along `path`, following references, and drop the last step of `path` from every demand."""
    copy = _inlined(schema, root)
    for keyword in ("allOf", "anyOf", "oneOf"):
        if keyword in copy:
            copy[keyword] = [_loosened(branch, path, root) for branch in copy[keyword]]
    for keyword in ("then", "else"):
        if keyword in copy:
            copy[keyword] = _loosened(copy[keyword], path, root)
    name, rest = path[0], path[1:]
    if not rest and "required" in copy:
        copy["required"] = [member for member in copy["required"] if member != name]
    if rest and name in copy.get("properties", {}):
        copy["properties"] = {**copy["properties"], name: _loosened(copy["properties"][name], rest, root)}
    return copy


def _inlined(schema: Schema, root: Schema) -> Schema:
    """Copy `schema` with a reference into the same file turned into an `allOf` of what it names."""
    copy = dict(schema)
    if "$ref" in copy:
        target: Any = root
        for step in tokens(copy.pop("$ref").removeprefix("#")):
            target = target[step]
        copy["allOf"] = [*copy.get("allOf", []), target]
    return copy
