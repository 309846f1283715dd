import json
import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from anchors.database import Database, downgrade, upgrade
from anchors.database.models import Base, TenantRow
from anchors.finality import FinalityProof
from anchors.finality_proofs import FinalityProofs
from ledger.errors import Unavailable


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_models_and_migrations_agree(database: Database) -> None:
    upgrade(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_constraints_of_models_and_migrations_agree(database: Database) -> None:
    upgrade(database)
    tables, migrated = _tables(database), _constraints(database)
    downgrade(database)
    with database.write() as session:
        Base.metadata.create_all(session.connection())
    assert (_tables(database), _constraints(database)) == (tables, migrated)


def _constraints(database: Database) -> list[Any]:
    look = inspect(database.engine)
    return [
        sorted(found, key=lambda one: str(one["name"])) if isinstance(found, list) else found
        for table in sorted(_tables(database))
        for read in ("get_foreign_keys", "get_unique_constraints", "get_pk_constraint", "get_indexes")
        for found in [getattr(look, read)(table)]
    ]


def test_both_ways_and_twice(database: Database) -> None:
    upgrade(database)
    upgrade(database)
    assert _tables(database) == set(Base.metadata.tables)
    downgrade(database)
    assert _tables(database) == set()
    upgrade(database)
    assert _tables(database) == set(Base.metadata.tables)


def test_sqlite_is_set_to_lose_nothing(tmp_path: Path) -> None:
    with closing(Database.at(tmp_path / "portseal.db")) as database, database.read() as session:
        read = lambda name: session.execute(text(f"PRAGMA {name}")).scalar()  # noqa: E731
        assert (read("journal_mode"), read("synchronous"), read("foreign_keys")) == ("wal", 2, 1)
        assert read("secure_delete") == 2, "a free page is not written once more"


def test_many_that_open_a_new_file_at_once_wait_for_each_other(tmp_path: Path) -> None:
    """Setting a new file's log is a change that SQLite waits with for nobody: one of twenty rounds failed."""
    faults: list[BaseException] = []

    def start(file: Path, together: threading.Barrier) -> None:
        with closing(Database.at(file)) as database:
            together.wait()
            try:
                with database.write() as session:
                    session.execute(text("SELECT 1"))
            except BaseException as error:
                faults.append(error)

    for number in range(150):
        opening = (tmp_path / f"{number}.db", threading.Barrier(6))
        threads = [threading.Thread(target=start, args=opening) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert faults == []


def _tenant(name: str) -> TenantRow:
    return TenantRow(id=name, encryption_key="{}", created_at=1)


def test_a_failed_block_leaves_nothing(database: Database) -> None:
    upgrade(database)
    with pytest.raises(ZeroDivisionError):
        _write_half(database)
    with database.read() as session:
        assert session.get(TenantRow, "a") is None


def _write_half(database: Database) -> None:
    with database.write() as session:
        session.add(_tenant("a"))
        session.flush()
        session.scalar(text("SELECT 1")) / 0


def test_what_is_written_in_a_reading_block_is_lost(database: Database) -> None:
    upgrade(database)
    # PostgreSQL refuses it.
    with suppress(Unavailable), database.read() as session:
        session.add(_tenant("a"))
        session.flush()
    with database.read() as session:
        assert session.get(TenantRow, "a") is None


def test_a_conflict_is_ours_and_says_no_value(database: Database) -> None:
    upgrade(database)
    with database.write() as session:
        session.add(_tenant("secret-name"))
    with pytest.raises(Unavailable) as caught, database.write() as session:
        session.add(_tenant("secret-name"))
    assert caught.value.code == "database.conflict"
    assert "secret-name" not in str(caught.value)


def test_no_library_exception_leaks(database: Database) -> None:
    with pytest.raises(Unavailable) as caught, database.read() as session:
        session.get(TenantRow, "secret-name")
    assert caught.value.code == "database.unavailable"
    assert "secret-name" not in str(caught.value)


def test_a_full_disk_is_said_and_what_was_there_is_read(tmp_path: Path) -> None:
    with closing(Database.at(tmp_path / "portseal.db")) as database:
        upgrade(database)
        with database.write() as session:
            session.add(_tenant("a"))
        assert _filled(database).code == "database.full"
        with database.read() as session:
            assert session.get(TenantRow, "a") is not None
            session.execute(text("PRAGMA max_page_count = 1000000"))
        with database.write() as session:
            session.add(_tenant("b"))


def _filled(database: Database) -> Unavailable:
    """Write more than the file may hold; pooled, the connection is the same for all."""
    with database.write() as session:
        session.execute(text(f"PRAGMA max_page_count = {session.scalar(text('PRAGMA page_count'))}"))
    with pytest.raises(Unavailable) as caught, database.write() as session:
        session.execute(TenantRow.__table__.insert(), [_row(f"t{number}") for number in range(2000)])
    return caught.value


def _row(name: str) -> dict[str, object]:
    return {"id": name, "encryption_key": "{}" * 50, "created_at": 1}


def test_a_file_that_may_not_be_opened(tmp_path: Path) -> None:
    with closing(Database.at(tmp_path / "nowhere" / "portseal.db")) as database, pytest.raises(Unavailable) as caught:
        upgrade(database)
    assert caught.value.code == "database.access"
    assert str(tmp_path) not in str(caught.value)


def test_who_waits_too_long_for_the_writer_is_told(tmp_path: Path) -> None:
    one, other = (Database.at(tmp_path / "portseal.db") for _ in range(2))
    upgrade(one)
    with other.read() as session:
        session.execute(text("PRAGMA busy_timeout = 10"))  # the pool gives the same connection again
    with one.write(), pytest.raises(Unavailable) as caught, other.write():
        raise AssertionError
    assert caught.value.code == "database.busy"
    one.close()
    other.close()


def test_many_writers_wait_for_each_other(database: Database, address: str) -> None:
    """A transaction that read before it wrote would fail if it had not taken the lock at its start."""
    upgrade(database)
    with database.write() as session:
        session.add(_tenant("counter"))

    def count(other: Database) -> None:
        for _ in range(20):
            with other.write() as session:
                row = session.get_one(TenantRow, "counter", with_for_update=True)
                row.created_at += 1

    others = [Database(address), Database(address), database, database]
    threads = [threading.Thread(target=count, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.get_one(TenantRow, "counter").created_at == 1 + 4 * 20
    for other in others:
        other.close()


CLAIMS = {"chain_id": 1, "number": 7, "heads": {"a.b": {"count": 1, "head": "0x00"}}}
COSIGNATURES = [{"authority": "cn.customs", "kid": "k", "jws": "a.b.c"}]


def _write(database: Database, statement: str, rows: list[dict[str, object]]) -> None:
    with database.write() as session:
        for row in rows:
            session.execute(text(statement), row)


def _read(database: Database, statement: str) -> list[Any]:
    with database.read() as session:
        return [tuple(row) for row in session.execute(text(statement))]


def test_checkpoints_are_carried_over_and_back(database: Database) -> None:
    upgrade(database, "0001")
    rows: list[dict[str, object]] = [
        {"n": n, "h": n.to_bytes(32, "big"), "t": 100 + n, "c": json.dumps(CLAIMS), "s": json.dumps(COSIGNATURES)}
        for n in (0, *range(5, 605))
    ]
    _write(database, "INSERT INTO checkpoints VALUES (:n, :h, :t, :c, :s)", rows)
    old = _read(database, "SELECT * FROM checkpoints ORDER BY number")
    upgrade(database)
    proofs = FinalityProofs(database, "checkpoint")
    content = {"claims": CLAIMS, "cosignatures": COSIGNATURES}
    assert proofs.at_or_after(7) == FinalityProof("checkpoint", 7, (7).to_bytes(32, "big"), 107, content)
    assert _read(database, "SELECT count(*) FROM finality_proofs") == [(601,)]
    proofs.keep(FinalityProof("clique", 9999, b"h" * 32, 1, {"headers": ["0x00"]}))
    downgrade(database, "0001")
    assert _read(database, "SELECT * FROM checkpoints ORDER BY number") == old
    assert "finality_proofs" not in _tables(database)
    upgrade(database)
    assert proofs.at_or_after(604) == FinalityProof("checkpoint", 604, (604).to_bytes(32, "big"), 704, content)
