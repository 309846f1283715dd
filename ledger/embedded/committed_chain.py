"""The embedded chain as another process of this machine reads it: from its owner's file, without asking the owner.

The owner has one interpreter's lock for all that it does when it makes a block, and just then everybody asks.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eth.exceptions import PyEVMError
from eth_typing import Hash32
from rlp.exceptions import RLPException

from ledger.embedded.committed_file import CommittedFile
from ledger.embedded.methods import METHODS
from ledger.embedded.rpc_error import RpcError
from ledger.embedded.view import View
from ledger.errors import Unavailable

_BLOCK_OF = {"eth_getBlockByNumber": 0, "eth_getBlockByHash": 0, "eth_getStorageAt": 2, "eth_getProof": 2}
"""Where the block stands among the parameters. None of these has code run, or depends on what waits."""

_FAULTS = (RpcError, Unavailable, PyEVMError, RLPException, KeyError, ValueError)


class CommittedChain:
    """Thread-safe. It shows no block that the owner has not told of (`show`); those it does not keep from anybody.

    Raises Unavailable `embedded.*` and PyEVMError where the file cannot be opened.
    """

    clock = staticmethod(time.time)

    def __init__(self, path: Path, chain_id: int) -> None:
        self._file = CommittedFile(path)
        try:
            self.view = View(self._file, chain_id)
        except BaseException:
            self._file.close()
            raise
        # A block is in the file before anybody is told of it.
        self.view.head = self.view.genesis

    def show(self, block_hash: bytes) -> bool:
        """Show the blocks up to this one, of which the owner has told; return whether they are in the file."""
        try:
            header = self.view.rules.get_block_header_by_hash(Hash32(block_hash))
        except _FAULTS:
            return False
        if header.block_number > self.view.head.block_number:
            self.view.head = header
        return True

    def answer(self, method: str, params: Sequence[Any]) -> dict[str, Any] | None:
        """Return the response to a request for a block, or for storage at one; None: the owner has to be asked."""
        place = _BLOCK_OF.get(method, len(params))
        if place >= len(params) or not str(params[place]).startswith("0x"):
            return None
        try:
            found = METHODS[method].call(self, params)
        except _FAULTS:
            return None
        return None if found is None else {"jsonrpc": "2.0", "id": 1, "result": found}

    def block(self, block_hash: bytes) -> dict[str, Any] | None:
        """Return the response with a block, of which the owner has told; None if it is not in the file."""
        if not self.show(block_hash):
            return None
        return self.answer("eth_getBlockByHash", [f"0x{block_hash.hex()}", False])

    def close(self) -> None:
        """Close the file."""
        self._file.close()
