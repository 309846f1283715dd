"""A store behind its checks: the contract holds, and nothing is written to one that fails them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from anchors.cid import Cid, cid_of
from anchors.stores import FolderStore
from anchors.stores.checked_store import INTERVAL, CheckedStore
from ledger.errors import Unavailable
from tests.anchors.store_contract import code_of


class Guarded(FolderStore):
    """A folder whose settings can be spoilt; counts what was asked of it."""

    is_sound = True
    checks = 0
    puts = 0

    def check(self) -> None:
        self.checks += 1
        if not self.is_sound:
            raise Unavailable("store.failed", "the whole world would see it")
        super().check()

    def put(self, payloads: Sequence[bytes]) -> list[Cid]:
        self.puts += 1
        return super().put(payloads)


@pytest.fixture
def guarded(tmp_path: Path) -> Guarded:
    return Guarded(tmp_path / "store")


def test_it_is_the_store_behind_it(guarded: Guarded) -> None:
    store = CheckedStore(guarded)
    (cid,) = store.put([b"payload"])
    assert (store.name, cid, store.get(cid)) == ("folder", cid_of(b"payload"), b"payload")
    assert code_of(lambda: store.get(cid_of(b"other"))) == "store.missing"
    store.check()


def test_nothing_goes_to_a_store_that_is_not_sound(guarded: Guarded) -> None:
    guarded.is_sound = False
    store = CheckedStore(guarded)
    for _ in range(2):
        assert code_of(lambda: store.put([b"payload"])) == "store.failed"
    assert (guarded.checks, guarded.puts) == (2, 0)
    guarded.is_sound = True
    assert store.put([b"payload"]) == [cid_of(b"payload")]


def test_one_good_check_holds_for_a_while_and_not_for_ever(guarded: Guarded) -> None:
    now = 1000.0
    store = CheckedStore(guarded, lambda: now)
    for _ in range(3):
        store.put([b"payload"])
    assert guarded.checks == 1
    now += INTERVAL
    guarded.is_sound = False
    assert code_of(lambda: store.put([b"another"])) == "store.failed"
    assert guarded.puts == 3


def test_after_a_fault_it_is_checked_again(guarded: Guarded) -> None:
    store = CheckedStore(guarded)
    store.put([b"payload"])
    assert code_of(lambda: store.put([bytes(64 * 1024 * 1024 + 1)])) == "payload.too-large"
    guarded.is_sound = False
    assert code_of(lambda: store.put([b"another"])) == "store.failed"
