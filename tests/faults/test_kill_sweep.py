"""Each failpoint with `kill -9` and with an exception: every 202 is on the chain exactly once, and fsck finds nothing.

A life begins where the last one ended, and looks with fsck at what it left before anything moves on. By default a
seeded sample; PORTSEAL_LONG=1 takes every failpoint, on both chains and both databases. PORTSEAL_SEED, which every run
prints, asks for the same sample again.
"""

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from anchors.cid import Cid, Codec
from anchors.database import State
from anchors.database.models import DocumentRow, GateStatementRow, ReportRow
from anchors.manifest import LeafType, decode
from ledger.authority_registry import Role
from ledger.chain import Chain
from ledger.failpoint_names import POINTS
from ledger.finality.form import CHECKPOINT
from tests.anchors import pipeline_node
from tests.anchors.pipeline_node import AUTHORITY, PipelineNode
from tests.anchors.real_chain import founded_at
from tests.consortium import Consortium
from tests.faults.sweep_site import NOT_REACHED, WRONG, Site, examined, killed
from tests.faults.test_pipeline_kill import MovingClock, running_node
from tests.long import LONG
from tests.servers.anvil import Anvil
from tests.servers.postgresql import PostgreSQL
from tests.tables import Table

SAMPLE = 10
TITLE = "Kill sweep"

_RARE = ("sign.apart", "finalize.left", "sweep.left", "replacement", "gap", "fill.put", "replica.lost", "rebuild")
_AT_THE_GATE = ("pack.commit", "device.", "offline-verdicts.")
ELSEWHERE = (*_RARE, *_AT_THE_GATE)
"""Those that need more than load, such as a block that leaves the chain: tests/faults/test_rare_failpoints.py. Those of
edge packs and devices: tests/api/test_device.py, tests/api/test_packs.py."""

IMPOSSIBLE = {"block.commit.after=raise"}
"""Nothing can raise between SQLite's commit and what follows it."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600 if LONG else 600)]


def deeds(chance: random.Random, *, embedded: bool) -> list[str]:
    """Return what is armed, in random order: all of it, or a sample."""
    elsewhere = ELSEWHERE if embedded else (*ELSEWHERE, "block.")
    names = [name for name in POINTS if not name.startswith(elsewhere)]
    found = [f"{name}={how}" for name in names for how in ("kill", "raise")]
    found = [one for one in found if one not in IMPOSSIBLE]
    chance.shuffle(found)
    # Later ones of a kind too: the first pack, batch or block is not like those after it.
    return [f"{one}@{chance.randint(1, 2)}" for one in (found if LONG else found[:SAMPLE])]


@pytest.fixture
def embedded(consortium_template: Consortium, tmp_path: Path) -> Site:
    shutil.copytree(consortium_template.directory / "chain", tmp_path / "chain")
    account, clock = consortium_template.account(AUTHORITY, Role.ANCHOR), MovingClock()
    return Site(tmp_path, account, lambda: running_node(consortium_template, tmp_path, clock))


@pytest.fixture(scope="module")
def on_anvil(anvil: Anvil, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    consortium = founded_at(anvil.rpc, tmp_path_factory.mktemp("sweep-anvil"), CHECKPOINT)
    yield consortium
    consortium.chain.close()


def anvil_site(consortium: Consortium, directory: Path, authority: str, rpc: str) -> Site:
    @contextmanager
    def opened() -> Iterator[PipelineNode]:
        chain = Chain.http(rpc)
        # A connection that several processes share would break with the first that is killed.
        vars(consortium).pop("rosters", None)
        node = PipelineNode(consortium, directory / "node", chain)
        try:
            yield node
        finally:
            node.close()
            chain.close()

    return Site(directory, consortium.account(authority, Role.ANCHOR), opened)


def sweep(site: Site, where: str, table: Table, *, is_embedded: bool) -> None:
    seed = int(os.environ.get("PORTSEAL_SEED") or random.randrange(2**32))
    print(f"PORTSEAL_SEED={seed}")
    with site.node() as node:
        node.tenant()
    for armed in deeds(random.Random(seed), embedded=is_embedded):
        began = time.monotonic()
        armed, code = fallen(site, armed)
        name, _, how = armed.partition("=")
        ended = "killed" if killed(code) else "raised, went on"
        table(TITLE, where=where, failpoint=name, how=how, ended=ended, seconds=f"{time.monotonic() - began:.1f}")
        print(where, armed, ended, flush=True)
    with site.node() as node:
        assert examined(node) == []
        time.sleep(2)  # the last one's leases end
        node.run()
        assert examined(node) == []
        check_exactly_once(node, site)


def fallen(site: Site, armed: str) -> tuple[str, int]:
    """Run a life; one that does not come to a failpoint a second time has to come to it once.

    A life on a machine that stands still for seconds may end before it came to anything: it is given another one.
    """
    once = f"{armed[:-1]}1"
    for stated in (armed, once, once):
        code = site.life(stated)
        assert code != WRONG, site.log()
        if code != NOT_REACHED:
            assert killed(code) if "=kill" in stated else code == 0, f"{stated}: exit code {code}\n{site.log()}"
            return stated, code
    raise AssertionError(f"{armed} is never reached")


def check_exactly_once(node: PipelineNode, site: Site) -> None:
    on_chain: Counter[tuple[bytes, int]] = Counter()
    for anchored in node.registries.document.all_anchored(0):
        if anchored.account == site.account.address:
            manifest = decode(node.store.get(Cid(Codec.RAW, anchored.manifest_digest)))
            on_chain.update((leaf.digest, leaf.leaf_type) for leaf in manifest.leaves)
    with node.database.read() as session:
        kept = set(session.scalars(select(DocumentRow.digest)))
        gates = set(session.scalars(select(GateStatementRow.digest)))
        reports = set(session.scalars(select(ReportRow.digest)))
    assert site.promised
    assert site.promised <= kept | reports
    assert gates
    assert reports
    expected = {(one, LeafType.ENVELOPE) for one in kept} | {(one, LeafType.GATE) for one in gates}
    assert set(on_chain) == expected | {(one, LeafType.REPORT) for one in reports}
    assert set(on_chain.values()) == {1}
    assert {node.record(digest).state for digest in kept} == {State.FINAL}
    assert {found.state for digest in reports if (found := node.reports.find(digest))} == {State.FINAL}


def test_on_the_embedded_chain_and_sqlite(embedded: Site, table: Table) -> None:
    sweep(embedded, "embedded, SQLite", table, is_embedded=True)


def test_on_the_embedded_chain_and_postgresql(
    embedded: Site, postgresql: PostgreSQL, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgresql.new()
    monkeypatch.setattr(pipeline_node, "address", lambda directory: url)
    sweep(embedded, "embedded, PostgreSQL", table, is_embedded=True)


def test_on_anvil_and_sqlite(on_anvil: Consortium, anvil: Anvil, tmp_path: Path, table: Table) -> None:
    sweep(anvil_site(on_anvil, tmp_path, "cn.customs", anvil.rpc), "anvil, SQLite", table, is_embedded=False)


def test_on_anvil_and_postgresql(
    on_anvil: Consortium,
    anvil: Anvil,
    postgresql: PostgreSQL,
    tmp_path: Path,
    table: Table,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = postgresql.new()
    monkeypatch.setattr(pipeline_node, "address", lambda directory: url)
    sweep(anvil_site(on_anvil, tmp_path, "sg.customs", anvil.rpc), "anvil, PostgreSQL", table, is_embedded=False)
