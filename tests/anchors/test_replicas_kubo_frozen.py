"""A Kubo that stands still, or whose disk is full: callers wait once at most, and nothing is lost."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
        site = Site(tmp_path / "folder", kubo)
        yield site
        kubo.process.thaw()
        site.close()


def keep(site: Site, *payloads: bytes) -> int:
    return site.replicas.keep({cid_of(payload): payload for payload in payloads})


@contextmanager
def frozen(site: Site) -> Iterator[list[str]]:
    """Let Kubo stand still, and the store wait a short time for it; give what it is asked."""
    asked: list[str] = []
    api = site.store._api
    real, timeout = api.post, api._timeout

    def post(path: str, *arguments: Any, **options: Any) -> bytes:
        asked.append(path)
        return real(path, *arguments, **options)

    site.kubo.process.freeze()
    api.post, api._timeout = post, TIMEOUT  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        api.post, api._timeout = real, timeout  # type: ignore[method-assign]
        site.kubo.process.thaw()


def test_a_frozen_kubo_costs_one_time_out(site: Site) -> None:
    site.replicas.check()
    site.replicas.stores = site.replicas.stores[::-1]  # Kubo is asked first
    assert keep(site, pattern(100)) == BOTH
    with frozen(site) as asked:
        start = time.monotonic()
        assert site.replicas.get(cid_of(pattern(100))) == pattern(100)
        assert time.monotonic() - start >= TIMEOUT
        assert asked == ["/block/get"]
        assert site.replicas.get(cid_of(pattern(100))) == pattern(100)
        assert asked == ["/block/get"], "the folder has it, and Kubo is known to be away"
        assert code_of(lambda: keep(site, pattern(200))) == "store.failed"
        asked.clear()
        site.replicas.wanted = 1
        assert keep(site, pattern(200)) == FOLDER
        assert asked == []
    site.replicas.check()
    site.replicas.wanted = 2
    assert keep(site, pattern(300)) == BOTH
    assert site.store.get(cid_of(pattern(300))) == pattern(300)


def test_a_kubo_whose_disk_is_full(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk", 32) as disk,
        Kubo(disk.path / "kubo") as kubo,
        KuboStore(kubo.api, timeout=120) as store,
    ):
        (before,) = store.put([pattern(5000)])
        disk.fill()
        assert code_of(lambda: store.put([pattern(200_000)])) == "store.full"
        assert store.get(before) == pattern(5000)
        disk.empty()
        assert store.get(*store.put([pattern(200_000)])) == pattern(200_000)
