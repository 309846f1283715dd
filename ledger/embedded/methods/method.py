"""A JSON-RPC method: its function and how many parameters it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.embedded.rpc_error import bad_parameter
from ledger.embedded.seen import Seen


@dataclass(frozen=True)
class Method:
    """`function` takes the node and the parameters; those left out or null at the end are left out."""

    function: Callable[..., Any]
    least: int = 0
    most: int = 0

    def call(self, node: Seen, params: Sequence[Any]) -> Any:
        """Answer; RpcError -32602 if there are too few or too many parameters."""
        given = list(params)
        while given and given[-1] is None:
            given.pop()
        if not self.least <= len(given) <= self.most:
            raise bad_parameter(f"{len(given)} parameters instead of {self.least} to {self.most}")
        return self.function(node, *given)
