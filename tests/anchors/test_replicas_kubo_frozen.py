"""A Kubo that stands still, or whose disk is full: callers wait once at most, and nothing is lost."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from anchors.cid import cid_of
from anchors.stores import KuboStore
from tests.anchors.kubo_site import BOTH, FOLDER, Site
from tests.anchors.store_contract import code_of, pattern
from tests.faults.full_disk import small_disk
from tests.servers.kubo_daemon import Kubo

TIMEOUT = 2.0


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Kubo(tmp_path / "kubo") as kubo:
        site = Site(tmp_path / "folder", kubo, TIMEOUT)
        yield site
        kubo.process.thaw()
        site.close()


def keep(site: Site, *payloads: bytes) -> int:
    return site.replicas.keep({cid_of(payload): payload for payload in payloads})


def seconds_of(site: Site, payload: bytes) -> float:
    start = time.monotonic()
    assert site.replicas.get(cid_of(payload)) == payload
    return time.monotonic() - start


def test_a_frozen_kubo_costs_one_time_out(site: Site) -> None:
    site.replicas.check()
    site.replicas.stores = site.replicas.stores[::-1]  # Kubo is asked first
    assert keep(site, pattern(100)) == BOTH
    site.kubo.process.freeze()
    assert seconds_of(site, pattern(100)) >= TIMEOUT
    assert seconds_of(site, pattern(100)) < TIMEOUT / 2
    assert code_of(lambda: keep(site, pattern(200))) == "store.failed"
    site.replicas.wanted = 1
    start = time.monotonic()
    assert keep(site, pattern(200)) == FOLDER
    assert time.monotonic() - start < TIMEOUT / 2
    site.kubo.process.thaw()
    site.replicas.check()
    site.replicas.wanted = 2
    assert keep(site, pattern(300)) == BOTH
    assert site.store.get(cid_of(pattern(300))) == pattern(300)


def test_a_kubo_whose_disk_is_full(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk", 32) as disk,
        Kubo(disk.path / "kubo") as kubo,
        KuboStore(kubo.api, timeout=20) as store,
    ):
        (before,) = store.put([pattern(5000)])
        disk.fill()
        assert code_of(lambda: store.put([pattern(200_000)])) == "store.full"
        assert store.get(before) == pattern(5000)
        disk.empty()
        assert store.get(*store.put([pattern(200_000)])) == pattern(200_000)
