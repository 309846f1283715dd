"""Items are counted before any is built."""

import time
import tracemalloc
from typing import Any

import cbor2
from hypothesis import given
from hypothesis import strategies as st

from anchors.cbor_items import check_items
from tests.ledger.code_of import code_of

VALUES = st.recursive(
    st.integers(-(2**63), 2**63) | st.text(max_size=300) | st.binary(max_size=300) | st.none(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=40,
)


def items(value: Any) -> int:
    if isinstance(value, list):
        return 1 + sum(map(items, value))
    if isinstance(value, dict):
        return 1 + sum(1 + items(one) for one in value.values())
    return 1


@given(VALUES)
def test_each_item_counts_once(value: Any) -> None:
    data, count = cbor2.dumps(value, canonical=True), items(value)
    assert code_of(check_items, data, count, "evidence") is None
    assert code_of(check_items, data, count - 1, "evidence") == "evidence.form"


@given(st.binary(max_size=400), st.integers(0, 100))
def test_any_bytes_come_to_an_end(data: bytes, most: int) -> None:
    assert code_of(check_items, data, most, "evidence") in (None, "evidence.form")


def test_gigabytes_in_few_bytes_are_refused_at_once() -> None:
    data = b"\x9a\x01\x00\x00\x00" + b"\x80" * 2**24
    tracemalloc.start()
    try:
        began = time.process_time()
        assert code_of(check_items, data, 100_000, "evidence") == "evidence.form"
        assert time.process_time() - began < 5
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()
