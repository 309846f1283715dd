"""Who is named in a document, compared with care: one company is written in many ways."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Any

from verifier.consignment.particular import Particular
from verifier.consignment.plain import plain_code

_NOT_WORD = re.compile(r"[\W_]+")
_FORMS = frozenset(
    {"ag", "bhd", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kk", "limited", "llc"}
    | {"llp", "ltd", "nv", "plc", "pte", "pt", "pty", "sa", "sdn", "spa", "srl", "tbk"}
)
_CHINESE_FORM = re.compile(r"(股份|责任)?有限(责任)?公司$")


class Likeness(StrEnum):
    """OTHER_CODE: one name, and two codes of one scheme. OTHER_SCRIPT: no letters in common, so nothing to compare."""

    SAME = "same"
    DIFFERENT = "different"
    OTHER_CODE = "other-code"
    OTHER_SCRIPT = "other-script"


@dataclass(frozen=True, slots=True)
class Party:
    """`codes`: (scheme, code), both in plain form."""

    name: str
    codes: frozenset[tuple[str, str]] = frozenset()

    def likeness(self, other: "Party") -> Likeness:
        """Compare two: a code in common counts more than names, and names without their legal form."""
        if self.codes & other.codes:
            return Likeness.SAME
        mine, theirs = plain_name(self.name), plain_name(other.name)
        if mine == theirs:
            schemes = {scheme for scheme, _ in self.codes} & {scheme for scheme, _ in other.codes}
            return Likeness.OTHER_CODE if schemes else Likeness.SAME
        return Likeness.DIFFERENT if _scripts(mine) & _scripts(theirs) else Likeness.OTHER_SCRIPT


_BEST = (Likeness.SAME, Likeness.OTHER_CODE, Likeness.DIFFERENT, Likeness.OTHER_SCRIPT)


def likest(some: Sequence[Particular], others: Sequence[Particular]) -> tuple[Likeness, Particular, Particular]:
    """Return the two that are most alike, of those that may stand for one party, and how much."""
    found = [(one.value.likeness(other.value), one, other) for one, other in product(some, others)]
    return min(found, key=lambda each: _BEST.index(each[0]))


def plain_name(name: str) -> str:
    """Return a name without case, punctuation, width, and the words for its legal form at the end."""
    text = _CHINESE_FORM.sub("", unicodedata.normalize("NFKC", name).casefold().strip())
    words = _NOT_WORD.sub(" ", re.sub(r"(?<=\w)\.(?=\w\b)", "", text)).split()
    kept = list(words)
    while kept and kept[-1] in _FORMS:
        kept.pop()
    return " ".join(kept or words)


def codes_of(pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Return codes in plain form."""
    return frozenset((plain_code(scheme), plain_code(code)) for scheme, code in pairs)


def party_at(pointer: str, party: Mapping[str, Any] | None) -> list[Particular]:
    """Return a party with `name` and `identifiers` (`scheme`, `value`), if it is there."""
    if party is None:
        return []
    codes = codes_of((one["scheme"], one["value"]) for one in party.get("identifiers", ()))
    return [Particular(Party(party["name"], codes), pointer)]


def _scripts(name: str) -> frozenset[str]:
    """Return the scripts of its letters, by the first word of their Unicode names."""
    return frozenset(unicodedata.name(letter, "?").partition(" ")[0] for letter in name if letter.isalpha())
