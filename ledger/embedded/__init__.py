"""A persistent EVM chain in one process: py-evm by eth-tester's backend, kept in SQLite (docs/adr/0020)."""

from ledger.embedded.chain import EmbeddedChain
from ledger.embedded.rules import DEFAULT_CHAIN_ID, GENESIS_TIME
from ledger.recursion import limit_recursion

limit_recursion()

__all__ = ["DEFAULT_CHAIN_ID", "GENESIS_TIME", "EmbeddedChain"]
