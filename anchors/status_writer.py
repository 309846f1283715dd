"""Changes of document status on the chain, by an issuer's own account or an authority's."""

from collections.abc import Sequence

from anchors.lease import Leases
from ledger.account import Account
from ledger.chain import Chain
from ledger.document_registry import DocumentRegistry, StatusChange
from ledger.transaction import submit
from ledger.transaction_receipt import TransactionReceipt


class StatusWriter:
    """Sends status changes and waits until they are mined: one change at a time for each account, of all processes."""

    def __init__(self, chain: Chain, documents: DocumentRegistry, leases: Leases) -> None:
        self._chain = chain
        self._documents = documents
        self._leases = leases

    def write(self, account: Account, changes: Sequence[StatusChange]) -> TransactionReceipt:
        """Make all changes in one transaction, or none.

        Raises Refused `contract.*` (not this account's to change, revoked already), Unavailable `chain.*`,
        `lease.busy`.
        """
        # Two transactions sent at once by one account would take the same nonce.
        with self._leases.alone(f"account {account.address}"):
            return submit(self._chain, account, self._documents.set_statuses(changes))
