"""The tries and the RLP under the chain against Ethereum's own vectors, where they are at hand."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import rlp
from eth.db.hash_trie import HashTrie
from rlp.exceptions import DecodingError, DeserializationError
from trie.hexary import HexaryTrie

from tests.chain.trie_walk import decode, value_at

VECTORS = Path(__file__).parents[2].parent / "shared" / "vectors" / "trie"
pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason="../shared/vectors/trie is not there")


def _cases(name: str) -> list[Any]:
    path = VECTORS / name
    return [pytest.param(case, id=key) for key, case in json.loads(path.read_text()).items()] if path.is_file() else []


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:]) if text.startswith("0x") else text.encode("latin-1")


def _pairs(case: dict) -> list[tuple[bytes, bytes | None]]:
    given = case["in"].items() if isinstance(case["in"], dict) else case["in"]
    return [(_bytes(key), None if value is None else _bytes(value)) for key, value in given]


def _fill(trie: Any, pairs: Any) -> None:
    for key, value in pairs:
        if value is None:
            trie.delete(key)
        else:
            trie[key] = value


@pytest.mark.parametrize("case", _cases("TrieTests/trietest.json"))
def test_trie(case: dict) -> None:
    trie = HexaryTrie({}, prune=False)
    _fill(trie, _pairs(case))
    assert "0x" + trie.root_hash.hex() == case["root"]


@pytest.mark.parametrize("case", _cases("TrieTests/trieanyorder.json"))
def test_trie_in_any_order(case: dict) -> None:
    for order in list(permutations(_pairs(case)))[:24]:
        trie = HexaryTrie({})
        _fill(trie, order)
        assert "0x" + trie.root_hash.hex() == case["root"]


@pytest.mark.parametrize(
    "case",
    [
        *_cases("TrieTests/trietest_secureTrie.json"),
        *_cases("TrieTests/trieanyorder_secureTrie.json"),
        *_cases("TrieTests/hex_encoded_securetrie_test.json"),
    ],
)
def test_secure_trie_as_the_state_uses_it(case: dict) -> None:
    inner = HexaryTrie({}, prune=True)
    trie = HashTrie(inner)
    pairs = _pairs(case)
    for key, value in pairs:
        if value is None:
            trie.pop(key, None)
        else:
            trie[key] = value
    assert "0x" + inner.root_hash.hex() == case["root"]
    for key, value in dict(pairs).items():
        proof = [rlp.encode(node) for node in _proof(inner, key)]
        nodes = [node for place, node in enumerate(proof) if place == 0 or len(node) >= 32]
        assert value_at(inner.root_hash, key, nodes) == (value or b"")


def _proof(trie: HexaryTrie, key: bytes) -> tuple[Any, ...]:
    from eth_utils.crypto import keccak

    return tuple(trie.get_proof(keccak(key)))


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [_value(one) for one in value]
    if isinstance(value, str) and not value.startswith("#"):
        return value.encode("latin-1")
    number = int(value[1:]) if isinstance(value, str) else value
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


@pytest.mark.parametrize("case", _cases("RLPTests/rlptest.json"))
def test_rlp(case: dict) -> None:
    encoded = bytes.fromhex(case["out"][2:])
    assert rlp.encode(_value(case["in"])) == encoded
    assert rlp.decode(encoded) == decode(encoded) == _value(case["in"])


@pytest.mark.parametrize("case", _cases("RLPTests/invalidRLPTest.json"))
def test_invalid_rlp(case: dict) -> None:
    """The library reads two of them (`b800`, `f800`); those the chain's intake sees by encoding again."""
    encoded = bytes.fromhex(case["out"].removeprefix("0x"))
    try:
        decoded = rlp.decode(encoded)
    except (DecodingError, DeserializationError):
        return
    assert rlp.encode(decoded) != encoded
