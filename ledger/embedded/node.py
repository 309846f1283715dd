"""What stands behind the JSON-RPC methods: the committed chain, the pool, and the one who makes blocks."""

import logging
import threading
import time
from collections.abc import Callable

from eth.abc import BlockAPI
from eth_typing import Address

from ledger.embedded.backend import EmbeddedBackend, Mined, PoisonedError
from ledger.embedded.database import Database
from ledger.embedded.head_mark import NONE, HeadMark
from ledger.embedded.intake import check_funds, read_transaction
from ledger.embedded.pool import Pool
from ledger.embedded.rpc_error import RpcError, rejected
from ledger.embedded.timing import Moment, heartbeat_due, stamp, wait
from ledger.embedded.view import View

log = logging.getLogger(__name__)

Clock = Callable[[], float]


class Node:
    """Takes transactions from any thread; makes one block at a time."""

    def __init__(self, database: Database, mark: HeadMark, chain_id: int, clock: Clock, heartbeat: float) -> None:
        self.chain_id = chain_id
        self.clock = clock
        self._heartbeat = heartbeat
        self._backend = EmbeddedBackend(database, chain_id)
        self.view = View(database, chain_id)
        self.pool = Pool(self.account_nonce)
        self._mark = mark
        self._mark.write(self.view.head.hash)
        self._mining = threading.Lock()
        self._last_block = float("-inf")

    def account_nonce(self, address: Address) -> int:
        """Return the nonce of `address` at the head."""
        return self.view.account(self.view.head, address).nonce

    def submit(self, raw: bytes) -> bytes:
        """Check a raw transaction and let it wait for a block; return its hash, RpcError if it is refused."""
        transaction = read_transaction(raw, self.chain_id)
        check_funds(transaction, lambda: self.view.account(self.view.head, transaction.sender).balance)
        try:
            self.pool.add(transaction)
        except RpcError:
            # Asked only now, so that a block made meanwhile cannot turn "already known" into "nonce too low".
            if self.view.transaction(transaction.hash) is not None:
                raise rejected("already known") from None
            raise
        return transaction.hash

    def wait(self) -> float | None:
        """Return the seconds until a block should be made (0: now); None while there is no reason for one."""
        now, parent = self.clock(), self.view.head.timestamp
        if not self.pool.has_ready() and not heartbeat_due(now, parent, self._heartbeat):
            return None
        return wait(Moment(now, time.monotonic() - self._last_block), parent)

    def mine(self, full: Callable[[], bool]) -> BlockAPI:
        """Make one block of what is ready, until `full()`; an empty one if nothing is."""
        with self._mining:
            mined = self._mine(full)
            self._last_block = time.monotonic()
            # Marked first: whoever was told of the block must find that it is the newest one.
            self.view.move(mined.block.header, lambda: self._mark.write(mined.block.hash))
            self.pool.remove((*mined.block.transactions, *mined.dropped))
            return mined.block

    def close(self) -> None:
        """Take the mark of the newest block away: nobody makes another one."""
        self._mark.write(NONE)

    def _mine(self, full: Callable[[], bool]) -> Mined:
        while True:
            ready, time_stamp = self.pool.ready(), stamp(self.clock(), self.view.head.timestamp)
            try:
                return self._backend.mine(ready, time_stamp, full)
            except PoisonedError as poison:
                log.exception("transaction %s broke the virtual machine and was dropped", poison)
                self.pool.remove([poison.transaction])
