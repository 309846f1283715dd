"""Our own walk, RLP, hash and addresses against the Ethereum libraries, on tries that chance makes."""

import pytest
import rlp
from eth_utils import is_checksum_address as known_checksum
from eth_utils import keccak as known_keccak
from eth_utils import to_checksum_address
from hypothesis import given, settings
from hypothesis import strategies as st
from trie.hexary import HexaryTrie

from contracts.keccak import keccak
from ledger.address import address_bytes, checksum_address, is_checksum_address
from ledger.strict_rlp import encode
from ledger.trie_walk import EMPTY_ROOT, walk

# Short keys part late and early, so that nodes stand in their parents, and paths are of every kind.
KEYS = st.binary(min_size=2, max_size=2) | st.binary(min_size=32, max_size=32)
ITEMS = st.recursive(st.binary(max_size=70), lambda inner: st.lists(inner, max_size=5), max_leaves=12)


@given(st.dictionaries(KEYS, st.binary(min_size=1, max_size=40), max_size=40), st.lists(KEYS, max_size=8))
@settings(max_examples=200)
def test_the_same_values_and_the_same_absences(entries: dict[bytes, bytes], others: list[bytes]) -> None:
    trie = HexaryTrie({})
    for key, value in entries.items():
        trie[key] = value
    for key in [*entries, *others]:
        assert walk(trie.root_hash, key, trie.db.__getitem__) == trie[key]


def test_an_empty_trie() -> None:
    assert HexaryTrie({}).root_hash == EMPTY_ROOT
    assert walk(EMPTY_ROOT, b"k" * 32, {}.__getitem__) == b""


@pytest.mark.parametrize(
    "node",
    [
        [],
        [b"\x20"],
        [b"", b"v"],
        [b"\x00", b"h" * 32],
        [b"\x40" + b"k" * 32, b"v"],
        [b"\x16", b""],
        [b"\x16", b"h" * 31],
        [b"\x16", [b"v" * 32, b"v"]],
        [b"h"] * 16,
        [b"\x20" + b"k" * 32, [b"v"]],
    ],
)
def test_what_is_no_node(node: list[bytes] | bytes) -> None:
    raw = encode(node)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r".+"):
        walk(keccak(raw), b"k" * 32, {keccak(raw): raw, b"v" * 32: raw}.__getitem__)


def test_a_node_that_is_not_given() -> None:
    with pytest.raises(KeyError):
        walk(b"h" * 32, b"k" * 32, {}.__getitem__)


@given(st.binary(max_size=600))
def test_the_hash(data: bytes) -> None:
    assert keccak(data) == known_keccak(data)


@given(ITEMS)
def test_the_rlp(item: object) -> None:
    assert encode(item) == rlp.encode(item)  # type: ignore[arg-type]


@given(st.binary(min_size=20, max_size=20))
def test_addresses(address: bytes) -> None:
    text = checksum_address(address)
    assert text == to_checksum_address(address)
    assert address_bytes(text) == address
    assert is_checksum_address(text)
    for other in (text.lower(), text.upper(), text[2:], text + "0", text[:-1] + "g", address, None):
        assert is_checksum_address(other) == bool(known_checksum(other) and other == text)
