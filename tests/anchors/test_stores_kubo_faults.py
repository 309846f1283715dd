"""The Kubo store when its Kubo stops, starts again, is damaged on its disk, or is set up to notice nothing."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from anchors.cid import CHUNK, blocks, cid_of
from anchors.stores import KuboStore
from ledger.errors import Unavailable
from tests.anchors.kubo_damage import damager
from tests.anchors.store_contract import code_of, pattern
from tests.servers.kubo_daemon import Kubo


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Kubo]:
    """A Kubo that a test may stop, damage and set up otherwise."""
    with Kubo(tmp_path) as kubo:
        yield kubo


@pytest.fixture
def store(own: Kubo) -> Iterator[KuboStore]:
    with KuboStore(own.api, timeout=120) as store:
        yield store


def configure(kubo: Kubo, **datastore: object) -> None:
    """Change settings of Datastore and start again."""
    kubo.stop()
    config = kubo.blocks.parent / "config"
    content = json.loads(config.read_text())
    content["Datastore"] |= datastore
    config.write_text(json.dumps(content))
    kubo.start()


def test_stopped_and_started_in_between(own: Kubo, store: KuboStore) -> None:
    cids = store.put([b"before", pattern(2 * CHUNK)])
    own.stop()
    assert code_of(lambda: store.get(cids[0])) == "store.failed"
    assert code_of(lambda: store.put([b"meanwhile"])) == "store.failed"
    assert code_of(store.check) == "store.failed"
    own.start()
    store.check()
    assert [store.get(cid) for cid in cids] == [b"before", pattern(2 * CHUNK)]
    assert store.get(*store.put([b"meanwhile"])) == b"meanwhile"


def test_killed_while_many_write(own: Kubo, store: KuboStore) -> None:
    groups = [[b"%d of %d" % (number, group) * 100 for number in range(60)] for group in range(6)]

    def put(group: list[bytes]) -> bool:
        try:
            return bool(store.put(group))
        except Unavailable:
            return False

    with ThreadPoolExecutor(3) as pool:
        kept = [pool.submit(put, group) for group in groups]
        kept[1].result()
        own.process.kill()
        was_kept = [future.result() for future in kept]
    assert was_kept[1]
    own.start()
    for group in (group for group, whole in zip(groups, was_kept, strict=True) if whole):
        assert [store.get(cid_of(payload)) for payload in group] == group
    for group in groups:
        store.put(group)
        assert [store.get(cid_of(payload)) for payload in group] == group


@pytest.mark.parametrize("hashes_on_read", [True, False])
@pytest.mark.parametrize("stopped", [True, False])
def test_damage_is_found_and_mended(own: Kubo, store: KuboStore, hashes_on_read: bool, stopped: bool) -> None:
    configure(own, HashOnRead=hashes_on_read)
    payloads = {how: how.encode() * 300_000 for how in ("flip", "truncate", "delete")}
    cids = dict(zip(payloads, store.put(list(payloads.values())), strict=True))
    roots = {how: [cid for cid, _ in blocks(payload)][-1] for how, payload in payloads.items()}
    assert roots == cids
    if stopped:
        own.stop()
    for how, payload in payloads.items():
        damager(own)(next(blocks(payload))[0], how)
    if stopped:
        own.start()
    assert code_of(lambda: store.get(cids["flip"])) == "store.corrupt"
    assert code_of(lambda: store.get(cids["truncate"])) == "store.corrupt"
    assert code_of(lambda: store.get(cids["delete"])) == "store.missing"
    store.put(list(payloads.values()))
    assert [store.get(cid) for cid in cids.values()] == list(payloads.values())


@pytest.mark.parametrize("how", ["flip", "truncate", "delete"])
@pytest.mark.parametrize("hashes_on_read", [True, False])
def test_a_kubo_that_writes_nothing_again_is_found_out(
    own: Kubo, store: KuboStore, how: str, hashes_on_read: bool
) -> None:
    configure(own, BlockKeyCacheSize=65536, HashOnRead=hashes_on_read)
    assert code_of(store.check) == "store.failed"
    (cid,) = store.put([b"believed to be there" * 100_000])
    damager(own)(next(blocks(b"believed to be there" * 100_000))[0], how)
    assert code_of(lambda: store.put([b"believed to be there" * 100_000])) == "store.corrupt"
    assert code_of(lambda: store.get(cid)) in ("store.corrupt", "store.missing")


def test_an_empty_and_an_unreadable_file(own: Kubo, store: KuboStore) -> None:
    cids = store.put([b"emptied", b"replaced"])
    own.block_file(str(cids[0])).write_bytes(b"")
    file = own.block_file(str(cids[1]))
    file.unlink()
    file.mkdir()
    assert code_of(lambda: store.get(cids[0])) == "store.corrupt"
    assert code_of(lambda: store.get(cids[1])) == "store.failed"
    assert code_of(lambda: store.put([b"replaced"])) == "store.failed"
    file.rmdir()
    assert store.get(*store.put([b"replaced"])) == b"replaced"
