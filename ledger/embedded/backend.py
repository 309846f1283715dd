"""eth-tester's py-evm backend, kept in our database, with blocks made in one go and stamped from outside."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from eth.abc import BlockAPI, BlockHeaderAPI, ReceiptAPI, SignedTransactionAPI, VirtualMachineAPI
from eth.db.atomic import AtomicDB
from eth.exceptions import CanonicalHeadNotFound
from eth_tester.backends.pyevm import PyEVMBackend
from eth_utils.exceptions import ValidationError

from ledger.embedded import index
from ledger.embedded.database import Database
from ledger.embedded.rules import BLOCK_GAS_TARGET, EmbeddedRules, genesis, rules
from ledger.embedded.store import BlockBuffer
from ledger.errors import PortsealError

Executed = tuple[SignedTransactionAPI, ReceiptAPI]


class PoisonedError(Exception):
    """The virtual machine itself failed on this transaction; the block must be made without it."""

    def __init__(self, transaction: SignedTransactionAPI) -> None:
        super().__init__(transaction.hash.hex())
        self.transaction = transaction


@dataclass(frozen=True)
class Mined:
    """A committed block, and the transactions that turned out not to be executable."""

    block: BlockAPI
    dropped: tuple[SignedTransactionAPI, ...]


class EmbeddedBackend(PyEVMBackend):  # type: ignore[misc]  # eth-tester is not typed
    """PyEVMBackend over our database; one thread only. `chain` always stands at the committed head."""

    chain: EmbeddedRules

    def __init__(self, database: Database, chain_id: int) -> None:
        self._database = database
        self._chain_id = chain_id
        self._buffer = BlockBuffer(database)
        super().__init__()

    def reset_to_genesis(self, *_: Any, **__: Any) -> None:
        """Open the chain at its committed head; write the genesis block if there is none."""
        self.account_keys = ()
        store = AtomicDB(self._buffer)
        try:
            self.chain = rules(self._chain_id)(store)
        except CanonicalHeadNotFound:
            if self._database.rows("SELECT 1 FROM entries LIMIT 1"):
                raise
            self.chain = genesis(self._chain_id, store)
            self._database.commit(self._buffer.written(), ())
            self._buffer.clear()

    def mine(self, transactions: Iterable[SignedTransactionAPI], timestamp: int, full: Callable[[], bool]) -> Mined:
        """Execute `transactions` in order until `full()`, and commit them as one block stamped `timestamp`.

        Raises PoisonedError, or what the database raises; then the head has not moved.
        """
        pending = self.chain.header
        try:
            self.chain.header = pending.copy(timestamp=timestamp)
            return self._commit(*self._execute(transactions, full))
        except BaseException:
            self.chain.header = pending
            raise
        finally:
            self._buffer.clear()

    def _execute(
        self, transactions: Iterable[SignedTransactionAPI], full: Callable[[], bool]
    ) -> tuple[VirtualMachineAPI, BlockHeaderAPI, list[Executed], list[SignedTransactionAPI]]:
        vm = self.chain.get_vm()
        header = vm.get_header()
        executed: list[Executed] = []
        dropped: list[SignedTransactionAPI] = []
        for transaction in transactions:
            if (executed and full()) or header.gas_used + transaction.gas > BLOCK_GAS_TARGET:
                break
            try:
                receipt = _apply(vm, header, transaction)
            except ValidationError:
                # py-evm checks before it changes anything, so the block goes on as if it had not been there.
                dropped.append(transaction)
                continue
            header = vm.add_receipt_to_header(header, receipt)
            executed.append((transaction, receipt))
        return vm, header, executed, dropped

    def _commit(
        self,
        vm: VirtualMachineAPI,
        header: BlockHeaderAPI,
        executed: list[Executed],
        dropped: list[SignedTransactionAPI],
    ) -> Mined:
        transactions = tuple(transaction for transaction, _ in executed)
        receipts = tuple(receipt for _, receipt in executed)
        filled = vm.set_block_transactions_and_withdrawals(vm.get_block(), header, transactions, receipts)
        # Not py-evm's mine_block: that builds the trie of the transactions a second time to compare the roots.
        block = vm.finalize_block(filled).block
        vm.validate_header(block.header, self.chain.get_canonical_head())
        self.chain.chaindb.persist_block(block)
        self._database.commit(self._buffer.written(), index.statements(block.number, executed))
        self.chain.header = self.chain.create_header_from_parent(block.header)
        return Mined(block, tuple(dropped))


def _apply(vm: VirtualMachineAPI, header: BlockHeaderAPI, transaction: SignedTransactionAPI) -> ReceiptAPI:
    try:
        receipt, _ = vm.apply_transaction(header, transaction)
    except (ValidationError, PortsealError):
        raise
    except Exception as error:
        raise PoisonedError(transaction) from error
    return receipt
