"""The disk of PostgreSQL's tables is full: nothing is accepted, with the reason; reading goes on; it resumes alone.

The tables lie in a tablespace of their own on a small disk, the server's log of writes elsewhere. (A server whose log
has no space stops; then the database is out of reach, and no longer full.)
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from anchors.database import State
from anchors.pipeline.registration import Accepted
from api.problems import status_of
from ledger.errors import PortsealError
from tests.anchors import pipeline_node
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import final_once
from tests.consortium import Consortium
from tests.faults.full_disk import SmallDisk, small_disk
from tests.servers.postgresql import ROLE, PostgreSQL

_DATABASE = "on_a_small_disk"


@contextmanager
def small_tablespace(postgresql: PostgreSQL) -> Iterator[tuple[SmallDisk, str]]:
    """Give the disk, and the address of an empty database on it."""
    [[data]] = postgresql.administer("SHOW data_directory")
    owner = Path(str(data)).stat().st_uid
    above = Path(tempfile.mkdtemp(prefix="portseal-small-disk-"))
    above.chmod(0o755)
    try:
        with small_disk(above / "disk", 40) as disk:
            tables = disk.path / "tables"
            tables.mkdir(mode=0o700)
            os.chown(tables, owner, owner)
            postgresql.administer(f"CREATE TABLESPACE small LOCATION '{tables}'")
            postgresql.administer(f"CREATE DATABASE {_DATABASE} TEMPLATE template0 OWNER {ROLE} TABLESPACE small")
            try:
                yield disk, postgresql.url(_DATABASE)
            finally:
                postgresql.administer(f"DROP DATABASE {_DATABASE} WITH (FORCE)")
                postgresql.administer("DROP TABLESPACE small")
    finally:
        shutil.rmtree(above)


def refused(node: PipelineNode) -> PortsealError:
    """Register until the node refuses."""
    for _ in range(60):
        results = node.registrar.accept([node.registration() for _ in range(10)])
        faults = [one for one in results if not isinstance(one, Accepted)]
        if faults:
            return faults[0]
    raise AssertionError("it was never full")


@pytest.mark.slow
def test_a_full_disk(
    consortium: Consortium, postgresql: PostgreSQL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_tablespace(postgresql) as (disk, url):
        monkeypatch.setattr(pipeline_node, "address", lambda _directory: url)
        with opened(consortium, tmp_path / "node") as node:
            [before] = node.accept(node.registration())
            final_once(node, [before.digest])
            disk.fill()
            fault = refused(node)
            assert (fault.code, status_of(fault)) == ("database.full", 503)
            assert "space" in fault.mend
            assert node.record(before.digest).state is State.FINAL
            assert node.payloads.get(before.digest)
            disk.empty()
            [after] = node.accept(node.registration())
            final_once(node, [before.digest, after.digest])
            with node.database.engine.connect() as connection:
                states = connection.exec_driver_sql("SELECT DISTINCT state FROM documents").all()
            assert [tuple(row) for row in states] == [("batched",)]
