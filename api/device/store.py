"""What a device remembers, in one SQLite file: each deed is one transaction, so that a crash leaves old or new."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.durable_file import durable_transaction
from ledger.errors import Invalid, Refused, Unavailable

_TABLES = """
CREATE TABLE IF NOT EXISTS device (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    customs TEXT NOT NULL,
    trust BLOB NOT NULL,
    highest_time INTEGER NOT NULL DEFAULT 0,
    pack_number INTEGER NOT NULL DEFAULT 0,
    pack_block INTEGER NOT NULL DEFAULT 0,
    pack_hash BLOB,
    pack BLOB
);
CREATE TABLE IF NOT EXISTS verdicts (
    number INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    line TEXT NOT NULL,
    uploaded INTEGER NOT NULL DEFAULT 0
)
"""
NAME = "device.db"


class DeviceStore:
    """The file `device.db` in a device's folder. Processes that use it at once wait for one another (at most 30 s)."""

    def __init__(self, folder: Path) -> None:
        """Raises Invalid `device.none` where no device was enrolled."""
        self._path = folder / NAME
        if not self._path.is_file():
            detail = f"{folder.name} is not a device's folder"
            raise Invalid("device.none", detail, mend="enrol the device: `portseal gate enrol`")

    @classmethod
    def create(cls, folder: Path, customs: str, trust: bytes) -> "DeviceStore":
        """Make the file. Raises Refused `device.exists`, Unavailable `device.store`."""
        if (folder / NAME).exists():
            detail = f"{folder.name} is a device's folder already"
            raise Refused("device.exists", detail, mend="name an empty folder")
        folder.mkdir(parents=True, exist_ok=True)
        with _transaction(folder / NAME, create=True) as database:
            for table in _TABLES.split(";"):
                database.execute(table)
            database.execute("INSERT INTO device (id, customs, trust) VALUES (1, ?, ?)", (customs, trust))
        return cls(folder)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, durable when the block ends. Raises Unavailable `device.store`."""
        with _transaction(self._path) as database:
            yield database

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One consistent view. Raises Unavailable `device.store`."""
        with _transaction(self._path, begin="BEGIN") as database:
            yield database


@contextmanager
def _transaction(path: Path, *, begin: str = "BEGIN IMMEDIATE", create: bool = False) -> Iterator[sqlite3.Connection]:
    try:
        with durable_transaction(path, begin=begin, create=create) as database:
            database.row_factory = sqlite3.Row
            yield database
    except sqlite3.Error as error:
        detail = f"the device's file cannot be used ({error})"
        raise Unavailable(
            "device.store", detail, mend="check the folder and the disk; else enrol the device anew"
        ) from None
