"""Putting disclosures back into the claims: RFC 9901 §7.1 step 3, for any SD-JWT, recursive ones too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from sys import maxsize
from typing import Any, TypeAlias

from ledger.envelope.disclosure import RESERVED, Disclosure
from ledger.errors import Invalid
from ledger.json_pointer import append

# Where the walk is: the place of the holder, and the name or index in it. A pointer is made only where one is told.
_Place: TypeAlias = "tuple[_Place, str | int] | None"
_HOLDERS = (dict, list)

# More than there can be: every object and array is walked.
_UNKNOWN = maxsize

# Disclosures inside disclosures could nest without end; our envelopes do not nest them at all.
_DEEPEST = 100


@dataclass(frozen=True)
class Revealed:
    """The claims with disclosures put back and digests gone.

    places: digest -> JSON pointer of the `_sd` array that holds it, or of the array in which it is an element.
    holders: all those pointers, of empty `_sd` arrays too.
    """

    claims: dict[str, Any]
    places: dict[str, str]
    holders: set[str]


def reveal(claims: Mapping[str, Any], disclosures: Sequence[Disclosure], payload: bytes = b"") -> Revealed:
    """Put every disclosure where its digest stands. What holds no digests may be shared with `claims`, not copied.

    payload: the RFC 8785 bytes of the claims, if there are such: they tell where to stop looking for digests.

    Raises Invalid `envelope.digest` (an `_sd` or `...` of a wrong form), `envelope.disclosure` (an element's where a
    member's belongs, or the other way), `envelope.disclosure-duplicate` (a disclosure or a digest twice),
    `envelope.disclosure-unreferenced`, `envelope.disclosure-name` (a name that is there already),
    `envelope.disclosure-place` (nested too deep).
    """
    is_counted = payload and all(disclosure.is_plain for disclosure in disclosures)
    work = _Reveal(_by_digest(disclosures), _reserved_names(payload) if is_counted else _UNKNOWN)
    work.reserved -= "_sd_alg" in claims
    revealed = work.members({name: value for name, value in claims.items() if name != "_sd_alg"}, None, 0)
    if work.unused:
        raise Invalid(
            "envelope.disclosure-unreferenced",
            "a disclosure belongs to no digest of the signed claims",
            mend="present the disclosures of this envelope only",
        )
    return Revealed(revealed, work.places, work.holders)


def _by_digest(disclosures: Sequence[Disclosure]) -> dict[str, Disclosure]:
    found = {disclosure.digest: disclosure for disclosure in disclosures}
    if len(found) != len(disclosures):
        raise _duplicate("the same disclosure is presented twice")
    return found


def _reserved_names(payload: bytes) -> int:
    """Count the members `_sd`, `...` and `_sd_alg`: in RFC 8785 bytes each stands like this, and hardly a text does."""
    return sum(payload.count(name) for name in (b'"_sd":', b'"...":', b'"_sd_alg":'))


@dataclass
class _Reveal:
    """One walk: which disclosures are still unused, how many reserved names not met yet, where each digest was seen.

    More reserved names than there are only make the walk longer; with none left, nothing further holds digests.
    """

    unused: dict[str, Disclosure]
    reserved: int
    places: dict[str, str] = field(default_factory=dict)
    holders: set[str] = field(default_factory=set)

    def value(self, value: Any, holder: _Place, token: str | int, depth: int) -> Any:
        """Return `value`, the member or element `token` of what stands at `holder`, with disclosures put back."""
        if not self.reserved or not isinstance(value, _HOLDERS):
            return value
        if depth > _DEEPEST:
            raise Invalid(
                "envelope.disclosure-place",
                f"the claims nest more than {_DEEPEST} deep",
                mend="ask the issuer for an envelope without nested disclosures",
            )
        place = (holder, token)
        return self.members(value, place, depth) if isinstance(value, dict) else self.elements(value, place, depth)

    def members(self, members: Mapping[str, Any], place: _Place, depth: int) -> dict[str, Any]:
        if "..." in members or "_sd_alg" in members:
            raise _bad_digest("... or _sd_alg stands where it does not belong", _pointer(place))
        self.reserved -= "_sd" in members
        result = {
            name: self.value(value, place, name, depth + 1) if isinstance(value, _HOLDERS) else value
            for name, value in members.items()
            if name != "_sd"
        }
        if "_sd" in members:
            self._put_members(members["_sd"], result, place, depth)
        return result

    def elements(self, elements: Sequence[Any], place: _Place, depth: int) -> list[Any]:
        result = []
        for index, element in enumerate(elements):
            if not (isinstance(element, dict) and "..." in element):
                result.append(self.value(element, place, index, depth + 1))
                continue
            self.reserved -= 1
            if disclosure := self._take(_element_digest(element, place), _pointer(place), of_member=False):
                result.append(self.value(disclosure.value, place, index, depth + 1))
        return result

    def _put_members(self, digests: Any, result: dict[str, Any], holder: _Place, depth: int) -> None:
        pointer = _pointer((holder, "_sd"))
        if not isinstance(digests, list) or not all(isinstance(digest, str) for digest in digests):
            raise _bad_digest("_sd is not an array of texts", pointer)
        self.holders.add(pointer)
        for digest in digests:
            disclosure = self._take(digest, pointer, of_member=True)
            if disclosure is None or disclosure.name is None:
                continue
            if disclosure.name in result or disclosure.name in RESERVED:
                raise Invalid(
                    "envelope.disclosure-name",
                    "a disclosure has the name of a member that is there already",
                    pointer=_pointer(holder),
                    mend="ask the issuer for a new envelope",
                )
            result[disclosure.name] = self.value(disclosure.value, holder, disclosure.name, depth + 1)

    def _take(self, digest: str, pointer: str, *, of_member: bool) -> Disclosure | None:
        if digest in self.places:
            raise _duplicate("one digest stands twice in the claims")
        self.places[digest] = pointer
        self.holders.add(pointer)
        disclosure = self.unused.pop(digest, None)
        if disclosure and (disclosure.name is not None) != of_member:
            raise Invalid(
                "envelope.disclosure",
                "a disclosure has the form of a member where an element stands, or the other way",
                pointer=pointer,
                mend="ask the issuer for a new envelope",
            )
        return disclosure


def _pointer(place: _Place) -> str:
    return "" if place is None else append(_pointer(place[0]), place[1])


def _element_digest(element: Mapping[str, Any], place: _Place) -> str:
    digest = element["..."]
    if len(element) != 1 or not isinstance(digest, str):
        raise _bad_digest("an element with ... holds something else too, or no text", _pointer(place))
    return digest


def _duplicate(detail: str) -> Invalid:
    return Invalid("envelope.disclosure-duplicate", detail, mend="present each disclosure once")


def _bad_digest(detail: str, pointer: str) -> Invalid:
    return Invalid("envelope.digest", detail, pointer=pointer, mend="ask the issuer for a new envelope")
