"""One RLP for each value; and the others, hostile ones, are refused without harm."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.strict_rlp import Item, decode, encode

VECTORS = Path(__file__).parents[2].parent / "shared" / "vectors" / "trie" / "RLPTests"

items = st.recursive(st.binary(max_size=80), lambda inner: st.lists(inner, max_size=5), max_leaves=12)


def _cases(name: str) -> list[Any]:
    path = VECTORS / name
    if not path.is_file():
        skip = pytest.mark.skip(reason="../shared/vectors/trie is not there")
        return [pytest.param({}, marks=skip)]
    return [pytest.param(case, id=key) for key, case in json.loads(path.read_text()).items()]


@pytest.mark.parametrize("case", _cases("rlptest.json"))
def test_vectors_are_read(case: dict[str, Any]) -> None:
    raw = bytes.fromhex(case["out"][2:])
    assert encode(decode(raw, 32)) == raw


@pytest.mark.parametrize("case", _cases("invalidRLPTest.json"))
def test_invalid_vectors_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(bytes.fromhex(case["out"].removeprefix("0x")), 32)


@given(items)
def test_what_is_encoded_is_read_again(item: Item) -> None:
    assert decode(encode(item), 64) == item


@given(st.binary(max_size=200))
def test_any_bytes_have_one_form_or_none(raw: bytes) -> None:
    try:
        item = decode(raw, 8)
    except ValueError:
        return
    assert encode(item) == raw


def test_depth() -> None:
    nested: Item = [b"a", [b"b"]]
    assert decode(encode(nested), 2) == nested
    with pytest.raises(ValueError, match="deeper"):
        decode(encode(nested), 1)
    with pytest.raises(ValueError, match="deeper"):
        decode(encode([]), 0)


def test_a_tower_of_lists_ends_nothing() -> None:
    tower = b""
    for _ in range(20_000):
        size = len(tower)
        tower = (bytes([0xC0 + size]) if size < 56 else b"\xf9" + size.to_bytes(2, "big")) + tower
        if len(tower) > 65_000:
            break
    with pytest.raises(ValueError, match="deeper"):
        decode(tower, 8)


@pytest.mark.parametrize(
    "raw", ["", "81", "b8", "bfffffffffffffffff", "ffffffffffffffffff", "c1", "c28101", "8100", "8000"]
)
def test_cut_off_or_in_another_form(raw: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(bytes.fromhex(raw), 8)
