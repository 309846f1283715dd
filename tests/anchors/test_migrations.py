"""Each migration up and down again, with rows in every table, on both databases."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    text,
)
from sqlalchemy.types import TypeEngine

from anchors.database import Database, downgrade, migrations, upgrade
from anchors.database.models import Base
from ledger.errors import Unavailable

SCRIPTS = ScriptDirectory(str(Path(migrations.__file__).parent))
REVISIONS = sorted(script.revision for script in SCRIPTS.walk_revisions())
ROWS = 3
LARGE = 2**62
Rows = dict[str, list[tuple[Any, ...]]]


def _layout(database: Database) -> MetaData:
    layout = MetaData()
    with database.read() as session:
        layout.reflect(session.connection(), only=lambda name, _: name != "alembic_version")
    return layout


def _value(column: Column[Any], row: int) -> Any:
    """Make up something that fits the column, another one for each row; large where large is allowed."""
    for key in column.foreign_keys:
        if key.column.table is column.table:  # a line of succession
            return _value(key.column, row - 1) if row else None
        return _value(key.column, row)
    if column.name == "form":
        return "checkpoint"
    if column.name == "content" and column.table.name == "finality_proofs":
        return json.dumps({"claims": {"n": row}, "cosignatures": [row]})
    return _of_type(column.type, row, key=column.primary_key)


def _of_type(kind: TypeEngine[Any], row: int, *, key: bool) -> Any:
    if isinstance(kind, LargeBinary):
        return bytes([row, 0, 255, 39]) * 8
    if isinstance(kind, Boolean):
        return bool(row % 2)
    if isinstance(kind, Float):
        return 1_800_000_000.25 + row
    if isinstance(kind, Integer):
        is_large = isinstance(kind, BigInteger) or (key and not isinstance(kind, SmallInteger))
        return row + (LARGE if is_large else 0)
    assert isinstance(kind, String), kind
    return f"{row}x".ljust(kind.length, "y") if kind.length else json.dumps({"n": row})


def _fill(database: Database) -> None:
    with database.write() as session:
        for table in _layout(database).sorted_tables:
            for row in range(ROWS):
                session.execute(table.insert().values({one.name: _value(one, row) for one in table.columns}))


def _rows(database: Database) -> Rows:
    tables = _layout(database).sorted_tables
    with database.read() as session:
        return {table.name: _of(session.execute(table.select()).all(), table) for table in tables}


def _of(rows: Any, table: Table) -> list[tuple[Any, ...]]:
    names = sorted(column.name for column in table.columns)
    return sorted(tuple((name, getattr(row, name)) for name in names) for row in rows)


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_was_there_is_there_after_going_up_and_down(database: Database, revision: str) -> None:
    upgrade(database, revision)
    _fill(database)
    before = _rows(database)
    assert all(len(rows) == ROWS for rows in before.values())
    upgrade(database)
    downgrade(database, revision)
    assert _rows(database) == before


@pytest.mark.parametrize("revision", REVISIONS)
def test_with_rows_of_today_every_way_down_is_open(database: Database, revision: str) -> None:
    upgrade(database)
    _fill(database)
    kept = _rows(database)
    downgrade(database, revision)
    upgrade(database)
    after = _rows(database)
    assert set(after) == set(Base.metadata.tables)
    for table in ("tenants", "api_keys", "reader_entries", "idempotency_keys", "sealed_payloads"):
        assert after[table] == kept[table]
    downgrade(database)
    assert _rows(database) == {}


def test_the_history_is_one_line() -> None:
    assert SCRIPTS.get_heads() == REVISIONS[-1:]
    assert SCRIPTS.get_bases() == REVISIONS[:1]


def test_what_was_found_again_is_forgotten_on_the_way_down(database: Database) -> None:
    """The first of a line of succession has no tenant any more; the second, which supersedes it, stays."""
    upgrade(database)
    _fill(database)
    with database.write() as session:
        for table in ("reader_entries", "idempotency_keys", "sealed_payloads", "breaches"):
            session.execute(text(f"DELETE FROM {table}"))
        session.execute(text("UPDATE documents SET tenant_id = NULL WHERE supersedes IS NULL"))
    downgrade(database, "0003")
    with database.read() as session:
        rows = session.execute(text("SELECT edition, supersedes FROM documents ORDER BY edition")).all()
    assert [(row.edition, row.supersedes is None) for row in rows] == [(1, True), (2, False)]


def test_a_layout_that_would_break_what_points_to_it_is_not_committed(database: Database) -> None:
    upgrade(database)
    _fill(database)
    with pytest.raises(Unavailable, match="database"), database.change_layout() as connection:
        connection.execute(text("DELETE FROM tenants"))
    assert len(_rows(database)["tenants"]) == ROWS
    with pytest.raises(Unavailable, match="conflict"), database.write() as session:
        session.execute(text("DELETE FROM tenants"))


def test_processes_that_start_at_once_migrate_one_after_the_other(database: Database, address: str) -> None:
    others = [Database(address) for _ in range(4)]
    faults: list[BaseException] = []

    def start(other: Database) -> None:
        try:
            upgrade(other)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=start, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert set(_rows(database)) == set(Base.metadata.tables)
    for other in others:
        other.close()
