"""A surge, and in the middle of it a chain that stands still: nothing is lost, what is urgent is final soon after.

Ten times the steady load. PORTSEAL_LONG=1: for two minutes, the chain standing still for one.
"""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from anchors.database import Database, State
from anchors.database.models import BatchRow, BreachRow, DocumentRow
from anchors.lane import Lane
from api.home import Home
from ledger.chain import Chain
from ledger.network import Network
from tests.faults.flood import Flood
from tests.faults.node_process import NodeProcess
from tests.flows.founded import founded_on
from tests.flows.grounds import AnvilGround
from tests.servers.anvil import Anvil
from tests.servers.rpc import ask

LONG = bool(os.environ.get("PORTSEAL_LONG"))
STEADY = 20 if LONG else 6
SECONDS, STILL = (120, 60) if LONG else (16, 8)
URGENT_SECONDS = 30
URGENT_ROOM = 5  # seconds: how fast this machine is says what bulk takes
DRAIN_SECONDS = 600 if LONG else 180

pytestmark = [pytest.mark.node, pytest.mark.slow, pytest.mark.timeout(1800)]


@contextmanager
def memory_of(node: NodeProcess) -> Iterator[list[int]]:
    """Note the node's resident bytes twice a second."""
    assert node._process is not None
    process, ended = psutil.Process(node._process.pid), threading.Event()
    seen = [process.memory_info().rss]

    def watch() -> None:
        while not ended.wait(0.5):
            seen.append(process.memory_info().rss)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def wait_until_idle(database: Database, seconds: float) -> float:
    """Return how long it took until every document was final or failed."""
    from anchors.pipeline.worker import is_idle

    began = time.monotonic()
    while not is_idle(database):
        assert time.monotonic() - began < seconds, "documents are still on their way"
        time.sleep(0.25)
    return time.monotonic() - began


def test_a_surge_while_the_chain_stands_still(tmp_path: Path) -> None:
    with Anvil(tmp_path / "anvil") as anvil:
        founded = founded_on(AnvilGround(anvil), tmp_path / "home")
        node = NodeProcess(founded.home)
        node.start()
        try:
            node.await_ready()
            flood = Flood(node.address, founded.established, 10 * STEADY)
            with memory_of(node) as memory:
                with flood.running():
                    time.sleep((SECONDS - STILL) / 2)
                    calm = max(memory)
                    ask(anvil.rpc, "evm_setIntervalMining", 0)
                    stood_at = height_at_rest(anvil)
                    time.sleep(STILL)
                    assert ask(anvil.rpc, "eth_blockNumber") == stood_at
                    back = time.time()
                    ask(anvil.rpc, "evm_setIntervalMining", 1)
                    time.sleep((SECONDS - STILL) / 2)
                with closing(Database.at(Home(founded.home).database)) as database:
                    drained = wait_until_idle(database, DRAIN_SECONDS)
                    check_nothing_lost(database, flood, Network.read(Home(founded.home).network))
                    late, bulk = (seconds_of(database, lane, back) for lane in (Lane.URGENT, Lane.BULK))
        finally:
            node.kill()
    print(
        f"surge of {10 * STEADY}/s for {SECONDS} s, chain still for {STILL} s: {len(flood.promised)} accepted, "
        f"{flood.turned_away} turned away, drained in {drained:.1f} s; urgent after the chain was back: "
        f"p50 {late[len(late) // 2]:.0f} s, p99 {late[int(len(late) * 0.99)]:.0f} s of {len(late)}; "
        f"memory {calm / 1e6:.0f} MB before, at most {max(memory) / 1e6:.0f} MB"
    )
    assert len(late) == len(flood.urgent)
    assert late[len(late) // 2] < bulk[len(bulk) // 2] + URGENT_ROOM
    if LONG:
        assert late[int(len(late) * 0.99)] < URGENT_SECONDS
    assert max(memory) < 2 * calm + 100e6


def height_at_rest(anvil: Anvil) -> str:
    """Return the newest block's number once no more come: one was perhaps being made when that was asked for."""
    height = ""
    while (newest := str(ask(anvil.rpc, "eth_blockNumber"))) != height:
        height = newest
        time.sleep(2)
    return height


def check_nothing_lost(database: Database, flood: Flood, network: Network) -> None:
    query = select(DocumentRow.digest, BatchRow.state, BatchRow.root, BatchRow.size, BatchRow.manifest_digest)
    with database.read() as session:
        rows = session.execute(query.outerjoin(BatchRow, BatchRow.id == DocumentRow.batch_id)).all()
        broken = session.query(BreachRow).count()
    assert {row.digest.hex() for row in rows} == set(flood.promised)
    assert len(rows) == len(flood.promised)
    assert {row.state for row in rows} == {State.FINAL}
    assert broken == 0
    chain = Chain.http(network.rpc[0])
    registry = network.registries(chain).document
    anchored = Counter((one.root, one.size, one.manifest_digest) for one in registry.anchored(0, chain.head().number))
    chain.close()
    batches = {(row.root, row.size, row.manifest_digest) for row in rows}
    assert {batch: anchored[batch] for batch in batches} == dict.fromkeys(batches, 1)


def seconds_of(database: Database, lane: Lane, back: float) -> list[float]:
    """Return, sorted, how long after both its acceptance and the chain's return each document of a lane was final."""
    query = select(DocumentRow.accepted_at, BatchRow.final_at).where(DocumentRow.lane == lane)
    with database.read() as session:
        rows = session.execute(query.join(BatchRow, BatchRow.id == DocumentRow.batch_id)).all()
    return sorted(row.final_at - max(row.accepted_at, back) for row in rows)
