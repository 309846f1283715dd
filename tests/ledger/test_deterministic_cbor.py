"""Hostile CBOR: refused by form, quickly, and without running any tag's decoder."""

import time
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import deterministic_cbor
from ledger.errors import Invalid

values: Any = st.recursive(
    st.none() | st.integers(-(2**64), 2**64 - 1) | st.text(max_size=30) | st.binary(max_size=300),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text(max_size=30), inner, max_size=5),
    max_leaves=20,
)


@given(values.filter(lambda value: depth(value) <= 8))
def test_a_value_comes_back(value: object) -> None:
    assert deterministic_cbor.decode(deterministic_cbor.encode(value), "x") == value


def depth(value: Any) -> int:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def test_the_form_is_that_of_rfc_8949() -> None:
    value = {"chain": 24, "v": 1, "leaves": [None, b"\1", "é"]}
    assert deterministic_cbor.encode(value).hex() == "a361760165636861696e1818666c656176657383f6410162c3a9"


@pytest.mark.parametrize(
    "data",
    [
        "",
        "0100",  # two values
        "1800",  # 0 in two bytes
        "190001",
        "9f01ff",  # indefinite
        "5f4100ff",
        "bf616101ff",
        "a2616101616102",  # a key twice
        "a2616201616101",  # keys out of order
        "a10101ff",
        "a1810100",  # a list as key
        "61ff",  # not UTF-8
        "63eda080",  # a lone surrogate
        "c24101",  # tag: big number
        "c11a514b67b0",  # tag: time
        "d81c81d81d00",  # tag: a list that holds itself
        "d82343282b29",  # tag: regular expression
        "d82a4100",  # tag: link
        "d9d9f700",  # tag: this is CBOR
        "f97e01",  # a not-a-number with a payload
        "fb3ff0000000000000",  # 1.0 in eight bytes
        "f800",
        "1c",
        "ff",
    ],
)
def test_other_forms_are_refused(data: str) -> None:
    with pytest.raises(Invalid) as raised:
        deterministic_cbor.decode(bytes.fromhex(data), "thing")
    assert raised.value.code == "thing.form"


@pytest.mark.parametrize(
    "data",
    [
        b"\x81" * 1_000_000,
        b"\xa1" * 1_000_000,
        b"\xc1" * 1_000_000 + b"\0",
        b"\xd8\x1c" * 100_000 + b"\0",
        b"\x9b" + b"\xff" * 8,
        b"\x9b" + b"\0\0\0\xff" + b"\xff" * 4,
        b"\x5b" + b"\x7f" + b"\xff" * 7,
        b"\x5b\0\0\0\x0f" + b"\xff" * 4,
        b"\x7b\0\0\0\x0f" + b"\xff" * 4,
        b"\xbb\0\0\0\xff" + b"\xff" * 4,
        b"\xc2\x5a\0\x0f\xff\xff" + b"\xff" * 0xFFFFF,
        cbor2.dumps(cbor2.CBORTag(35, "(a+)+$" * 10_000)),
        cbor2.dumps(cbor2.CBORTag(4, [10**9, 1])),
    ],
)
def test_bombs_are_refused_at_once(data: bytes) -> None:
    start = time.thread_time()
    with pytest.raises(Invalid):
        deterministic_cbor.decode(data, "thing")
    assert time.thread_time() - start < 5


def test_no_tag_is_taken_but_those_allowed() -> None:
    for tag in [*range(300), 1004, 43000, 55799, 2**32]:
        data = cbor2.dumps(cbor2.CBORTag(tag, b"\0"))
        with pytest.raises(Invalid):
            deterministic_cbor.decode(data, "thing", frozenset({301}))
        assert deterministic_cbor.decode(data, "thing", frozenset({tag})) == cbor2.CBORTag(tag, b"\0")


@given(st.binary(max_size=60))
def test_rubbish_raises_invalid_at_most(data: bytes) -> None:
    try:
        value = deterministic_cbor.decode(data, "thing")
    except Invalid:
        return
    assert deterministic_cbor.encode(value) == data
