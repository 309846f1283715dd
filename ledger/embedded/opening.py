"""Opening a database as a chain: whole, and the one that is asked for, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eth.abc import BlockHeaderAPI
from eth.exceptions import PyEVMError
from eth.vm.forks.london.transactions import LondonTransactionBuilder
from rlp.exceptions import RLPException
from trie.exceptions import MissingTrieNode

from ledger.embedded.database import Database
from ledger.embedded.head_mark import HeadMark
from ledger.embedded.node import Clock, Node
from ledger.embedded.rules import genesis_mark
from ledger.embedded.view import View
from ledger.errors import Invalid, Unavailable

BLOCKS_CHECKED = 16  # from the head back: opening must be quick however long the chain is


def open_node(path: Path, chain_id: int, clock: Clock, heartbeat: float) -> tuple[Database, Node]:
    """Return the database at `path` and its node.

    Raises Invalid `embedded.chain-id`; Unavailable `embedded.database`, `embedded.version`, `embedded.disk`, and
    `embedded.corrupt` if the head is not whole.
    """
    database = Database(path)
    try:
        with _corruption_named():
            node = Node(database, HeadMark(path.parent), chain_id, clock, heartbeat)
            _check_chain_id(node.view)
            _check_head(node.view)
            database.checkpoint()
    except BaseException:
        database.close()
        raise
    return database, node


def _check_chain_id(view: View) -> None:
    if view.genesis.extra_data != genesis_mark(view.chain_id):
        raise Invalid(
            "embedded.chain-id",
            f"the directory holds another chain than {view.chain_id}",
            mend="open it with its own chain id, or name an empty directory",
        )


def _check_head(view: View) -> None:
    """Read what the last commit wrote: the head's transactions and state, and the way back from it."""
    transactions = view.rules.chaindb.get_block_transactions(view.head, LondonTransactionBuilder)
    if [one.hash for one in transactions] != view.transaction_hashes(view.head.block_number):
        raise corrupt("the head's transactions are not those of the index")
    view.account(view.head, view.head.coinbase)
    header: BlockHeaderAPI = view.head
    for _ in range(min(BLOCKS_CHECKED, view.head.block_number)):
        parent = view.header(header.block_number - 1)
        if parent is None or parent.hash != header.parent_hash:
            raise corrupt(f"block {header.block_number} does not stand on the one before it")
        header = parent


def corrupt(what: str) -> Unavailable:
    """Return the error for a database that does not hold together."""
    return Unavailable(
        "embedded.corrupt",
        f"the embedded chain is damaged: {what}",
        mend="restore its directory from a backup; do not go on with this one",
    )


@contextmanager
def _corruption_named() -> Iterator[None]:
    try:
        yield
    except (PyEVMError, MissingTrieNode, RLPException, KeyError) as error:
        raise corrupt(f"{type(error).__name__} while reading the head") from error
