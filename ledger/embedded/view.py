"""The committed chain for readers: any number of threads, any block, no lock shared with the miner."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import rlp
from eth.abc import BlockHeaderAPI, StateAPI
from eth.db.atomic import AtomicDB
from eth.exceptions import HeaderNotFound
from eth.rlp.accounts import Account
from eth.vm.chain_context import ChainContext
from eth_typing import Address, BlockNumber, Hash32
from rlp.sedes import big_endian_int

from ledger.embedded.committed_file import CommittedFile
from ledger.embedded.rules import EmbeddedRules, EmbeddedVM, rules
from ledger.embedded.store import CommittedStore
from ledger.embedded.trie_reader import TrieReader

_HEADERS_KEPT = 1_024
_ACCOUNTS_KEPT = 4_096


@dataclass(frozen=True)
class TransactionRow:
    """Where a transaction was mined and what came of it."""

    hash: bytes
    block: BlockNumber
    position: int
    sender: bytes
    contract: bytes | None
    succeeded: int
    gas_used: int
    cumulative_gas: int
    first_log: int
    log_count: int


@dataclass(frozen=True)
class LogRow:
    """A log: its place, what emitted it, its topics (32 bytes each, concatenated) and data."""

    block: BlockNumber
    log: int
    position: int
    transaction_hash: bytes
    address: bytes
    topics: bytes
    data: bytes


class View:
    """Reads headers, states, transactions and logs of the blocks up to `head`."""

    def __init__(self, database: CommittedFile, chain_id: int) -> None:
        self.database = database
        self.chain_id = chain_id
        self.rules: EmbeddedRules = rules(chain_id)(AtomicDB(CommittedStore(database)))
        self.head: BlockHeaderAPI = self.rules.get_canonical_head()
        self.genesis: BlockHeaderAPI = self.rules.get_canonical_block_header_by_number(BlockNumber(0))
        self.tries = TrieReader(database)
        self._moving = Lock()
        # No block of this chain is ever replaced, and a state root names one state for ever.
        self._header = lru_cache(_HEADERS_KEPT)(self.rules.get_canonical_block_header_by_number)
        self._account = lru_cache(_ACCOUNTS_KEPT)(self._read_account)

    def move(self, head: BlockHeaderAPI, tell: Callable[[], None]) -> None:
        """Have another head, once others are told of it: who heard of a block waits here until it can be read."""
        with self._moving:
            tell()
            self.head = head

    def has(self, number: int) -> bool:
        """Tell whether there is a block `number`."""
        if number <= self.head.block_number:
            return True
        with self._moving:
            return number <= self.head.block_number

    def header(self, number: int) -> BlockHeaderAPI | None:
        """Return the header at `number`, None if there is no such block yet."""
        return self._header(BlockNumber(number)) if self.has(number) else None

    def header_of(self, block_hash: Hash32) -> BlockHeaderAPI | None:
        """Return the header whose hash is `block_hash`."""
        try:
            header = self.rules.get_block_header_by_hash(block_hash)
        except HeaderNotFound:
            return None
        return header if self.has(header.block_number) else None

    def account(self, header: BlockHeaderAPI, address: Address) -> Account:
        """Return what `header`'s state says of an account; an empty one if it is not there."""
        return self._account(header.state_root, address)

    def _read_account(self, state_root: Hash32, address: Address) -> Account:
        encoded = self.tries.value(state_root, address)
        return rlp.decode(encoded, sedes=Account) if encoded else Account()

    def storage(self, header: BlockHeaderAPI, address: Address, slot: int) -> int:
        """Return what stands in a storage slot of an account in `header`'s state; 0 if nothing does."""
        return number_of(self.tries.value(self.account(header, address).storage_root, slot.to_bytes(32)))

    def state(self, header: BlockHeaderAPI) -> StateAPI:
        """Return the state after `header`'s block; what runs on it sees that block's number and time."""
        ancestors = EmbeddedVM.get_prev_hashes(header.parent_hash, self.rules.chaindb)
        database = self.rules.chaindb.db
        return EmbeddedVM.build_state(database, header, ChainContext(self.chain_id), ancestors or ())

    def transaction(self, transaction_hash: bytes) -> TransactionRow | None:
        """Return the mined transaction with this hash."""
        found = self._transactions("hash = ?", transaction_hash)
        return found[0] if found else None

    def transactions(self, block: int) -> list[TransactionRow]:
        """Return the transactions of a block in their order."""
        return self._transactions("block = ? ORDER BY position", block)

    def _transactions(self, where: str, value: Any) -> list[TransactionRow]:
        query = f"SELECT * FROM transactions WHERE block <= ? AND {where}"  # noqa: S608 - no outside text
        rows = self.database.rows(query, (self.head.block_number, value))
        return [TransactionRow(*row) for row in rows]

    def transaction_hashes(self, block: int) -> list[bytes]:
        """Return the hashes of a block's transactions in their order."""
        query = "SELECT hash FROM transactions WHERE block = ? ORDER BY position"
        return [row[0] for row in self.database.rows(query, (block,))]

    def logs(self, block: int, first: int = 0, count: int = -1) -> list[LogRow]:
        """Return the logs of a block in their order, `count` of them (-1: all) from number `first` on."""
        query = "SELECT * FROM logs WHERE block = ? AND log >= ? ORDER BY log LIMIT ?"
        return [LogRow(*row) for row in self.database.rows(query, (block, first, count))]


def number_of(encoded: bytes) -> int:
    """Return the number that the storage trie keeps so; nothing is 0."""
    return int(rlp.decode(encoded, sedes=big_endian_int)) if encoded else 0


def next_header(view: View, time: int) -> BlockHeaderAPI:
    """Return the header that a block mined at `time` on the present head would start from."""
    stamp = max(time, view.head.timestamp + 1)
    return view.rules.create_header_from_parent(view.head, timestamp=stamp)
