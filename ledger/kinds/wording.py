"""From the schema library's findings to our problems."""

from collections.abc import Callable, Iterator
from typing import Any

from jsonschema_rs import ValidationError

from ledger.json_pointer import append, shown
from ledger.kinds.problem import Problem, member_name

_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}

# The schema's keyword, and what is to be said of the member, given the keyword's value.
_SENTENCES: dict[str, Callable[[Any], str]] = {
    "type": lambda types: "must be " + " or ".join(_TYPES[name] for name in types),
    "enum": lambda options: "must be one of " + ", ".join(map(str, options)),
    "const": lambda value: f"must be {value}",
    "maxLength": lambda limit: f"is longer than {limit} characters",
    "minLength": lambda limit: f"is shorter than {limit} characters",
    "maxItems": lambda limit: f"has more than {limit} entries",
    "minItems": lambda limit: "must not be empty" if limit == 1 else f"has fewer than {limit} entries",
    "uniqueItems": lambda _: "names the same thing twice",
    "minimum": lambda limit: f"is smaller than {limit}",
    "maximum": lambda limit: f"is greater than {limit}",
    "exclusiveMinimum": lambda limit: f"must be greater than {limit}",
}


def problems_of(error: ValidationError, schema: dict[str, Any]) -> Iterator[Problem]:
    """Yield the problems that `error`, found with `schema`, stands for. No value of the document is repeated."""
    pointer = ""
    for step in error.instance_path:
        pointer = append(pointer, step)
    match error.kind.name:
        case "required":
            yield _missing(append(pointer, error.kind.value))
        case "anyOf" | "oneOf":
            yield from _of_branches(error, pointer, schema)
        case keyword:
            yield Problem(shown(pointer), f"{member_name(pointer)} {_sentence(keyword, error, schema)}")


def _missing(pointer: str) -> Problem:
    return Problem(shown(pointer), f"{member_name(pointer)} is missing")


def _sentence(keyword: str, error: ValidationError, schema: dict[str, Any]) -> str:
    if keyword in _SENTENCES:
        return _SENTENCES[keyword](error.kind.value)
    place: Any = schema
    for step in error.schema_path[:-1]:
        place = place[step]
    return f"must be {place.get('description', 'of the form that its kind asks for')}"


def _of_branches(error: ValidationError, pointer: str, schema: dict[str, Any]) -> Iterator[Problem]:
    """Of alternatives: name what each lacks, or what is wrong in the one that was meant (nothing missing there)."""
    branches: list[list[ValidationError]] = error.kind.context  # type: ignore[attr-defined]
    lacking = [_lacking(branch) for branch in branches]
    for names, branch in zip(lacking, branches, strict=True):
        if branch and not names:
            for inner in branch:
                yield from problems_of(inner, schema)
            return
    names = [name for branch_names in lacking for name in branch_names]
    if all(lacking):
        yield Problem(shown(pointer), f"{member_name(pointer)} needs one of {', '.join(names)}")
    else:
        yield Problem(shown(pointer), f"{member_name(pointer)} holds two members that exclude each other")


def _lacking(branch: list[ValidationError]) -> list[str]:
    return [inner.kind.value for inner in branch if inner.kind.name == "required"]
