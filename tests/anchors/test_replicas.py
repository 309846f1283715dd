"""Several stores as one: how many have it, who may be away, and where it is read from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from anchors.cid import CHUNK, Cid, blocks, cid_of
from anchors.replicas.replicas import Replicas
from ledger.errors import Unavailable
from tests.anchors.fickle_store import Stores
from tests.anchors.folder_damage import spoil
from tests.anchors.store_contract import Damage, StoreContract, code_of, pattern

A, B, C = 1, 2, 4


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(tmp_path, 3)


@pytest.fixture
def two_of_three(stores: Stores) -> Iterator[Replicas]:
    replicas = Replicas(stores.known, 2)
    yield replicas
    replicas.close()


@pytest.fixture
def store(two_of_three: Replicas) -> Replicas:
    return two_of_three


@pytest.fixture
def damage(stores: Stores) -> Damage:
    def everywhere(cid: Cid, how: str) -> None:
        for one in stores.fickle[:2]:
            spoil(one.directory, cid, how)

    return everywhere


class TestReplicas(StoreContract):
    """The contract on two of three folders; what is spoilt is spoilt in both."""


def keep(replicas: Replicas, *payloads: bytes) -> int:
    return replicas.keep({cid_of(payload): payload for payload in payloads})


def test_as_many_as_are_wanted_hold_it_and_no_more(stores: Stores, two_of_three: Replicas) -> None:
    assert keep(two_of_three, b"payload") == A | B
    assert [store.puts for store in stores.fickle] == [1, 1, 0]
    assert stores.fickle[0].get(cid_of(b"payload")) == stores.fickle[1].get(cid_of(b"payload")) == b"payload"


def test_one_that_is_away_holds_up_nothing(stores: Stores, two_of_three: Replicas) -> None:
    stores.fickle[0].fault = "store.failed"
    assert keep(two_of_three, b"payload") == B | C
    stores.later()
    assert keep(two_of_three, b"another") == B | C
    assert stores.fickle[0].puts == 0
    stores.fickle[0].fault = None
    two_of_three.check()
    assert keep(two_of_three, b"third") == A | B


def test_too_few_is_said_with_the_reason_and_asked_again_after_a_pause(stores: Stores, two_of_three: Replicas) -> None:
    for store in stores.fickle[1:]:
        store.fault = "store.failed"
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"only 1 of the 2 stores that are wanted .* said the test") as raised:
            keep(two_of_three, b"payload")
        assert (raised.value.code, raised.value.mend) == ("store.failed", "wait")
    assert code_of(two_of_three.check) == "store.failed"
    for store in stores.fickle:
        store.fault = None
    stores.later()
    assert keep(two_of_three, b"payload").bit_count() == 2
    two_of_three.check()


def test_a_full_store_still_gives_and_one_full_is_not_all_full(stores: Stores, two_of_three: Replicas) -> None:
    keep(two_of_three, b"payload")
    stores.fickle[0].fault = "store.full"
    assert keep(two_of_three, b"another") == B | C
    two_of_three.require_room()
    assert two_of_three.read(cid_of(b"payload"), A).content == b"payload"
    assert stores.fickle[0].gets == 1
    stores.fickle[1].fault = "store.full"
    assert code_of(lambda: keep(two_of_three, b"third")) == "store.full"
    assert code_of(two_of_three.require_room) == "store.full"
    stores.fickle[1].fault = None
    stores.later()
    two_of_three.check()
    two_of_three.require_room()


def test_away_is_no_reason_to_accept_nothing(stores: Stores, two_of_three: Replicas) -> None:
    for store in stores.fickle:
        store.fault = "store.failed"
    assert code_of(two_of_three.check) == "store.failed"
    two_of_three.require_room()


@pytest.mark.parametrize("how", ["flip", "truncate", "delete"])
def test_any_good_replica_is_read_and_the_bad_one_named(stores: Stores, two_of_three: Replicas, how: str) -> None:
    payload = pattern(3 * CHUNK + 5)
    keep(two_of_three, payload)
    spoil(stores.fickle[0].directory, next(blocks(payload))[0], how)
    reading = two_of_three.read(cid_of(payload), A | B)
    assert reading.content == payload
    assert reading.missing | reading.damaged == A
    assert two_of_three.get(cid_of(payload)) == payload


def test_a_store_that_was_never_said_to_have_it_is_asked_last_and_not_blamed(
    stores: Stores, two_of_three: Replicas
) -> None:
    keep(two_of_three, b"payload")
    reading = two_of_three.read(cid_of(b"payload"), B)
    assert (reading.missing, stores.fickle[0].gets) == (0, 0)
    reading = two_of_three.read(cid_of(b"payload"), C)
    assert (reading.content, reading.missing) == (b"payload", C)


def test_the_gravest_reason_is_told(stores: Stores, two_of_three: Replicas) -> None:
    keep(two_of_three, b"payload")
    cid = cid_of(b"payload")
    assert code_of(lambda: two_of_three.get(cid_of(b"never"))) == "store.missing"
    spoil(stores.fickle[0].directory, cid, "flip")
    spoil(stores.fickle[1].directory, cid, "delete")
    assert code_of(lambda: two_of_three.get(cid)) == "store.corrupt"
    stores.fickle[2].fault = "store.failed"
    assert code_of(lambda: two_of_three.get(cid)) == "store.failed"


@pytest.mark.parametrize("wanted", [0, 4])
def test_impossible_numbers(stores: Stores, wanted: int) -> None:
    assert code_of(lambda: Replicas(stores.known, wanted)) == "stores.replicas"
