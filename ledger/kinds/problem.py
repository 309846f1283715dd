"""What is wrong with a document, in words a person understands."""

from collections.abc import Sequence
from typing import NamedTuple

from ledger.errors import Invalid
from ledger.json_pointer import tokens

MOST = 20
"""How many problems of one document are reported."""

_MEND = "correct the members named in the problems; docs/kinds.md says what each kind asks for"


class Problem(NamedTuple):
    """One member that is wrong: its JSON pointer, and a sentence without the member's value."""

    pointer: str
    detail: str


class DocumentInvalid(Invalid):
    """A document is not what its kind asks for (`document.schema`).

    problems: what is wrong, at most MOST of them; the first one gives the error its pointer.
    detail: the sentence for all of them together, if the first one does not say enough.
    """

    def __init__(self, problems: Sequence[Problem], detail: str | None = None) -> None:
        first = problems[0]
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__("document.schema", detail or first.detail + more, mend=_MEND, pointer=first.pointer)
        self.problems = list(problems)


def member_name(pointer: str) -> str:
    """Return how a sentence calls the member: `seals[0]`, or `the document` for the root."""
    steps = tokens(pointer)
    name = ""
    while steps and steps[-1].isdigit():
        name = f"[{steps.pop()}]{name}"
    return (steps[-1] if steps else "") + name or "the document"
