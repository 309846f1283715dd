"""Every quick way through the strict front says what the slow way says, of hostile input too."""

import json
from itertools import accumulate
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from ledger import canonical, strict_json
from ledger.canonical import canonicalize, parse_canonical
from ledger.errors import Invalid
from ledger.strict_json import DEFAULT, Limits, parse
from tests.ledger.json_cases import TEXT, VALUES

LIMITS = st.builds(Limits, max_bytes=st.integers(0, 60), max_depth=st.integers(0, 4), max_members=st.integers(0, 6))


def outcome(call: Any, *arguments: Any) -> Any:
    """Return what `call` gives, with the types of all its values; of a refusal all that is told."""
    try:
        return repr(call(*arguments))
    except Invalid as error:
        return error.code, error.detail, error.pointer, error.mend


def slowly(data: bytes, limits: Limits) -> Any:
    """Read canonical bytes by the definition: read, write again, compare."""
    value = parse(data, limits)
    if canonicalize(value) != data:
        raise Invalid("canonical.form", "the bytes are not in the form of RFC 8785", mend="canonicalize the value")
    return value


@given(TEXT.map(str.encode) | st.binary(max_size=40), st.just(DEFAULT) | LIMITS)
@example('{"\ufb33":1,"\U0001f600":2}'.encode(), DEFAULT)
@example('{"\U0001f600":2,"\ufb33":1}'.encode(), DEFAULT)
@example(b'{"a":1,"a":1}', DEFAULT)
@example(b"[12.0]", DEFAULT)
@example(b"[12.5]", DEFAULT)
@example(b"[12.50]", DEFAULT)
@example(b"[0.00001]", DEFAULT)
@example(b"[1e-05]", DEFAULT)
@example(b"[1e-7]", DEFAULT)
@example(b"[-0.0]", DEFAULT)
@example(b"[1e400]", DEFAULT)
@example(b"[4503599627370497.5]", DEFAULT)
@example(b"[10000000000000000.5]", DEFAULT)
@example(b"[1e+22]", DEFAULT)
@example(b"[9007199254740992]", DEFAULT)
@example(b"[NaN]", DEFAULT)
@example(b'["\\ud800"]', DEFAULT)
def test_canonical_bytes(data: bytes, limits: Limits) -> None:
    assert outcome(parse_canonical, data, limits) == outcome(slowly, data, limits)


@given(VALUES)
def test_what_was_written_canonically_is_read(value: Any) -> None:
    try:
        data = canonicalize(value)
    except Invalid:
        return
    assert outcome(parse_canonical, data) == outcome(parse, data)


@given(VALUES, st.integers(0), st.characters(max_codepoint=0x20000, exclude_categories=["Cs"]))
def test_canonical_bytes_with_one_character_changed(value: Any, place: int, other: str) -> None:
    try:
        text = canonicalize(value).decode()
    except Invalid:
        return
    place %= len(text)
    for changed in (text[:place] + other + text[place + 1 :], text[:place] + other + text[place:]):
        data = changed.encode()
        assert outcome(parse_canonical, data, DEFAULT) == outcome(slowly, data, DEFAULT)


def test_an_ordinary_document_takes_the_quick_way() -> None:
    for text in ('{"a":{"b":[1,true,null,"x"]}}', '{"name":"黄浦江"}', '["a\\\\b\\"\\n"]'):
        assert canonical._at_a_glance(text.encode()) == json.loads(text)


BRACKETS = st.recursive(
    st.sampled_from(["", "0", '"]"', '"["', '"{[\\""', '"a"']),
    lambda inner: (
        st.lists(inner, max_size=3)
        .map(",".join)
        .flatmap(lambda text: st.sampled_from([f"[{text}]", f'{{"":{text}}}', f"[{text}", f"{text}]"]))
    ),
)


@given(BRACKETS.map(str.encode) | st.text(alphabet='[{]},"\\:a ', max_size=40).map(str.encode), LIMITS)
@example(b'["]",["]",0,"["],"["]', Limits(60, 1, 30))
@example(b"[}[}", Limits(60, 1, 30))
def test_what_is_small_is_within_the_limits(data: bytes, limits: Limits) -> None:
    if strict_json._is_small(data, limits):
        marks = strict_json._outside_texts(data, limits).translate(None, strict_json._NOT_STRUCTURE)
        assert max(accumulate(map(strict_json._STEP.__getitem__, marks)), default=0) <= limits.max_depth
        assert sum(map(marks.count, (b"[", b"{", b","))) <= limits.max_members


def plainly_wrong(value: Any) -> bool:
    """Tell, by the most naive reading, whether a value read with `Pairs` for objects is refused."""
    if isinstance(value, Pairs):
        names = [name for name, _ in value]
        return len(set(names)) < len(names) or any(plainly_wrong(member) for _, member in value)
    if isinstance(value, list):
        return any(map(plainly_wrong, value))
    if isinstance(value, Number):
        return value.is_wrong
    return False


class Pairs(tuple[tuple[str, Any], ...]):
    """An object with all its members, those that stand twice too."""


class Number(str):
    """A number as it stands."""

    @property
    def is_wrong(self) -> bool:
        if self in ("NaN", "Infinity", "-Infinity"):
            return True
        number = float(self)
        if set(self) & set(".eE"):
            return abs(number) == float("inf") or 2**53 - 1 < abs(number) < 1e21
        return abs(int(self)) > 2**53 - 1


@given(TEXT)
def test_what_is_refused_is_refused_for_a_reason(text: str) -> None:
    try:
        naive = json.loads(text, object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=Number)
    except ValueError:
        expected = "json.syntax"
    else:
        expected = "json" if plainly_wrong(naive) else ""
    found = outcome(parse, text.encode())
    code = found[0] if isinstance(found, tuple) else ""
    if expected == "json":
        assert code in ("json.duplicate-key", "json.number")
    elif code not in ("json.surrogate", "json.byte-order-mark"):
        assert code == expected
