"""A node of an embedded chain that answers some methods as a test tells it to."""

from collections.abc import Callable
from typing import Any

from eth_utils.crypto import keccak

from ledger.chain import Transport

Lie = Callable[[list[Any], Any], Any]
"""From the parameters and the honest result, the result that is given instead; it may raise."""


class LyingNode:
    """Answers honestly but for `lies`, by method. sent: the raw transactions that it was given."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.lies: dict[str, Lie] = {}
        self.sent: list[bytes] = []
        self.swallows = False

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        if method == "eth_sendRawTransaction":
            self.sent.append(bytes.fromhex(params[0][2:]))
            if self.swallows:
                return {"jsonrpc": "2.0", "id": 1, "result": "0x" + keccak(self.sent[-1]).hex()}
        response = self._transport(method, params)
        lie = self.lies.get(method)
        return {**response, "result": lie(params, response.get("result"))} if lie else response

    def stand_still(self) -> None:
        """Lag from now on: know no block above the head of now, and nothing that happened since."""
        head = self._transport("eth_getBlockByNumber", ["latest", False])["result"]
        number = int(head["number"], 16)

        def block(params: list[Any], honest: Any) -> Any:
            if params[0] in ("latest", "pending"):
                return head
            return honest if honest and int(honest["number"], 16) <= number else None

        def receipt(_: list[Any], honest: Any) -> Any:
            return honest if honest and int(honest["blockNumber"], 16) <= number else None

        def nonce(params: list[Any], _: Any) -> Any:
            return self._transport("eth_getTransactionCount", [params[0], hex(number)])["result"]

        self.lies |= {
            "eth_getBlockByNumber": block,
            "eth_getBlockByHash": block,
            "eth_getTransactionReceipt": receipt,
            "eth_getTransactionCount": nonce,
            "eth_blockNumber": lambda _, __: head["number"],
        }
