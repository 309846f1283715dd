"""Processes that are stopped (SIGSTOP) for longer than their lease and go on (SIGCONT): nothing of theirs is committed.

Real processes on both databases. The second test has two whole workers with one anchor account, each stopped in turn.
"""

import multiprocessing
import os
import random
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import select

from anchors.database import Database, State, upgrade
from anchors.database.models import LeaseRow, MarkRow, TransactionRow
from anchors.lane import Lane
from anchors.lease import Leases
from anchors.pipeline.worker import Worker, is_idle
from ledger.chain import Chain
from ledger.embedded import EmbeddedChain
from ledger.embedded.server import RpcServer
from ledger.errors import PortsealError, Unavailable
from tests.anchors import pipeline_node
from tests.anchors.pipeline_node import PipelineNode
from tests.consortium import Consortium
from tests.databases import BOTH, Address, addresses
from tests.faults.test_pipeline_kill import MovingClock, leaves_on_chain
from tests.long import long_or
from tests.servers.postgresql import PostgreSQL

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="stops processes as Linux does"),
    pytest.mark.timeout(long_or(1200, 300)),
]
LEASE_SECONDS = 0.6
STOPS = long_or(200, 12)
FORK = multiprocessing.get_context("fork")


@pytest.fixture(params=BOTH)
def address(request: pytest.FixtureRequest) -> Address:
    return addresses(request, request.param)


@contextmanager
def forked(*processes: BaseProcess) -> Iterator[None]:
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.kill()  # also one that is stopped
            process.join()


def write_when_told(url: str, pipe: Connection, inside: bool) -> None:
    """Hold a lease; stop to be told, before or inside of the transaction; say what became of it."""
    database = Database(url)
    leases = Leases(database, "paused", seconds=LEASE_SECONDS)
    leases.start()
    assert leases.hold("work")
    if not inside:
        pipe.send("holding")
        pipe.recv()
    try:
        with database.write() as session:
            leases.guard(session, "work")
            session.add(MarkRow(name="late", number=1, moved_at=1))
            session.flush()
            if inside:
                pipe.send("inside")
                pipe.recv()
        pipe.send("committed")
    except PortsealError as error:
        pipe.send(error.code)


def takes_over(database: Database) -> bool:
    other, deadline = Leases(database, "other", seconds=LEASE_SECONDS), time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if other.hold("work"):
                return True
        except Unavailable:
            pass  # the stopped one has locked the row
        time.sleep(0.05)
    return False


def is_written(database: Database) -> bool:
    with database.read() as session:
        return session.get(MarkRow, "late") is not None


def stopped(url: str, *, inside: bool) -> str:
    """Stop it, take its lease, let it go on; return what it says. Another must get the lease meanwhile."""
    database = Database(url)
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=write_when_told, args=(url, theirs, inside))
    with forked(process):
        assert ours.recv() == ("inside" if inside else "holding")
        assert process.pid is not None
        os.kill(process.pid, signal.SIGSTOP)
        for _ in range(5):
            if inside or takes_over(database):
                break
            # Stopped while it renewed its lease: on SQLite it has locked everybody out. So at another moment.
            os.kill(process.pid, signal.SIGCONT)
            time.sleep(LEASE_SECONDS / 10)
            os.kill(process.pid, signal.SIGSTOP)
        ours.send("go on")
        assert takes_over(database)
        os.kill(process.pid, signal.SIGCONT)
        assert ours.poll(30)
        said = str(ours.recv())
    assert not is_written(database)
    database.close()
    return said


def test_what_was_stopped_before_it_writes_is_not_committed(address: Address, tmp_path: Path) -> None:
    url = address(tmp_path)
    database = Database(url)
    upgrade(database)
    database.close()
    assert stopped(url, inside=False) == "pipeline.lease-lost"


def test_what_was_stopped_while_it_writes_is_not_committed(postgresql: PostgreSQL) -> None:
    """The server ends its session, after 30 s unless the address states otherwise; on SQLite nobody can take over."""
    url = postgresql.migrated()
    assert stopped(f"{url}?options=-c%20idle_in_transaction_session_timeout%3D3000", inside=True) == "database.lost"


