"""What a kind of document is: its name and version, its schema, and what of it may be withheld."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from jsonschema_rs import Draft202012Validator

from ledger.errors import Invalid
from ledger.kinds.foreign import foreign
from ledger.kinds.gate_field import GateField, GateValue
from ledger.kinds.problem import MOST, DocumentInvalid, Problem
from ledger.kinds.schema import Schema, compiled, without
from ledger.kinds.wording import problems_of

Document = dict[str, Any]

_NAMED = 3


def _no_rules(_document: Document) -> Iterable[Problem]:
    return ()


def _no_expiry(_document: Document) -> int | None:
    return None


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of document, in one version.

    noun: how an error calls a document of this kind, with its article (`a transport document`).
    number_member: the member with the document's own number.
    groups: JSON pointers of the members that may be withheld, each as one subtree; none lies inside another.
    gate: what a gate statement repeats, none of it in a group.
    rules: the problems that JSON Schema cannot state; they judge only members that are there.
    expires: when the document itself says that it ends, in seconds since the epoch (exclusive); None: never.
    """

    name: str
    version: str
    noun: str
    label_en: str
    label_zh: str
    number_member: str
    groups: tuple[str, ...]
    schema: Schema
    rules: Callable[[Document], Iterable[Problem]] = _no_rules
    expires: Callable[[Document], int | None] = _no_expiry
    gate: tuple[GateField, ...] = ()

    @property
    def vct(self) -> str:
        """Name and version as the envelope states them."""
        return f"urn:portseal:kind:{self.name}:{self.version}"

    def number(self, document: Document) -> str:
        """Return the document's own number (of a valid document)."""
        return str(document[self.number_member])

    def gate_fields(self, document: Document) -> dict[int, GateValue]:
        """Return what a gate statement repeats of a valid document, by label."""
        read = {field.label: field.read(document) for field in self.gate}
        return {label: value for label, value in read.items() if value is not None}

    def validate(self, document: Any, *, withheld: Collection[str] = ()) -> None:
        """Check `document`, from which the groups `withheld` were taken, against the schema and the rules.

        Raises DocumentInvalid (`document.schema`), and Invalid `kind.group` if something else than a group is withheld.
        """
        self._check_groups(withheld)
        validator, schema = _validator(self, frozenset(withheld))
        problems = _problems(validator, schema, document) or list(islice(self.rules(document), MOST))
        if problems:
            raise self._refusal(document, problems)

    def _check_groups(self, withheld: Collection[str]) -> None:
        for pointer in withheld:
            if pointer not in self.groups:
                raise Invalid(
                    "kind.group",
                    f"this member of {self.noun} cannot be withheld",
                    mend="withhold only " + ", ".join(self.groups),
                    pointer=pointer,
                )

    def lacks(self, document: Mapping[str, Any]) -> list[str]:
        """Return which of the members that it must have are not there; for telling what a document may be."""
        return [name for name in self.schema["required"] if name not in document]

    def _refusal(self, document: Any, problems: list[Problem]) -> DocumentInvalid:
        """Say so if it lacks its number, or most of what makes a document of this kind; and what it is instead."""
        demanded = {f"/{name}": name for name in self.schema["required"]}
        missing = [demanded[pointer] for pointer, detail in problems if pointer in demanded and "missing" in detail]
        if self.number_member not in missing and len(missing) <= len(demanded) / 2:
            return DocumentInvalid(problems)
        known, others = foreign(document), len(missing) - _NAMED
        what = f"{known.what}, not {self.noun}" if known else f"not {self.noun}"
        named = ", ".join(missing[:_NAMED]) + (f" and {others} more" if others > 0 else "")
        refusal = DocumentInvalid(problems, f"this is {what}; missing: {named}")
        refusal.mend = known.mend if known else refusal.mend
        return refusal


@lru_cache(maxsize=128)
def _validator(kind: Kind, withheld: frozenset[str]) -> tuple[Draft202012Validator, Schema]:
    schema = without(kind.schema, sorted(withheld))
    return compiled(schema), schema


def _problems(validator: Draft202012Validator, schema: Schema, document: Any) -> list[Problem]:
    try:
        if validator.is_valid(document):
            return []
        errors = islice(validator.iter_errors(document), MOST)
        found = (problem for error in errors for problem in problems_of(error, schema))
        return list(islice(dict.fromkeys(found), MOST))
    except ValueError:
        return [Problem("", "the document is not a JSON value")]
