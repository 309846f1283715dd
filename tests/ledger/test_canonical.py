import hashlib
import struct
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import canonicalize, parse_canonical
from ledger.errors import Invalid
from ledger.strict_json import MAX_INTEGER, JSONValue, parse

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "jcs"
needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason=f"the RFC 8785 vectors are not there: {VECTORS}")

floats = st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: abs(x) <= MAX_INTEGER or abs(x) >= 1e21)
values = st.recursive(
    st.none() | st.booleans() | st.text() | floats | st.integers(-MAX_INTEGER, MAX_INTEGER),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)


@needs_vectors
@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_published_documents(name: str) -> None:
    expected = (VECTORS / "output" / f"{name}.json").read_bytes()
    assert expected == bytes.fromhex((VECTORS / "outhex" / f"{name}.txt").read_text())
    assert canonicalize(parse((VECTORS / "input" / f"{name}.json").read_bytes())) == expected


@needs_vectors
def test_twenty_thousand_published_numbers() -> None:
    lines = (VECTORS / "es6testfile20k.txt").read_text().splitlines()
    assert len(lines) == 20_000
    for line in lines:
        bits, _, expected = line.partition(",")
        (number,) = struct.unpack(">d", bytes.fromhex(bits.rjust(16, "0")))
        assert canonicalize(number) == expected.encode()
    ten_thousand = "".join(f"{line}\n" for line in lines[:10_000]).encode()
    assert hashlib.sha256(ten_thousand).hexdigest() == (
        "b9f7a8e75ef22a835685a52ccba7f7d6bdc99e34b010992cbc5864cd12be6892"
    )


@given(values)
def test_parsing_gives_the_value_back(value: JSONValue) -> None:
    assert parse(canonicalize(value)) == value


@given(values)
def test_agrees_with_the_library(value: JSONValue) -> None:
    assert canonicalize(value) == rfc8785.dumps(value)


@given(values)
def test_canonical_form_of_the_canonical_form_is_itself(value: JSONValue) -> None:
    once = canonicalize(value)
    assert canonicalize(parse(once)) == once


@given(values)
def test_canonical_bytes_are_read(value: JSONValue) -> None:
    assert parse_canonical(rfc8785.dumps(value)) == value


@pytest.mark.parametrize(
    "number", [0.1, -12.5, 0.0001, 0.00001, 1e-7, 4503599627370497.5, 1e21, 5e-324, 1.7976931348623157e308]
)
def test_a_number_is_read_in_its_one_form_only(number: float) -> None:
    canonical = rfc8785.dumps([number])
    assert parse_canonical(canonical) == [number]
    read = 0
    for other in {
        repr(number),
        f"{number:.20e}",
        f"{number:.400f}",
        f"{number:.17g}",
        f"{number:.1f}0",
        f"{number!r}0",
    }:
        if float(other) == number and f"[{other}]".encode() != canonical:
            with pytest.raises(Invalid):
                parse_canonical(f"[{other}]".encode())
            read += 1
    assert read >= 2


@given(st.dictionaries(st.text(min_size=1), st.just(0), min_size=2))
def test_members_stand_in_the_order_of_their_utf16_units(document: dict[str, JSONValue]) -> None:
    parsed = parse(canonicalize(document))
    assert isinstance(parsed, dict)
    keys = [key.encode("utf-16-be") for key in parsed]
    assert keys == sorted(keys)


def test_utf16_order_differs_from_code_point_order() -> None:
    assert canonicalize({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


@given(st.dictionaries(st.text(), values, min_size=1))
def test_order_of_writing_does_not_matter(document: dict[str, JSONValue]) -> None:
    assert canonicalize(dict(reversed(document.items()))) == canonicalize(document)


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"a": [1, MAX_INTEGER + 1]}, "/a/1"),
        ({"a": float("nan")}, "/a"),
        ([float("-inf")], "/0"),
        ({"a": {"b/": "\ud800"}}, "/a/b~1"),
        ({"a": {"\udc00": 1}}, "/a"),
        ({"a": b"bytes"}, "/a"),
        ({"a": {1: 1}}, "/a"),
        (object(), ""),
    ],
)
def test_no_canonical_form(value: Any, pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        canonicalize(value)
    assert (caught.value.code, caught.value.pointer) == ("canonical.value", pointer)
    assert caught.value.mend


def test_bottomless_nesting_is_refused() -> None:
    value: JSONValue = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(Invalid):
        canonicalize(value)
