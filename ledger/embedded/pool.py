"""Transactions that wait for a block: in memory only, per sender in the order of their nonces."""

import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest

from eth.abc import SignedTransactionAPI
from eth_typing import Address

from ledger.embedded.rpc_error import rejected

CAPACITY = 16_384
GAP = 64  # nonces that may still be missing before one that waits

NonceOf = Callable[[Address], int]


class Pool:
    """A transaction is ready when every nonce between the account's and its own waits too."""

    def __init__(self, nonce_of: NonceOf) -> None:
        """`nonce_of` gives the nonce of an account at the committed head."""
        self._nonce_of = nonce_of
        self._lock = threading.Lock()
        self._senders: dict[Address, dict[int, SignedTransactionAPI]] = {}
        self._hashes: dict[bytes, SignedTransactionAPI] = {}

    def add(self, transaction: SignedTransactionAPI) -> None:
        """Take `transaction`; RpcError in geth's words if it is known, or its nonce does not fit."""
        with self._lock:
            self._check(transaction)
            self._senders.setdefault(transaction.sender, {})[transaction.nonce] = transaction
            self._hashes[transaction.hash] = transaction

    def _check(self, transaction: SignedTransactionAPI) -> None:
        if transaction.hash in self._hashes:
            raise rejected("already known")
        if len(self._hashes) >= CAPACITY:
            raise rejected("txpool is full")
        account_nonce = self._nonce_of(transaction.sender)
        nonces = f"tx nonce {transaction.nonce}, account nonce {account_nonce}"
        if transaction.nonce < account_nonce:
            raise rejected(f"nonce too low: {nonces}")
        if transaction.nonce > self._next(transaction.sender, account_nonce) + GAP:
            raise rejected(f"nonce too high: {nonces}, at most {GAP} may be missing")
        if transaction.nonce in self._senders.get(transaction.sender, {}):
            raise rejected("replacement transaction underpriced")

    def _next(self, sender: Address, nonce: int) -> int:
        waiting = self._senders.get(sender, {})
        while nonce in waiting:
            nonce += 1
        return nonce

    def next_nonce(self, sender: Address) -> int:
        """Return the first nonce that is neither mined nor waits without a gap before it."""
        with self._lock:
            return self._next(sender, self._nonce_of(sender))

    def find(self, transaction_hash: bytes) -> SignedTransactionAPI | None:
        """Return the waiting transaction with this hash."""
        with self._lock:
            return self._hashes.get(transaction_hash)

    def has_ready(self) -> bool:
        """Tell whether anything can be mined."""
        with self._lock:
            return any(self._nonce_of(sender) in waiting for sender, waiting in self._senders.items())

    def ready(self) -> list[SignedTransactionAPI]:
        """Return what can be mined, senders in turn, so that none waits behind another's thousands."""
        with self._lock:
            runs = [list(self._run(sender)) for sender in self._senders]
        return [one for turn in zip_longest(*runs) for one in turn if one is not None]

    def _run(self, sender: Address) -> Iterator[SignedTransactionAPI]:
        nonce, waiting = self._nonce_of(sender), self._senders[sender]
        while nonce in waiting:
            yield waiting[nonce]
            nonce += 1

    def remove(self, transactions: Iterable[SignedTransactionAPI]) -> None:
        """Forget what was mined, or turned out not to be executable."""
        with self._lock:
            for transaction in transactions:
                self._hashes.pop(transaction.hash, None)
                waiting = self._senders.get(transaction.sender, {})
                waiting.pop(transaction.nonce, None)
                if not waiting:
                    self._senders.pop(transaction.sender, None)
