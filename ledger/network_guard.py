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
            response = self._transport(method, params)
        except Unavailable as error:
            if error.code in _LOST:
                self._seen = False
            raise
        if method == "eth_chainId" and "result" in response:
            # What is signed for another chain, no chain that counts ever takes.
            self._check_chain(response["result"])
        return response

    def _check_chain(self, stated: object) -> None:
        if stated != hex(self._network.chain_id):
            self._seen = False
            detail = f"the node is on chain {str(stated)[:20]}"
            mend = f"use a node of {self._network.name}, chain {self._network.chain_id}"
            raise Unavailable("chain.other-network", detail, mend=mend)

    def _look(self) -> None:
        with self._lock:
            if not self._seen:
                # A chain of its own: this one remembers neither chain id nor genesis from before.
                self._network.check(Chain(self._transport))
                self._seen = True
