import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from ledger.write_ahead import write_ahead


def test_a_new_file_keeps_one_and_goes_on_keeping_it(tmp_path: Path) -> None:
    for _ in range(2):
        with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
            write_ahead(connection)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_who_does_not_let_go_is_waited_for_so_long_only(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as first:
        first.execute("CREATE TABLE t (a)")
        first.execute("BEGIN IMMEDIATE")
        with closing(sqlite3.connect(tmp_path / "a.db", timeout=0)) as second:
            began = time.monotonic()
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                write_ahead(second, patience=0.2)
            assert time.monotonic() - began > 0.2
            first.execute("ROLLBACK")
            write_ahead(second, patience=0.2)


def test_what_is_no_database_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection, pytest.raises(sqlite3.DatabaseError, match="not a"):
        write_ahead(connection)
