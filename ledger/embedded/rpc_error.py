"""The errors of the JSON-RPC methods, in the codes and words that geth uses (EIP-1474, JSON-RPC 2.0 §5.1)."""

from typing import Any

REVERTED = 3
REJECTED = -32000
LIMIT = -32005
UNKNOWN_METHOD = -32601
BAD_PARAMETERS = -32602
INTERNAL = -32603


class RpcError(Exception):
    """An answer that is an error; `data` is what a contract gave with its revert."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    @property
    def shape(self) -> dict[str, Any]:
        """Return the `error` member of the response."""
        shape: dict[str, Any] = {"code": self.code, "message": self.message}
        return shape if self.data is None else {**shape, "data": self.data}


def bad_parameter(what: str) -> RpcError:
    """Return the error for parameters that are not of the method's form."""
    return RpcError(BAD_PARAMETERS, f"invalid argument: {what}")


def rejected(why: str) -> RpcError:
    """Return the error for a transaction or call that the chain does not take."""
    return RpcError(REJECTED, why)
