"""The reader of the state's tries against the library's, on tries of every shape."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import rlp
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st
from trie.hexary import HexaryTrie

from ledger.embedded.database import Database
from ledger.embedded.trie_reader import TrieReader

KEYS = st.integers(0, 40).map(lambda number: number.to_bytes(32))
# As storage keeps them: values of one byte make leaves that stand inside their parents.
VALUES = st.one_of(st.integers(1, 255), st.integers(1, 2**256 - 1)).map(lambda number: rlp.encode(number))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with closing(Database(Path(tmp_path_factory.mktemp("tries")) / "chain.sqlite")) as database:
        yield database


def built(values: dict[bytes, bytes]) -> HexaryTrie:
    trie = HexaryTrie({})
    for key, value in values.items():
        trie[keccak(key)] = value
    return trie


@settings(max_examples=200, deadline=None)
@given(values=st.dictionaries(KEYS, VALUES, max_size=30), asked=st.lists(KEYS, min_size=1, max_size=8))
def test_the_same_values_and_proofs(database: Database, values: dict[bytes, bytes], asked: list[bytes]) -> None:
    trie = built(values)
    database.commit(trie.db.items(), ())
    reader = TrieReader(database)
    for key in asked:
        value, nodes = reader.path(trie.root_hash, key)
        encoded = [rlp.encode(node) for node in trie.get_proof(keccak(key))]
        assert value == trie[keccak(key)] == values.get(key, b"")
        assert nodes == [node for place, node in enumerate(encoded) if place == 0 or len(node) >= 32]


def test_values_that_stand_inside_their_parent(database: Database) -> None:
    """Two hashed keys that part at the last nibble: no 32 bytes of leaf, one node for both."""
    trie = HexaryTrie({})
    key, beside = keccak(b"one"), keccak(b"one")[:-1] + bytes([keccak(b"one")[-1] ^ 1])
    trie[key], trie[beside] = b"\x05", b"\x06"
    database.commit(trie.db.items(), ())
    value, nodes = TrieReader(database).path(trie.root_hash, b"one")
    assert value == b"\x05"
    assert len(nodes) < len(trie.get_proof(key))


def test_a_missing_node_is_an_error_and_no_absence(database: Database) -> None:
    trie = built({number.to_bytes(32): rlp.encode(number + 1) for number in range(60)})
    root = trie.root_hash
    database.commit([(root, trie.db[root])], ())
    with pytest.raises(KeyError):
        TrieReader(database).value(root, (3).to_bytes(32))


def test_what_is_no_node_is_an_error(database: Database) -> None:
    raw = rlp.encode([b"a", b"b", b"c"])
    database.commit([(keccak(raw), raw)], ())
    with pytest.raises(ValueError, match="not a node"):
        TrieReader(database).value(keccak(raw), b"anything")
