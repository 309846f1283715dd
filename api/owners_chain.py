"""The embedded chain as the processes reach it that do not own it."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.owners_file import OwnersFile
from api.owners_head import OwnersHead
from ledger.embedded.chain import CHAIN_FILE
from ledger.errors import Unavailable
from ledger.http_transport import HttpTransport

_NEWEST = ("eth_getBlockByNumber", ["latest", False])
_LOST = ("chain.connection", "chain.timeout")


class OwnersChain:
    """A transport to the process that owns the chain in `directory`, at the address that it wrote into `file`.

    Blocks and what is stored at them are read from its own file, for the rest it is asked. When nobody answers, the
    address is read again: another process may own the chain by now, at another port.
    """

    def __init__(self, file: Path, directory: Path, chain_id: int) -> None:
        self._file = file
        self._blocks = OwnersFile(directory / CHAIN_FILE, chain_id)
        self._head = OwnersHead(directory, self._blocks)
        self._lock = threading.Lock()
        self._node: HttpTransport | None = None
        self._asked_by: Counter[HttpTransport] = Counter()

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        """Return the response object. Raises Unavailable `chain.*`."""
        if (method, params) == _NEWEST:
            return self._head.known(lambda: self._ask(method, params))
        return self._blocks.answer(method, params) or self._ask(method, params)

    def _ask(self, method: str, params: list[Any]) -> dict[str, Any]:
        with self._owner() as node:
            try:
                return node(method, params)
            except Unavailable as error:
                if error.code not in _LOST:
                    raise
                lost = error
        # Whoever answers next may have another chain there.
        self._blocks.close()
        with self._owner(anew=True) as other:
            if other is node:
                raise lost
            return other(method, params)

    def close(self) -> None:
        """Close the connections and the file."""
        self._blocks.close()
        if self._node is not None:
            self._node.close()

    @contextmanager
    def _owner(self, *, anew: bool = False) -> Iterator[HttpTransport]:
        with self._lock:
            node = self._read() if anew or self._node is None else self._node
            self._asked_by[node] += 1
        try:
            yield node
        finally:
            with self._lock:
                self._asked_by[node] -= 1
                self._close_former(node)

    def _read(self) -> HttpTransport:
        url = self._file.read_text(encoding="ascii").strip() if self._file.is_file() else ""
        if not url:
            raise Unavailable(
                "chain.connection",
                "no process of this node serves the embedded chain",
                mend="start `portseal serve`; this process goes on by itself",
            )
        if self._node is None or self._node.url != url:
            former, self._node = self._node, HttpTransport(url)
            if former is not None:
                self._close_former(former)
        return self._node

    def _close_former(self, node: HttpTransport) -> None:
        """Close the one that owns the chain no more, once no thread asks it any more."""
        if node is not self._node and not self._asked_by[node]:
            del self._asked_by[node]
            node.close()
