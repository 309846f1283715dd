"""A folder and a real Kubo that must both hold everything: damage, and a Kubo that ends at the worst moment.

What is shown each time: nothing is lost, nobody gets a wrong byte, and all is in both again by itself.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from anchors.cid import CHUNK, blocks, cid_of
from anchors.database import Database, State, upgrade
from anchors.database.models import SealedPayloadRow
from anchors.lease import Leases
from anchors.payloads import Payloads
from anchors.pipeline import store as store_step
from anchors.replicas.audit_thread import AuditThread
from anchors.replicas.record import MANIFESTS, PAYLOADS
from ledger.errors import Unavailable
from tests.anchors.folder_damage import spoil
from tests.anchors.kept_documents import document, enter, held
from tests.anchors.kubo_damage import damager
from tests.anchors.kubo_site import BOTH, FOLDER, Site
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import final_once
from tests.anchors.store_contract import code_of, pattern
from tests.consortium import Consortium
from tests.servers.kubo_daemon import Kubo

PAYLOADS_KEPT = [pattern(200), pattern(7000), pattern(3 * CHUNK + 5), pattern(9), pattern(CHUNK)]


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Database]:
    """SQLite is enough here: test_audit.py does the same without Kubo on both."""
    database = Database.at(tmp_path / "portseal.db")
    upgrade(database)
    yield database
    database.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Kubo(tmp_path / "kubo") as kubo:
        site = Site(tmp_path / "folder", kubo)
        yield site
        site.close()


@pytest.fixture
def kept(site: Site, migrated: Database) -> Database:
    """All payloads in both stores."""
    assert site.replicas.keep({cid_of(payload): payload for payload in PAYLOADS_KEPT}) == BOTH
    enter(migrated, [document(payload, BOTH) for payload in PAYLOADS_KEPT])
    return migrated


@pytest.fixture
def care(kept: Database, site: Site, monkeypatch: pytest.MonkeyPatch) -> AuditThread:
    monkeypatch.setattr("anchors.replicas.audit_thread._TURN_SECONDS", 0.0)
    monkeypatch.setattr("anchors.replicas.audit_pass.SHORTEST", 0)
    return AuditThread(kept, site.replicas, Leases(kept), budget=10**9)


def turns(care: AuditThread) -> None:
    for _ in range(4):
        care.run_once()


def whole_in_both(site: Site, database: Database) -> None:
    assert held(database) == [BOTH] * len(PAYLOADS_KEPT)
    for store in (site.folder, site.store):
        assert [store.get(cid_of(payload)) for payload in PAYLOADS_KEPT] == PAYLOADS_KEPT


def all_readable(site: Site, database: Database) -> None:
    payloads = Payloads(database, site.replicas)
    assert [payloads.get(document(payload, 0).digest) for payload in PAYLOADS_KEPT] == PAYLOADS_KEPT


@pytest.mark.parametrize("how", ["flip", "truncate", "delete"])
@pytest.mark.parametrize("where", ["kubo", "folder"])
@pytest.mark.parametrize("first", ["audit", "read"])
def test_damage_is_found_and_mended_by_itself(
    site: Site, kept: Database, care: AuditThread, how: str, where: str, first: str
) -> None:
    for payload in (PAYLOADS_KEPT[1], PAYLOADS_KEPT[2]):
        block = next(blocks(payload))[0]
        if where == "kubo":
            damager(site.kubo)(block, how)
        elif how == "flip" or payload == PAYLOADS_KEPT[1]:
            spoil(site.directory, block, how)
    if first == "read":
        all_readable(site, kept)
    turns(care)
    whole_in_both(site, kept)
    all_readable(site, kept)


def test_a_kubo_that_lost_everything_is_filled_again(site: Site, kept: Database, care: AuditThread) -> None:
    for payload in PAYLOADS_KEPT:
        for block, _ in blocks(payload):
            site.kubo.block_file(str(block)).unlink(missing_ok=True)
    all_readable(site, kept)
    turns(care)
    whole_in_both(site, kept)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_kubo_ends_while_it_is_read(site: Site, kept: Database, care: AuditThread, count: int) -> None:
    for payload in PAYLOADS_KEPT:  # only Kubo has them, as far as anybody knows
        spoil_all(site, payload)
    large = PAYLOADS_KEPT[2]
    with site.ending_at("/block/get", count):
        assert code_of(lambda: site.replicas.get(cid_of(large))) == "store.failed"
    site.mended()
    all_readable(site, kept)
    turns(care)
    whole_in_both(site, kept)


def spoil_all(site: Site, payload: bytes) -> None:
    spoil(site.directory, next(blocks(payload))[0], "flip")


@pytest.mark.parametrize("count", [1, 3, 6])
def test_kubo_ends_while_it_is_audited(site: Site, kept: Database, care: AuditThread, count: int) -> None:
    with site.ending_at("/block/get", count):
        turns(care)
    assert held(kept) == [BOTH] * len(PAYLOADS_KEPT)  # away is not missing
    all_readable(site, kept)
    damager(site.kubo)(cid_of(PAYLOADS_KEPT[0]), "flip")
    site.mended()
    turns(care)
    whole_in_both(site, kept)


@pytest.mark.parametrize("path", ["/dag/import", "/dag/export"])
def test_kubo_ends_while_it_is_mended(site: Site, kept: Database, care: AuditThread, path: str) -> None:
    damager(site.kubo)(cid_of(PAYLOADS_KEPT[0]), "delete")
    with site.ending_at(path, 2):  # the first is the check
        turns(care)
    assert held(kept)[0] == FOLDER
    all_readable(site, kept)
    site.mended()
    turns(care)
    whole_in_both(site, kept)


# --- the pipeline


@pytest.fixture
def node(consortium: Consortium, tmp_path: Path, site: Site) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path / "node") as node:
        node.resources = replace(node.resources, store=site.replicas)
        node.payloads = Payloads(node.database, site.replicas)
        yield node


def sealed(node: PipelineNode) -> int:
    with node.database.read() as session:
        return session.scalar(select(func.count()).select_from(SealedPayloadRow)) or 0


@contextmanager
def before(site: Site) -> Iterator[None]:
    site.kubo.process.kill()
    yield


@contextmanager
def within(site: Site) -> Iterator[None]:
    """While the payloads are on their way to it."""
    timer = threading.Timer(0.02, site.kubo.process.kill)
    real = site.store._api.post

    def post(asked: str, *arguments: Any, **options: Any) -> bytes:
        if asked == "/dag/import" and timer.ident is None:
            timer.start()
        return real(asked, *arguments, **options)

    site.store._api.post = post  # type: ignore[method-assign]
    try:
        yield
    finally:
        site.store._api.post = real  # type: ignore[method-assign]
    timer.join()


Moment = Callable[[Site], Any]
MOMENTS: dict[str, Moment] = {
    "before": before,
    "at the put": lambda site: site.ending_at("/dag/import"),
    "within the put": within,
    "at the reading back": lambda site: site.ending_at("/dag/export"),
    "after it": lambda site: site.ending_at("/dag/export", after=True),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_local_copy_stays_until_both_have_it(node: PipelineNode, site: Site, moment: str) -> None:
    site.replicas.check()
    digests = [one.digest for one in node.accept(*[node.registration() for _ in range(5)])]
    payloads = [node.payloads.get(digest) for digest in digests]
    with MOMENTS[moment](site):
        if moment == "after it":
            assert node.step(store_step.step) == 5
        elif moment == "within the put":
            with suppress(Unavailable):  # unless Kubo was faster
                node.step(store_step.step)
        else:
            with pytest.raises(Unavailable, match="only 1 of the 2 stores") as raised:
                node.step(store_step.step)
            assert raised.value.code == "store.failed"
    stored = {node.record(digest).state for digest in digests} == {State.STORED}
    assert sealed(node) == (0 if stored else 5)
    assert [node.payloads.get(digest) for digest in digests] == payloads
    site.mended()
    final_once(node, digests)
    assert sealed(node) == 0
    assert set(held(node.database, PAYLOADS)) == set(held(node.database, MANIFESTS)) == {BOTH}
    for store in (site.folder, site.store):
        assert [store.get(cid_of(payload)) for payload in payloads] == payloads


def test_with_one_wanted_a_kubo_that_is_away_holds_up_nothing(
    node: PipelineNode, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anchors.replicas.audit_thread._TURN_SECONDS", 0.0)
    site.replicas.wanted = 1
    site.kubo.stop()
    digests = [one.digest for one in node.accept(*[node.registration() for _ in range(3)])]
    final_once(node, digests)
    assert held(node.database) == [FOLDER] * 3
    care = AuditThread(node.database, site.replicas, node.resources.leases)
    turns(care)
    site.mended()
    turns(care)
    assert held(node.database) == [BOTH] * 3
    assert [site.store.get(cid_of(node.payloads.get(digest))) for digest in digests]
