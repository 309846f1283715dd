"""Our tries beside the library's: the same roots, values and nodes, whatever is written and deleted in which order."""

from typing import Any

import pytest
import rlp
from eth.db.account import AccountDB
from eth.db.atomic import AtomicDB
from eth.db.backends.memory import MemoryDB
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st
from trie.exceptions import MissingTrieNode
from trie.hexary import HexaryTrie

from ledger.embedded.quick_trie import QuickAccounts, QuickTrie, encode

KEYS = st.integers(0, 30).map(lambda number: keccak(number.to_bytes(32)))
VALUES = st.one_of(st.just(b""), st.integers(1, 200), st.integers(1, 2**256 - 1)).map(
    lambda one: one if isinstance(one, bytes) else rlp.encode(one)
)
WRITES = st.lists(st.tuples(KEYS, VALUES), max_size=40)
ADDRESSES = st.integers(0, 4).map(lambda number: bytes([number]) * 20)
STORED = st.lists(st.tuples(ADDRESSES, st.integers(0, 9), st.sampled_from([0, 0, 1, 127, 128, 2**255])), max_size=30)


def written(kind: type[HexaryTrie], writes: list[tuple[bytes, bytes]], prune: bool) -> HexaryTrie:
    trie = kind({}, prune=prune)
    for key, value in writes:
        trie[key] = value
    return trie


@settings(max_examples=300, deadline=None)
@given(writes=WRITES, more=WRITES, prune=st.booleans(), asked=KEYS)
def test_the_same_trie(writes: list[Any], more: list[Any], prune: bool, asked: bytes) -> None:
    ours, theirs = (written(kind, writes, prune) for kind in (QuickTrie, HexaryTrie))
    assert (ours.root_hash, ours.db, ours.get(asked)) == (theirs.root_hash, theirs.db, theirs.get(asked))
    for trie in (ours, theirs):
        with trie.squash_changes() as squashed:
            for key, value in more:
                squashed[key] = value
    assert (ours.root_hash, ours.db, ours.get(asked)) == (theirs.root_hash, theirs.db, theirs.get(asked))
    assert (asked in ours) == (asked in theirs)


ITEMS = st.recursive(
    st.binary(max_size=70) | st.binary(min_size=32, max_size=32), lambda one: st.lists(one, max_size=3), max_leaves=9
)


@given(node=st.lists(ITEMS, min_size=2, max_size=17))
def test_the_same_encoding(node: list[Any]) -> None:
    assert encode(node) == rlp.encode(node)


def test_what_is_got_can_be_changed_without_harm_to_what_is_kept() -> None:
    trie = written(QuickTrie, [(keccak(bytes([number])), rlp.encode(number + 1)) for number in range(40)], False)
    node = trie.get_node(trie.root_hash)
    node[3] = b"other"
    assert trie.get_node(trie.root_hash)[3] != b"other"


def test_a_missing_node_is_named_as_the_library_names_it() -> None:
    told = []
    for kind in (QuickTrie, HexaryTrie):
        trie = written(kind, [(keccak(bytes([number])), rlp.encode(number + 1)) for number in range(60)], False)
        for node_hash in [one for one in trie.db if one != trie.root_hash]:
            del trie.db[node_hash]
        with pytest.raises(MissingTrieNode) as caught:
            trie.get(keccak(b"\x05"))
        told.append(str(caught.value))
    assert told[0] == told[1]


@settings(max_examples=150, deadline=None)
@given(blocks=st.lists(STORED, max_size=4), reverted=STORED)
def test_the_same_state_root(blocks: list[Any], reverted: list[Any]) -> None:
    """Blocks of writes to accounts, each followed by some that are taken back."""
    stores = [MemoryDB(), MemoryDB()]
    databases = [kind(AtomicDB(store)) for kind, store in zip((QuickAccounts, AccountDB), stores, strict=True)]
    for block in blocks:
        roots = []
        for database in databases:
            _store(database, block)
            checkpoint = database.record()
            _store(database, reverted)
            database.discard(checkpoint)
            database.persist()
            roots.append(database.state_root)
        assert roots[0] == roots[1]
    assert stores[0].kv_store == stores[1].kv_store


def _store(database: Any, writes: list[Any]) -> None:
    for address, slot, value in writes:
        database.set_storage(address, slot, value)
        database.set_nonce(address, value % 7 + 1)
        if slot == 9:
            database.delete_storage(address)
