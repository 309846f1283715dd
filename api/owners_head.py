"""The newest block of the embedded chain: as its owner told it, then each that it marks as the newest one."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from api.owners_file import OwnersFile
from ledger.embedded.head_mark import SeenMark

_HASH = re.compile(r"0x[0-9a-f]{64}")
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

    The owner marks a block before it tells anybody of it (ledger/embedded/head_mark.py), and then it is in its file. An
    answer that is not of the marked block is given, and not kept.
    """

    def __init__(self, directory: Path, file: OwnersFile, clock: Callable[[], float] = monotonic) -> None:
        self._directory, self._file, self._clock = directory, file, clock
        self._mark: SeenMark | None = None
        self._told: _Told | None = None

    def known(self, ask: Callable[[], Response]) -> Response:
        """Return the response with the newest block: the one told before, or what `ask` returns. Raises as it does."""
        told, now = self._told, self._clock()
        if told is not None and now < told.until:
            marked = self._marked()
            if marked != told.block_hash:
                told = self._told = self._read(marked, told)
            if told is not None:
                return told.response
        response = ask()
        found = response.get("result")
        block_hash = found.get("hash") if isinstance(found, dict) else None
        if isinstance(block_hash, str) and _HASH.fullmatch(block_hash):
            self._file.told(bytes.fromhex(block_hash[2:]))
            self._told = _Told(response, block_hash, now + AGAIN)
        return response

    def _read(self, marked: str | None, told: _Told) -> _Told | None:
        """Return another block, which the owner has marked since it was asked, as it is in its file."""
        response = self._file.block(bytes.fromhex(marked[2:])) if marked else None
        return replace(told, response=response, block_hash=marked) if response and marked else None

    def _marked(self) -> str | None:
        try:
            self._mark = self._mark or SeenMark(self._directory)
        except (OSError, ValueError):
            return None  # an owner of an older edition
        return f"0x{self._mark.read().hex()}"
