"""A node of several processes on one folder and one database: two that answer HTTP, two that move documents on."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from anchors import merkle
from anchors.cid import Cid, Codec
from anchors.database import Database, upgrade
from anchors.database.models import ApiKeyRow, TenantIssuerRow, TenantRow, TransactionRow
from anchors.manifest import decode
from anchors.stores import FolderStore
from api.demonstration.establishing import Established
from api.home import Home
from ledger.network import Network
from tests.databases import Address
from tests.demonstration_node import copy_of_founded
from tests.faults.node_process import NodeProcess, WorkerProcess


@dataclass
class Cluster:
    """first: answers, works, and owns the embedded chain. second: only answers. worker: only works."""

    home: Path
    established: Established
    database: Database
    first: NodeProcess
    second: NodeProcess
    worker: WorkerProcess

    @property
    def processes(self) -> list[NodeProcess]:
        return [self.first, self.second, self.worker]

    def leaves(self) -> Counter[str]:
        """Every leaf of every manifest that the chain names, and how often it is there."""
        found: Counter[str] = Counter()
        with closing(self.first.chain()) as chain, FolderStore(Home(self.home).payloads) as store:
            registry = Network.read(Home(self.home).network).registries(chain).document
            for anchored in registry.anchored(0, chain.head().number):
                digests = [leaf.digest for leaf in decode(store.get(Cid(Codec.RAW, anchored.manifest_digest))).leaves]
                assert merkle.root(digests) == anchored.root
                found.update(digest.hex() for digest in digests)
        return found

    def nonces(self) -> tuple[list[int], int]:
        """The nonces of the anchor account's transactions in the database, and the one that the chain expects next."""
        with self.database.read() as session:
            rows = session.execute(select(TransactionRow.sender, TransactionRow.nonce).order_by(TransactionRow.nonce))
            found = [(sender, nonce) for sender, nonce in rows]
        [sender] = {sender for sender, _ in found}
        with closing(self.first.chain()) as chain:
            return [nonce for _, nonce in found], chain.nonce(sender)


@contextmanager
def running_cluster(home: Path, address: Address) -> Iterator[Cluster]:
    """Start one in `home`; those that a test has not stopped are asked to end at the end."""
    established = copy_of_founded(home)
    url = address(home)
    database = Database(url)
    upgrade(database)
    if database.has_many_writers:
        _carry_over(Database.at(Home(home).database), database)
        # Nobody is to find them there.
        shutil.move(Home(home).database, home / "set-aside.db")
    environment = {"PORTSEAL_DATABASE": url} if database.has_many_writers else {}
    first, second = (
        NodeProcess(home, environment=environment),
        NodeProcess(home, "--no-worker", environment=environment),
    )
    cluster = Cluster(home, established, database, first, second, WorkerProcess(home, environment=environment))
    try:
        first.start()
        first.await_ready()
        second.join()
        cluster.worker.join()
        second.await_ready()
        cluster.worker.await_said("Worker of")
        yield cluster
    finally:
        for process in cluster.processes:
            process.kill()
        database.close()


def _carry_over(source: Database, target: Database) -> None:
    with closing(source), source.read() as reading, target.write() as writing:
        for model in (TenantRow, TenantIssuerRow, ApiKeyRow):
            for row in reading.scalars(select(model)):
                writing.merge(row)
            writing.flush()
