"""What is still to be sent to a client that reads slowly: in memory up to a limit, beyond it in a nameless file."""

import asyncio
from tempfile import SpooledTemporaryFile
from typing import Final

IN_MEMORY: Final = 1024 * 1024
MOST: Final = 128 * 1024 * 1024
_PIECE: Final = 64 * 1024


class Spool:
    """Bytes from one task to another of one event loop, in order. `put` waits while MOST bytes are not taken."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._written = self._taken = 0
        self._ended = False
        self._changed = asyncio.Condition()

    async def put(self, content: bytes) -> None:
        """Add to the end."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._written - self._taken < MOST)
            self._file.seek(self._written)
            self._file.write(content)
            self._written += len(content)
            self._changed.notify_all()

    async def end(self) -> None:
        """Say that nothing more comes."""
        async with self._changed:
            self._ended = True
            self._changed.notify_all()

    async def take(self) -> bytes:
        """Return the next piece as soon as there is one; nothing after the end."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._ended or self._written > self._taken)
            self._file.seek(self._taken)
            piece = self._file.read(_PIECE)
            self._taken += len(piece)
            if self._taken == self._written:
                self._file.seek(0)
                self._file.truncate()
                self._written = self._taken = 0
            self._changed.notify_all()
            return piece

    def close(self) -> None:
        """Give back what it takes."""
        self._file.close()
