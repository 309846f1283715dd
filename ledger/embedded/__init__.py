"""A persistent EVM chain in one process: py-evm by eth-tester's backend, kept in SQLite (docs/adr/0020)."""

from ledger.embedded.chain import EmbeddedChain
from ledger.embedded.rules import DEFAULT_CHAIN_ID, GENESIS_TIME

__all__ = ["DEFAULT_CHAIN_ID", "GENESIS_TIME", "EmbeddedChain"]