# --- two workers with one account


def work(consortium: Consortium, directory: Path, rpc: str) -> None:
    """A worker in a process of its own, that reaches the chain over HTTP; until killed."""
    node = PipelineNode(consortium, directory, Chain.http(rpc))
    node.resources = replace(node.resources, leases=Leases(node.database, seconds=LEASE_SECONDS))
    node.resources.leases.start()
    Worker(node.resources).start()
    threading.Event().wait()


def stop_in_turn(
    node: PipelineNode, workers: Sequence[BaseProcess], ended: threading.Event, chance: random.Random
) -> None:
    """Stop one, for a moment or for longer than its lease, then the other; at least until the account went over."""
    for turn in range(10 * STOPS):
        if turn >= STOPS and times_taken(node) > 1:
            break
        process = workers[turn % len(workers)]
        assert process.pid is not None
        os.kill(process.pid, signal.SIGSTOP)
        ended.wait(LEASE_SECONDS * chance.choice((0.3, 1.5, 2.0)))
        os.kill(process.pid, signal.SIGCONT)
        ended.wait(chance.random())
        if ended.is_set():
            return
    ended.set()


def test_two_workers_with_one_account_that_are_stopped_in_turn(
    address: Address, consortium_template: Consortium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, clock, directory = random.Random(7), MovingClock(), tmp_path / "node"
    monkeypatch.setattr(pipeline_node, "address", address)
    shutil.copytree(consortium_template.directory / "chain", tmp_path / "chain")
    directory.mkdir()
    address(directory)  # made before the workers are forked, who then know it
    embedded = EmbeddedChain.open(tmp_path / "chain", clock=clock)
    server, chain = RpcServer(embedded), Chain(embedded.request)
    keys, network = consortium_template.keys, consortium_template.network
    consortium = Consortium(
        tmp_path,
        embedded,
        clock,  # type: ignore[arg-type]  # it moves by itself
        chain,
        keys,
        network,
        network.registries(chain),
    )
    workers = [FORK.Process(target=work, args=(consortium, directory, server.url)) for _ in range(2)]
    with forked(*workers):
        # Threads and connections only now: a fork would take half of them along.
        embedded.start()
        server.start()
        node = PipelineNode(consortium, directory)
        node.tenant()
        accepted = accept_while_they_stop(node, workers, chance)
        deadline = time.monotonic() + 120
        while not is_idle(node.database):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    _all_once(node, accepted)
    node.close()
    server.close()
    embedded.close()


def times_taken(node: PipelineNode) -> int:
    """Return how often a worker took the account's lease from another, or first."""
    with node.database.read() as session:
        lease = session.get(LeaseRow, f"account {node.resources.account.address}")
        return lease.token if lease is not None else 0


def accept_while_they_stop(node: PipelineNode, workers: Sequence[BaseProcess], chance: random.Random) -> list[bytes]:
    accepted: list[bytes] = []
    ended = threading.Event()
    stopping = threading.Thread(target=stop_in_turn, args=(node, workers, ended, chance))
    stopping.start()
    while not ended.is_set():
        for result in node.registrar.accept([node.registration(lane=Lane.URGENT) for _ in range(3)]):
            # On SQLite a stopped worker may hold the write lock.
            assert not isinstance(result, PortsealError) or result.code == "database.busy"
            accepted += [] if isinstance(result, PortsealError) else [result.digest]
    stopping.join()
    return accepted


def _all_once(node: PipelineNode, accepted: list[bytes]) -> None:
    found = leaves_on_chain(node)
    assert {digest: found[digest] for digest in accepted} == dict.fromkeys(accepted, 1)
    assert sum(found.values()) == len(accepted)
    assert {node.record(digest).state for digest in accepted} == {State.FINAL}
    with node.database.read() as session:
        nonces = session.scalars(select(TransactionRow.nonce).order_by(TransactionRow.nonce)).all()
    token = times_taken(node)
    assert nonces == list(range(nonces[0], node.chain.nonce(node.resources.account.address)))
    print(f"{len(accepted)} documents, {len(nonces)} transactions; the account's lease went over {token - 1} times")
    assert token > 1
