"""Requests go to a node only after it was seen to be on the network, and again after it was out of reach."""

import threading
from typing import Any

from ledger.chain import Chain, Transport
from ledger.errors import Unavailable
from ledger.network import Network

_LOST = ("chain.connection", "chain.timeout", "chain.http")


class NetworkGuard:
    """A transport in front of another. What comes back after an outage may be another chain, or one begun anew."""

    def __init__(self, transport: Transport, network: Network) -> None:
        self._transport = transport
        self._network = network
        self._seen = False
        self._lock = threading.Lock()

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        """Answer a JSON-RPC request. Raises as the transport does, and as Network.check does."""
        if not self._seen:
            self._look()
        try:
            return self._transport(method, params)
        except Unavailable as error:
            if error.code in _LOST:
                self._seen = False
            raise

    def _look(self) -> None:
        with self._lock:
            if not self._seen:
                # A chain of its own: this one remembers neither chain id nor genesis from before.
                self._network.check(Chain(self._transport))
                self._seen = True
