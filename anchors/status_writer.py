"""Changes of document status on the chain, by an issuer's own account or an authority's."""

import threading
from collections import defaultdict
from collections.abc import Sequence

from ledger.account import Account
from ledger.chain import Chain
from ledger.document_registry import DocumentRegistry, StatusChange
from ledger.transaction import submit
from ledger.transaction_receipt import TransactionReceipt


class StatusWriter:
    """Sends status changes and waits until they are mined. Thread-safe: one change at a time for each account."""

    def __init__(self, chain: Chain, documents: DocumentRegistry) -> None:
        self._chain = chain
        self._documents = documents
        # Two transactions sent at once by one account would take the same nonce.
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def write(self, account: Account, changes: Sequence[StatusChange]) -> TransactionReceipt:
        """Make all changes in one transaction, or none.

        Raises Refused `contract.*` (not this account's to change, revoked already), Unavailable `chain.*`.
        """
        with self._locks[account.address]:
            return submit(self._chain, account, self._documents.set_statuses(changes))
