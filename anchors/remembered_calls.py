"""A chain on which each read-only call at a given block is made once."""

import json
from typing import Any

from ledger.chain import Chain, Transport

_KEPT = ("eth_call", "eth_getProof")


class RememberedCalls:
    """A transport that keeps the answers of `eth_call` and `eth_getProof` at a block number; the rest passes through.

    To be used for one task and thrown away: after a reorganisation the same number is another block.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._answers: dict[str, dict[str, Any]] = {}

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        """Answer a JSON-RPC request."""
        if method not in _KEPT or not str(params[-1]).startswith("0x"):
            return self._transport(method, params)
        key = json.dumps([method, *params], sort_keys=True)
        if key not in self._answers:
            self._answers[key] = self._transport(method, params)
        return self._answers[key]


def remembering(chain: Chain) -> Chain:
    """Return the same chain, seen through the same node, for one task."""
    return Chain(RememberedCalls(chain.transport))
