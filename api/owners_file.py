"""The file of the embedded chain's owner, as long as it holds what the owner tells."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from eth.exceptions import PyEVMError

from ledger.embedded.committed_chain import CommittedChain
from ledger.errors import Unavailable


class OwnersFile:
    """Opened when the owner tells of its newest block, and anew when it tells of one that the file does not have.

    So the chain's directory may be put back from a backup while this process goes on. Thread-safe.
    """

    def __init__(self, path: Path, chain_id: int) -> None:
        self._path, self._chain_id = path, chain_id
        self._chain: CommittedChain | None = None
        self._lock = Lock()

    def told(self, block_hash: bytes) -> None:
        """Hear from the owner which block is the newest one."""
        with self._lock:
            if self._chain is None or not self._chain.show(block_hash):
                self._close()
                self._chain = self._opened(block_hash)

    def block(self, block_hash: bytes) -> dict[str, Any] | None:
        """Return the response with a block that the owner has marked; None: it has to be asked."""
        chain = self._chain
        return chain.block(block_hash) if chain else None

    def answer(self, method: str, params: Sequence[Any]) -> dict[str, Any] | None:
        """Return the response to a request; None: the owner has to be asked."""
        chain = self._chain
        return chain.answer(method, params) if chain else None

    def close(self) -> None:
        """Close the file, until the owner tells of a block again."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        # Who reads just now is told that it cannot, and asks the owner.
        chain, self._chain = self._chain, None
        if chain:
            chain.close()

    def _opened(self, block_hash: bytes) -> CommittedChain | None:
        try:
            chain = CommittedChain(self._path, self._chain_id)
        except (Unavailable, PyEVMError):
            return None
        if chain.show(block_hash):
            return chain
        chain.close()
        return None
