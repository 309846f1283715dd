"""The newest block of the embedded chain as its owner told it, until the owner marks another one as the newest."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from ledger.embedded.head_mark import SeenMark

Response = dict[str, Any]

AGAIN = 1.0
"""Seconds after which it is asked for all the same: a mark does not tell of an owner that was killed."""


@dataclass(frozen=True, slots=True)
class _Told:
    response: Response
    block_hash: str
    until: float


class OwnersHead:
    """Spares a request for each verdict. What is committed before it is asked for is always in the answer.

    The owner marks a block before it tells anybody of it (ledger/embedded/head_mark.py). An answer that is not of the
    marked block is given, and not kept.
    """

    def __init__(self, directory: Path, clock: Callable[[], float] = monotonic) -> None:
        self._directory, self._clock = directory, clock
        self._mark: SeenMark | None = None
        self._told: _Told | None = None

    def known(self, ask: Callable[[], Response]) -> Response:
        """Return the response with the newest block: the one told before, or what `ask` returns. Raises as it does."""
        told, now = self._told, self._clock()
        if told is not None and now < told.until and told.block_hash == self._marked():
            return told.response
        response = ask()
        found = response.get("result")
        block_hash = found.get("hash") if isinstance(found, dict) else None
        if isinstance(block_hash, str):
            self._told = _Told(response, block_hash, now + AGAIN)
        return response

    def _marked(self) -> str | None:
        try:
            self._mark = self._mark or SeenMark(self._directory)
        except (OSError, ValueError):
            return None  # an owner of an older edition
        return f"0x{self._mark.read().hex()}"
