"""The failpoints that load alone does not reach: what brings a node there is made on purpose, then it dies or fails.

Each with `kill -9`, in a process that is forked for the step, and with an exception; then everything is final once, and
fsck finds nothing.
"""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anchors.database import State
from anchors.pipeline import broadcast, finalize, gap, sign, sweep
from anchors.replicas.audit import Audit
from anchors.replicas.fill import Fill
from anchors.replicas.record import PAYLOADS
from anchors.replicas.replicas import Replicas
from anchors.stores import FolderStore
from anchors.stores.known_store import KnownStore
from ledger import failpoint
from ledger.chain import Chain
from ledger.failpoint_names import POINTS
from tests.anchors.examined import examine
from tests.anchors.lying_node import LyingNode
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import advance, final_once
from tests.anchors.test_pipeline_outages import without_accreditation
from tests.anchors.transaction_rows import lose, pass_time, rows, signed
from tests.consortium import Consortium
from tests.faults.test_kill_sweep import ELSEWHERE

HOW = pytest.mark.parametrize("how", ["kill", "raise"])
WHEN = pytest.mark.parametrize("when", ["before", "after"])


@pytest.fixture
def wire() -> LyingNode:
    return LyingNode(lambda method, params: {})


@pytest.fixture
def node(consortium_template: Consortium, wire: LyingNode, tmp_path: Path) -> Iterator[PipelineNode]:
    with consortium_template.copy(tmp_path) as consortium:
        wire.__init__(consortium.chain.transport)  # type: ignore[misc]
        with opened(consortium, tmp_path / "node", Chain(wire)) as node:
            yield node


_FORKS, _STUCK_SECONDS = 4, 30.0


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    failpoint.arm({})


def fall(node: PipelineNode, armed: str, step: Callable[[], object]) -> None:
    """Make a step that ends at a failpoint: as a process that is killed there, or with an exception."""
    armed_by = {failpoint.VARIABLE: armed}
    if armed.endswith("raise"):
        failpoint.arm(armed_by)
        with pytest.raises(failpoint.FailpointError):
            step()
        failpoint.arm({})
        return
    for _ in range(_FORKS):
        node.database.close()
        child = os.fork()
        if child == 0:
            try:
                failpoint.arm(armed_by)
                step()
            finally:
                os._exit(1)
        status = ended(child)
        if status is not None:
            assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
            return
    raise AssertionError("every fork was stuck")


def ended(child: int) -> int | None:
    """Return how it ended; None if it hangs at a lock that another thread held at the fork: then it is killed."""
    deadline = time.monotonic() + _STUCK_SECONDS
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return status
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def whole(node: PipelineNode, digests: list[bytes]) -> None:
    final_once(node, digests)
    assert examine(node) == []


def test_each_that_the_sweep_leaves_out_is_here_or_with_what_it_is_about() -> None:
    here = Path(__file__)
    others = ("anchors/test_rebuild.py", "api/test_device.py", "api/test_packs.py", "api/test_offline_verdicts.py")
    source = "".join(one.read_text("utf-8") for one in (here, *(here.parents[1] / name for name in others)))
    left_out = {name for name in POINTS if name.startswith(ELSEWHERE)}
    assert {name for name in left_out if name.removesuffix(".before").removesuffix(".after") not in source} == set()


@HOW
@WHEN
def test_coverage_that_has_ended(node: PipelineNode, how: str, when: str) -> None:
    tenant = node.tenant("two", ["cn.carrier", "sg.carrier"])
    own, other = node.registration(tenant=tenant), node.registration(node.bill("sg.carrier"), tenant=tenant)
    lost, kept = (one.digest for one in node.accept(own, other))
    advance(node, State.BATCHED)
    with without_accreditation(node):
        fall(node, f"sign.apart.{when}={how}", lambda: node.step(sign.step))
        whole(node, [kept])
        assert node.record(lost).state is State.FAILED


@HOW
@WHEN
@pytest.mark.parametrize("step", ["finalize.left", "sweep.left"])
def test_a_block_that_has_left_the_chain(node: PipelineNode, how: str, when: str, step: str) -> None:
    digests = signed(node, 1)
    advance(node, State.MINED)
    if step == "sweep.left":
        node.run()
        node.consortium.clock.advance(node.resources.limits.sweep_seconds)
    with node.database.write() as session:
        session.connection().exec_driver_sql("UPDATE transactions SET block_hash = zeroblob(32)")
    made = finalize.step if step == "finalize.left" else sweep.step
    fall(node, f"{step}.{when}={how}", lambda: node.step(made))
    node.step(made)
    whole(node, digests)


@HOW
@WHEN
def test_a_nonce_that_is_missing(node: PipelineNode, how: str, when: str) -> None:
    digests = signed(node, 2)
    lose(node, rows(node)[0])
    pass_time(node)
    fall(node, f"gap.commit.{when}={how}", lambda: node.step(gap.step))
    # The batch of the lost one is signed anew; then it waits, too, until it is sure that the nonce is missing.
    node.step(sign.step)
    pass_time(node)
    whole(node, digests)


@HOW
@WHEN
def test_a_transaction_that_stays_unmined(node: PipelineNode, wire: LyingNode, how: str, when: str) -> None:
    digests = signed(node, 1)
    wire.lies["eth_getBalance"] = lambda params, honest: hex(10**18)
    wire.swallows = True
    node.step(broadcast.step)
    pass_time(node)
    fall(node, f"replacement.commit.{when}={how}", lambda: node.step(broadcast.step))
    node.consortium.chain.send(wire.sent[0])
    wire.swallows = False
    whole(node, digests)


@HOW
def test_a_store_that_lacks_everything(node: PipelineNode, tmp_path: Path, how: str) -> None:
    digests = signed(node, 2)
    node.run()
    with FolderStore(tmp_path / "second") as second:
        stores = (KnownStore(node.store), KnownStore(second, 1, "second"))
        fill = Fill(node.database, Replicas(stores))
        fall(node, f"fill.put.after={how}", lambda: fill.fill(stores[1], PAYLOADS))
        assert len(fill.fill(stores[1], PAYLOADS).held) == 2
        assert examine(node, stores=stores) == []
    whole(node, digests)


@HOW
@WHEN
def test_a_replica_that_is_gone(node: PipelineNode, tmp_path: Path, how: str, when: str) -> None:
    signed(node, 2)
    node.run()
    with FolderStore(tmp_path / "second") as second:
        stores = (KnownStore(node.store), KnownStore(second, 1, "second"))
        replicas = Replicas(stores)
        fill, audit = Fill(node.database, replicas), Audit(node.database, replicas)
        fill.fill(stores[1], PAYLOADS)
        shutil.rmtree(tmp_path / "second" / "packs")
        (tmp_path / "second" / "packs").mkdir()
        fall(node, f"replica.lost.{when}={how}", lambda: audit.examine(stores[1], PAYLOADS, 0, 1 << 20))
        audit.examine(stores[1], PAYLOADS, 0, 1 << 20)
        while fill.fill(stores[1], PAYLOADS).end is not None:
            pass
        assert examine(node, stores=stores) == []
