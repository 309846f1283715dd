"""The embedded chain as its owner sees it: open, ask, start, close."""

import logging
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from ledger.embedded.lock import DirectoryLock
from ledger.embedded.methods import METHODS
from ledger.embedded.miner import Miner
from ledger.embedded.node import Clock
from ledger.embedded.opening import open_node
from ledger.embedded.rpc_error import INTERNAL, UNKNOWN_METHOD, RpcError, bad_parameter, rejected
from ledger.embedded.rules import DEFAULT_CHAIN_ID
from ledger.errors import Unavailable

CHAIN_FILE = "chain.sqlite"

log = logging.getLogger(__name__)


class EmbeddedChain:
    """One EVM chain in one directory and one process. Every method may be called from any thread."""

    def __init__(self, directory: Path, clock: Clock, chain_id: int, heartbeat: float) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = DirectoryLock(directory)
        try:
            self._database, self._node = open_node(directory / CHAIN_FILE, chain_id, clock, heartbeat)
            _keep_names(directory)
        except BaseException:
            self._lock.release()
            raise
        self._miner = Miner(self._node)
        self._closed = False

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        clock: Clock = time.time,
        chain_id: int = DEFAULT_CHAIN_ID,
        heartbeat: float = 60.0,
    ) -> "EmbeddedChain":
        """Open the chain in `directory`, at its last whole block; make it if there is none.

        clock: seconds since the epoch. heartbeat: seconds after which an empty block renews the head's time.
        Raises Unavailable `embedded.locked`, `embedded.database`, `embedded.version`, `embedded.disk`,
        `embedded.corrupt`;
        Invalid `embedded.chain-id`.
        """
        return cls(directory, clock, chain_id, heartbeat)

    def __enter__(self) -> "EmbeddedChain":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the thread that makes blocks."""
        self._miner.start()

    def mine(self) -> int:
        """Make one block of everything that is ready, now; return its number. For tests, without `start`.

        Raises Unavailable `embedded.disk`.
        """
        return self._node.mine(lambda: False).number

    def close(self) -> None:
        """Stop the thread, close the file and let the lock go. What still waits for a block is forgotten."""
        if self._closed:
            return
        self._closed = True
        self._miner.stop()
        self._node.close()
        try:
            self._database.close()
        finally:
            self._lock.release()

    def request(self, method: str, params: Any = ()) -> dict[str, Any]:
        """Answer a JSON-RPC request with the whole response; never raises."""
        try:
            return {"jsonrpc": "2.0", "id": 1, "result": self._answer(method, params)}
        except RpcError as error:
            return {"jsonrpc": "2.0", "id": 1, "error": error.shape}
        except Unavailable as error:
            return {"jsonrpc": "2.0", "id": 1, "error": RpcError(INTERNAL, str(error)).shape}
        except Exception:
            log.exception("%s failed", method)
            return {"jsonrpc": "2.0", "id": 1, "error": RpcError(INTERNAL, "internal error").shape}
        finally:
            if method == "eth_sendRawTransaction":
                self._miner.wake()

    def _answer(self, method: str, params: Any) -> Any:
        if self._closed:
            raise rejected("the chain is closed")
        found = METHODS.get(method) if isinstance(method, str) else None
        if found is None:
            raise RpcError(UNKNOWN_METHOD, f"the method {str(method)[:64]} does not exist/is not available")
        if not isinstance(params, list | tuple):
            raise bad_parameter("params is not an array")
        return found.call(self._node, params)


def _keep_names(directory: Path) -> None:
    """Make the names of the directory and of the new file last: SQLite does that for its contents only."""
    for path in (directory, directory.parent):
        number = os.open(path, os.O_RDONLY)
        os.fsync(number)
        os.close(number)
