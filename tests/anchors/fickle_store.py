"""Folder stores that a test can send away or fill up, and clocks that it moves by hand."""

from collections.abc import Sequence
from pathlib import Path

from anchors.cid import Cid
from anchors.stores import FolderStore
from anchors.stores.known_store import KnownStore
from ledger.errors import Invalid, Unavailable


class FickleStore(FolderStore):
    """`fault`: what it raises for everything, or where it is full for writing only. Counts what was asked of it.

    formless: CIDs that it has, and that name no payload.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.directory = directory
        self.fault: str | None = None
        self.formless: set[Cid] = set()
        self.puts = self.gets = 0

    def put(self, payloads: Sequence[bytes]) -> list[Cid]:
        self.puts += 1
        self._fail(self.fault)
        return super().put(payloads)

    def get(self, cid: Cid) -> bytes:
        self.gets += 1
        self._fail(self.fault if self.fault != "store.full" else None)
        if cid in self.formless:
            raise Invalid("unixfs.form", "the blocks make no file of our shape")
        return super().get(cid)

    def check(self) -> None:
        self._fail(self.fault)
        super().check()

    def _fail(self, code: str | None) -> None:
        if code:
            raise Unavailable(code, f"said the test: {code}", mend="wait")


class Stores:
    """Some of them, known under the names a, b, c, ..., with a clock that is moved by hand."""

    def __init__(self, directory: Path, count: int) -> None:
        self.now = 1000.0
        names = "abcdefgh"[:count]
        self.fickle = [FickleStore(directory / name) for name in names]
        self.known = [
            KnownStore(store, bit, name, lambda: self.now)
            for bit, (name, store) in enumerate(zip(names, self.fickle, strict=True))
        ]

    def later(self) -> None:
        """Let every pause pass."""
        self.now += 100


class Clock:
    """Seconds since the epoch."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now
