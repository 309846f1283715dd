"""The Kubo store on a real Kubo: the contract of all stores, the CIDs that Kubo computes, the pins."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchors import car
from anchors.cid import CHUNK, Cid, blocks, cid_of
from anchors.stores import KuboStore
from anchors.stores.kubo_api import KuboApi
from anchors.stores.kubo_bundle import Bundle, groups
from anchors.unixfs import MAX_LINKS
from tests.anchors.kubo_damage import damager
from tests.anchors.store_contract import Damage, StoreContract, code_of, pattern
from tests.servers.kubo_daemon import Kubo

PROFILE = {"cid-version": "1", "raw-leaves": "true", "hash": "sha2-256", "max-file-links": "1024"}


@pytest.fixture
def store(kubo: Kubo) -> Iterator[KuboStore]:
    with KuboStore(kubo.api, timeout=120) as store:
        yield store


@pytest.fixture
def api(kubo: Kubo) -> Iterator[KuboApi]:
    api = KuboApi(kubo.api, 120)
    yield api
    api.close()


@pytest.fixture
def damage(kubo: Kubo) -> Damage:
    return damager(kubo)


class TestKuboStore(StoreContract):
    """The contract on Kubo."""


def by_kubo(api: KuboApi, data: bytes, *, chunk: int = CHUNK, pin: bool = True, keep: bool = True) -> str:
    """Return the CID that `ipfs add` gives."""
    options = {**PROFILE, "chunker": f"size-{chunk}", "pin": str(pin).lower(), "only-hash": str(not keep).lower()}
    answer = api.post("/add", options=options, file=data)
    return str(json.loads(answer.splitlines()[-1])["Hash"])


@pytest.mark.parametrize("size", [0, 1, 6000, CHUNK - 1, CHUNK, CHUNK + 1, 20_000_000])
def test_cids_are_what_kubo_computes(api: KuboApi, size: int) -> None:
    assert by_kubo(api, pattern(size), keep=False) == str(cid_of(pattern(size)))


@pytest.mark.parametrize("size", [1024 * 1024, 1024 * 1024 + 1, 3_500_000])
def test_a_tree_of_two_levels_is_what_kubo_computes(api: KuboApi, size: int) -> None:
    *_, (cid, _) = blocks(pattern(size), chunk=1024)
    assert by_kubo(api, pattern(size), chunk=1024, keep=False) == str(cid)


def test_what_others_added_is_read(api: KuboApi, store: KuboStore) -> None:
    data = b"added by hand" * 100_000
    assert by_kubo(api, data) == str(cid_of(data))
    assert store.get(cid_of(data)) == data


@pytest.mark.parametrize("size", [0, 70, CHUNK + 70])
def test_others_read_what_was_put(api: KuboApi, store: KuboStore, size: int) -> None:
    (cid,) = store.put([pattern(size)])
    assert api.post("/cat", str(cid), limit=size) == pattern(size)


def pins(api: KuboApi, cid: Cid, kind: str) -> bool:
    answer = api.ask("/pin/ls", str(cid), options={"type": kind})
    return str(cid) in answer["Keys"]


def test_one_payload_is_pinned_itself_and_several_by_the_node_above_them(api: KuboApi, store: KuboStore) -> None:
    (alone,) = store.put([b"alone" * 400_000])
    assert pins(api, alone, "recursive")
    payloads = [b"with others", b"one of several" * 200_000, b"another"]
    cids = store.put(payloads)
    bundle = Bundle.of(dict(zip(cids, payloads, strict=True)))
    assert pins(api, bundle.root, "recursive")
    assert all(pins(api, cid, "indirect") for cid in cids)
    assert api.post("/cat", str(bundle.root), limit=4_000_000) == b"".join(payloads)


def test_collecting_garbage_takes_nothing_of_ours(api: KuboApi, store: KuboStore) -> None:
    kept = store.put([b"kept", b"kept too" * 300_000]) + store.put([b"kept alone"])
    by_kubo(api, b"rubbish", pin=False)
    assert store.get(cid_of(b"rubbish")) == b"rubbish"
    api.post("/repo/gc", limit=10_000_000)
    assert code_of(lambda: store.get(cid_of(b"rubbish"))) == "store.missing"
    assert [store.get(cid) for cid in kept] == [b"kept", b"kept too" * 300_000, b"kept alone"]


def test_groups_hold_to_number_and_size() -> None:
    many = {cid_of(b"%d" % number): b"%d" % number for number in range(2 * MAX_LINKS + 1)}
    assert [len(group) for group in groups(many)] == [MAX_LINKS, MAX_LINKS, 1]
    large = bytes(40 * 1024 * 1024)
    sizes = {Cid.parse(str(cid_of(b"%d" % number))): large for number in range(3)}
    assert [len(group) for group in groups(sizes)] == [1, 1, 1]
    assert list(groups({})) == []


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=6, unique=True), st.data())
def test_what_comes_back_from_kubo_is_the_same_or_refused(payloads: list[bytes], data: st.DataObject) -> None:
    bundle = Bundle.of({cid_of(payload): payload for payload in payloads})
    assert bundle.equals(bundle.content)
    start = len(car.header([bundle.root]))
    place = data.draw(st.integers(start, len(bundle.content) - 1))
    changed = bytearray(bundle.content)
    changed[place] ^= data.draw(st.integers(1, 255))
    assert not bundle.equals(bytes(changed))
    assert not bundle.equals(bundle.content[:place])
