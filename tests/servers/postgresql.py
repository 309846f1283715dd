"""PostgreSQL: one server on a loopback port, with a role of its own for us and as many databases as tests want."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from types import TracebackType

import psycopg

from anchors.database import Database, upgrade
from tests.servers.binaries import find
from tests.servers.ports import Port
from tests.servers.server_process import ServerFault, ServerProcess

ROLE, PASSWORD = "portseal", "pass/word-of-the-tests"
_HASTY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
_SETTINGS = ("unix_socket_directories=", "listen_addresses=127.0.0.1", "max_connections=120", "log_min_messages=panic")


class PostgreSQL:
    """A cluster in a folder of its own; `durable`: kept over stop, kill and start, as it is run in earnest.

    The folder is not under the tests' own: root, whom PostgreSQL refuses to serve, lets no other user in there.
    """

    def __init__(self, *, durable: bool = False, settings: tuple[str, ...] = ()) -> None:
        self._programs = find("postgres").parent
        self._folder = Path(tempfile.mkdtemp(prefix="portseal-postgresql-"))
        self._as_user = _other_user(self._folder)
        self._port = Port()
        self._settings = _SETTINGS + (() if durable else _HASTY) + settings
        self._names = count(1)
        self._template = ""
        # SIGINT: it ends its clients' sessions, and saves (SIGTERM: it would wait for them). SIGQUIT: it saves nothing.
        polite = signal.SIGINT if durable else signal.SIGQUIT
        self.process = ServerProcess("PostgreSQL", self._folder / "log", polite=polite)
        self._create()

    def url(self, name: str, *, role: str = ROLE, password: str = PASSWORD) -> str:
        """Return the address of a database, as settings take it."""
        escaped = password.replace("/", "%2F")
        return f"postgresql://{role}:{escaped}@127.0.0.1:{self._port}/{name}"

    def start(self) -> None:
        """Start, or go on with what is there. Raises ServerFault."""
        command = [self._programs / "postgres", "-D", self._folder / "data", "-p", self._port]
        for setting in self._settings:
            command += ["-c", setting]
        self.process.start([*self._as_user, *map(str, command)], self._answers)

    def new(self) -> str:
        """Return the address of a new, empty database."""
        return self._copy("template0")

    def migrated(self) -> str:
        """Return the address of a new database with all tables."""
        self._template = self._template or self._migrated()
        return self._copy(self._template)

    def administer(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Run a statement as the superuser; return its rows."""
        with psycopg.connect(self.url("postgres", role="postgres"), autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []

    def _migrated(self) -> str:
        url = self.new()
        database = Database(url)
        upgrade(database)
        database.close()
        return url.rpartition("/")[2]

    def _copy(self, template: str) -> str:
        name = f"test_{next(self._names)}"
        self.administer(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {ROLE}")
        return self.url(name)

    def _answers(self) -> bool:
        try:
            self.administer("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _create(self) -> None:
        password = self._folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        options = ["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--username=postgres"]
        command = [*self._as_user, self._programs / "initdb", "-D", self._folder / "data", f"--pwfile={password}"]
        with self.process.log.open("ab") as log:
            done = subprocess.run(
                [*map(str, command), *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
            )
        if done.returncode:
            raise ServerFault(f"initdb ended with {done.returncode}:\n{self.process.log.read_text()}")

    def __enter__(self) -> "PostgreSQL":
        self.start()
        self.administer(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}'")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.stop()
        self._port.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _other_user(folder: Path) -> list[str]:
    """Give the folder to a user that is not root; return what runs a program as that user, under the guard's eye."""
    if os.geteuid():
        return []
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    # A change of user would clear the signal that ends the server with its guard.
    return [
        "setpriv",
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        "--pdeathsig=keep",
    ]
