"""A value of a document, and where it stands."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from verifier.consignment.aspect import Aspect

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Particular:
    """`value`: in the form in which it is compared; None where it is stated in a way that cannot be compared."""

    value: Any
    pointer: str


@dataclass(frozen=True, slots=True)
class Reader:
    """How a kind of document states an aspect.

    place: where its values stand, or would. group: the member that hides it where that is withheld; None: it always
    shows. `read` gets a document that follows the schema of its kind.
    """

    place: str
    read: Callable[[Document], Iterable[Particular]]
    group: str | None = None


Readers = Mapping[Aspect, Reader]
