"""The tries of the state as py-evm writes them, with its nodes decoded, encoded and looked through quicker."""

from functools import lru_cache
from typing import Any

from eth.abc import AtomicDatabaseAPI
from eth.constants import BLANK_ROOT_HASH
from eth.db.accesslog import KeyAccessLoggerDB
from eth.db.account import AccountDB
from eth.db.batch import BatchDB
from eth.db.cache import CacheDB
from eth.db.hash_trie import HashTrie
from eth.db.journal import JournalDB
from eth.db.storage import AccountStorageDB, StorageLookup
from eth_hash.auto import keccak
from eth_typing import Address, Hash32
from trie.hexary import HexaryTrie

from ledger.embedded.trie_reader import EMPTY_ROOT, NODES_KEPT, decoded, descend

Mapping = tuple[Any, bytes | None]
_EMPTY = b"\x80"
_ALONE = 32  # bytes; a shorter node stands inside its parent


class QuickTrie(HexaryTrie):
    """A trie whose keys are all hashes: of one length."""

    __slots__ = ()

    def get(self, key: bytes) -> bytes:
        """Return what stands under a hashed key; raises MissingTrieNode."""
        try:
            return descend(self._encoded_and_decoded, self.root_hash, key)[0]
        except KeyError:
            return super().get(key)  # says which node is missing

    def _encoded_and_decoded(self, node_hash: bytes) -> tuple[bytes, Any]:
        if node_hash == EMPTY_ROOT:
            return b"", b""
        encoded = self.db[node_hash]
        return encoded, _decoded(encoded)

    def get_node(self, node_hash: Any) -> Any:
        """Return a node by its hash, or the one that stands inside its parent; it may be changed."""
        if isinstance(node_hash, list) or node_hash in (b"", EMPTY_ROOT):
            return node_hash if isinstance(node_hash, list) else b""
        return _copy(_decoded(self.db[node_hash]))

    def _create_node_to_db_mapping(self, node: Any) -> Mapping:
        """Return by what a node is known to its parent, and what is to be kept: nothing of one that stands inside."""
        if node == b"":
            return b"", None
        encoded = encode(node)
        return (node, None) if len(encoded) < _ALONE else (keccak(encoded), encoded)


class _Lookup(StorageLookup):
    """py-evm's, with our trie."""

    def _get_write_trie(self) -> HexaryTrie:
        if self._trie_nodes_batch is None:
            self._trie_nodes_batch = BatchDB(self._db, read_through_deletes=True)
        if self._write_trie is None:
            self._write_trie = QuickTrie(self._trie_nodes_batch, root_hash=self._starting_root_hash, prune=True)
        return self._write_trie

    def _get_read_trie(self) -> HexaryTrie:
        if self._write_trie is not None:
            return self._write_trie
        return QuickTrie(self._db, root_hash=self._starting_root_hash)


class _Storage(AccountStorageDB):
    """py-evm's, with our lookup under the same layers."""

    def __init__(self, db: AtomicDatabaseAPI, storage_root: Hash32, address: Address) -> None:
        super().__init__(db, storage_root, address)
        self._storage_lookup = _Lookup(db, storage_root, address)
        self._storage_cache = CacheDB(self._storage_lookup)
        self._locked_changes = JournalDB(self._storage_cache)
        self._journal_storage = JournalDB(self._locked_changes)


class QuickAccounts(AccountDB):
    """py-evm's, with our tries under the same layers."""

    def __init__(self, db: AtomicDatabaseAPI, state_root: Hash32 = BLANK_ROOT_HASH) -> None:
        super().__init__(db, state_root)
        trie: Any = QuickTrie(self._batchtrie, state_root, prune=True)
        self._trie = HashTrie(trie)
        self._trie_logger = KeyAccessLoggerDB(self._trie, log_missing_keys=False)
        self._trie_cache = CacheDB(self._trie_logger)
        self._journaltrie = JournalDB(self._trie_cache)

    def _get_address_store(self, address: Address) -> Any:
        if address not in self._account_stores:
            root = self._get_storage_root(address)
            self._account_stores[address] = _Storage(self._raw_store_db, root, address)
        return self._account_stores[address]


def encode(node: Any) -> bytes:
    """Return the RLP of a node: of its lists and bytes."""
    parts = []
    for item in node:
        if type(item) is not bytes:
            parts.append(encode(item))
        elif not item:
            parts.append(_EMPTY)
        elif len(item) == _ALONE:
            parts.append(b"\xa0" + item)
        else:
            parts.append(_encoded_bytes(item))
    payload = b"".join(parts)
    return _head(0xC0, len(payload)) + payload


def _encoded_bytes(item: bytes) -> bytes:
    return item if len(item) == 1 and item[0] < 0x80 else _head(0x80, len(item)) + item


def _head(offset: int, size: int) -> bytes:
    if size <= 55:
        return bytes([offset + size])
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([offset + 55 + len(length)]) + length


def _copy(node: Any) -> Any:
    return [_copy(item) if type(item) is list else item for item in node]


_decoded = lru_cache(NODES_KEPT)(decoded)
