"""What only PostgreSQL does: faults by their codes, and what must hold whatever its server is set to."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import text

from anchors.database import Database, postgresql, upgrade
from anchors.database.models import TenantRow
from ledger.errors import Invalid, PortsealError, Unavailable
from tests.servers.postgresql import PASSWORD, PostgreSQL


@pytest.fixture
def url(postgresql: PostgreSQL) -> str:
    return postgresql.migrated()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with closing(Database(url)) as database:
        yield database


def with_options(url: str, **settings: int) -> str:
    """An address that states settings of the server for our sessions."""
    stated = "%20".join(f"-c%20{name}%3D{value}" for name, value in settings.items())
    return f"{url}?options={stated}"


def tenant(name: str) -> TenantRow:
    return TenantRow(id=name, encryption_key="{}", created_at=1)


def fault(database: Database, statement: str = "SELECT 1") -> Unavailable:
    with pytest.raises(Unavailable) as caught, database.write() as session:
        session.execute(text(statement))
    assert PASSWORD not in str(caught.value) + caught.value.mend
    assert caught.value.mend
    return caught.value


def test_sessions_are_as_we_count_on(database: Database) -> None:
    """Whatever the server is set to: this one commits without waiting for its disk, unless asked."""
    names = ("synchronous_commit", "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    query = text("SELECT " + ", ".join(f"current_setting('{name}')" for name in names))
    with database.write() as session:
        assert session.execute(query).one() == ("on", "30s", "1min", "30s")
        assert session.scalar(text("SHOW transaction_isolation")) == "read committed"
        assert session.scalar(text("SHOW application_name")) == "portseal"
    with database.read() as session:
        assert session.scalar(text("SHOW transaction_isolation")) == "repeatable read"
        assert session.scalar(text("SHOW transaction_read_only")) == "on"


def test_what_the_address_states_counts(url: str) -> None:
    stated = with_options(url, lock_timeout=7) + "&application_name=mine"
    with closing(Database(stated)) as database, database.read() as session:
        assert session.scalar(text("SHOW lock_timeout")) == "7ms"
        assert session.scalar(text("SHOW application_name")) == "mine"
        assert session.scalar(text("SHOW statement_timeout")) == "1min"


def test_a_reading_block_refuses_to_write_and_sees_one_moment(database: Database) -> None:
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM tenants")) == 0
        with database.write() as writing:
            writing.add(tenant("a"))
        assert session.scalar(text("SELECT count(*) FROM tenants")) == 0
    with pytest.raises(Unavailable) as caught, database.read() as session:
        session.execute(text("DELETE FROM tenants"))
    assert caught.value.code == "database.access"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("pass%2Fword", "another"), "database.access"),
        (("portseal:", "nobody:"), "database.access"),
        (("/test_", "/no_such_"), "database.access"),
        (("127.0.0.1:", "127.0.0.1:1"), "database.lost"),
    ],
)
def test_who_cannot_get_in_is_told_why_and_not_the_password(url: str, change: tuple[str, str], code: str) -> None:
    with closing(Database(url.replace(*change)[: -1 if "127" in change[0] else None])) as database:
        assert fault(database).code == code


@pytest.mark.parametrize(
    "address",
    ["", "postgresql", "mysql://root:pass/word-of-the-tests@h/d", "postgresql+asyncpg://u:pass/word-of-the-tests@h/d"],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(Invalid) as caught:
        Database(address)
    assert caught.value.code == "database.address"
    assert "word-of" not in str(caught.value) + caught.value.mend


def test_without_the_driver_it_says_what_to_install(url: str) -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from anchors.database import Database\n"
        f"try: Database({url!r})\n"
        "except Exception as error: print(error.code, error.mend)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert ended.stdout.startswith("database.driver install Portseal with its extra: pip install -e '.[postgresql]'")


def test_an_old_server_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "OLDEST", 99)
    with closing(Database(url)) as database:
        assert fault(database).code == "database.version"


def test_a_database_of_another_encoding_is_refused(postgresql: PostgreSQL) -> None:
    postgresql.administer("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    with closing(Database(postgresql.url("ascii"))) as database:
        assert fault(database).code == "database.encoding"


def test_waiting_for_a_lock_has_an_end(url: str, database: Database) -> None:
    with closing(Database(with_options(url, lock_timeout=100))) as other, database.write() as session:
        session.execute(text("LOCK TABLE tenants"))
        assert fault(other, "SELECT * FROM tenants FOR UPDATE").code == "database.busy"


def test_a_statement_has_an_end(url: str) -> None:
    with closing(Database(with_options(url, statement_timeout=2_000))) as database:
        assert fault(database, "SELECT pg_sleep(60)").code == "database.busy"


def test_a_deadlock_is_a_conflict(database: Database) -> None:
    with database.write() as session:
        session.add_all([tenant("a"), tenant("b")])
    barrier, codes = threading.Barrier(2), []

    def lock(first: str, second: str) -> None:
        query = text("SELECT 1 FROM tenants WHERE id = :id FOR UPDATE")
        try:
            with database.write() as session:
                session.execute(query, {"id": first})
                barrier.wait()
                session.execute(query, {"id": second})
        except PortsealError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=lock, args=order) for order in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == ["database.conflict"]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("40001", "conflict"),
        ("53100", "full"),
        ("53300", "connections"),
        ("57P03", "lost"),
        ("08006", "lost"),
        ("42501", "access"),
        ("25006", "access"),
        ("55P03", "busy"),
        ("XX001", "unavailable"),
    ],
)
def test_what_the_server_says_by_its_code(database: Database, state: str, code: str) -> None:
    raised = f"DO $$ BEGIN RAISE EXCEPTION 'as it says' USING ERRCODE = '{state}', DETAIL = 'secret row'; END $$"
    error = fault(database, raised)
    assert error.code == f"database.{code}"
    assert "as it says" in error.detail
    assert "secret row" not in str(error)


def test_those_in_one_queue_come_one_after_the_other(database: Database) -> None:
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(5):
            with database.write(queue="here"):
                inside += 1
                most = max(most, inside)
                time.sleep(0.005)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    with database.write(queue="elsewhere"):
        pass
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_value_that_does_not_fit_is_not_told(database: Database) -> None:
    error = fault(database, "SELECT CAST('secret-value' AS integer)")
    assert error.code == "database.unavailable"
    assert "secret-value" not in str(error)
    with pytest.raises(Unavailable) as caught, database.read() as session:
        session.get(TenantRow, "secret\x00value")
    assert "secret" not in str(caught.value)


def test_more_threads_than_connections_wait(database: Database) -> None:
    done = []

    def write(number: int) -> None:
        with database.write() as session:
            session.add(tenant(f"t{number}"))
            session.flush()
            time.sleep(0.02)
        done.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(3 * postgresql.CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 3 * postgresql.CONNECTIONS


# --- a server of its own, which is stopped and killed


@pytest.fixture
def server() -> Iterator[PostgreSQL]:
    # "max_connections" leaves three for the superuser and three for us.
    with PostgreSQL(durable=True, settings=("max_connections=6",)) as server:
        yield server


@pytest.mark.slow
def test_a_server_that_comes_and_goes(server: PostgreSQL) -> None:
    """What was committed when it was killed is there; connections that died are not taken for good ones."""
    with closing(Database(server.new())) as database:
        upgrade(database)
        server.process.stop()
        assert fault(database).code == "database.lost"
        server.start()
        with database.write() as session:
            session.add(tenant("a"))
        with pytest.raises(Unavailable, match=r"database\.lost"):
            _write_while_it_dies(database, server)
        _until_it_works(server.start)
        with database.read() as session:
            assert session.scalars(text("SELECT id FROM tenants")).all() == ["a"]
        others = [Database(str(database.engine.url.render_as_string(hide_password=False))) for _ in range(2)]
        with ExitStack() as held:
            for other in others:
                held.callback(other.close)
                _until_it_works(lambda other=other: other.engine.connect().close())  # type: ignore[misc]
                held.enter_context(other.read()).execute(text("SELECT 1"))
            with closing(Database(server.url("test_1"))) as late:
                assert fault(late).code == "database.connections"


def _write_while_it_dies(database: Database, server: PostgreSQL) -> None:
    with database.write() as session:
        session.add(tenant("b"))
        session.flush()
        server.process.kill()
        for _ in range(1_200):  # its process for our connection needs a moment to notice
            session.execute(text("SELECT 1"))
            time.sleep(0.05)


def _until_it_works(call: Callable[[], object]) -> None:
    """Processes of a server need a moment to notice that it was killed, or that who asked them has gone."""
    deadline = time.monotonic() + 60
    while True:
        try:
            call()
            return
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_the_password_is_in_no_text_of_ours(url: str) -> None:
    from api.settings import Settings

    settings = Settings(database=url, home=Path("nowhere"))  # type: ignore[arg-type]  # as the environment gives it
    assert PASSWORD.split("/")[1] not in repr(settings) + str(settings.model_dump())
    assert settings.database_address() == url
    with closing(Database(url)) as database:
        assert PASSWORD.split("/")[1] not in repr(database.engine) + str(database.engine.url)
