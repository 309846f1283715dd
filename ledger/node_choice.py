"""Several nodes of one chain: one is asked as long as it answers, then the next one."""

from collections.abc import Sequence
from typing import Any

from ledger.chain import Transport
from ledger.errors import Unavailable

_ANOTHER_MAY = ("chain.connection", "chain.timeout", "chain.http", "chain.other-network")


class NodeChoice:
    """A transport over others, each to a node of the same chain (`NetworkGuard` sees to that).

    A request that one cannot answer goes to the others in turn, and the one that answers is asked from then on. A
    transaction may reach two nodes: its hash is the same. Answers of the chain itself, errors too, are not asked twice.
    """

    def __init__(self, nodes: Sequence[Transport]) -> None:
        self._nodes = nodes
        self._current = 0

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        """Answer a JSON-RPC request. Raises as the first one asked, if none can answer."""
        first = self._current
        try:
            return self._nodes[first](method, params)
        except Unavailable as error:
            if error.code not in _ANOTHER_MAY:
                raise
            return self._from_another(first, method, params, error)

    def leave(self, place: int) -> None:
        """Ask the node at `place` no more as long as another one answers: it is wrong, or away."""
        if self._current == place:
            self._current = (place + 1) % len(self._nodes)

    def _from_another(self, first: int, method: str, params: list[Any], fault: Unavailable) -> dict[str, Any]:
        for step in range(1, len(self._nodes)):
            other = (first + step) % len(self._nodes)
            try:
                response = self._nodes[other](method, params)
            except Unavailable as error:
                if error.code not in _ANOTHER_MAY:
                    raise
            else:
                self._current = other
                return response
        raise fault
