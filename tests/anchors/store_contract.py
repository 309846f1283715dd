"""What every PayloadStore must do. A test class for a store inherits this and gives the two fixtures.

store: an empty, open store. damage: a function (cid, how) that spoils the stored bytes of that block behind the
store's back; how is `flip` (another byte), `truncate` (an end that is missing) or `delete`.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest

from anchors.cid import CHUNK, Cid, Codec, blocks, cid_of
from anchors.stores.payload_store import MAX_PAYLOAD, PayloadStore
from ledger.errors import Invalid, Unavailable

Damage = Callable[[Cid, str], None]


def pattern(size: int) -> bytes:
    return (sha256(size.to_bytes(4, "big")).digest() * (size // 32 + 1))[:size]


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises((Unavailable, Invalid)) as raised:
        call()
    return raised.value.code


class StoreContract:
    """The contract."""

    @pytest.mark.parametrize("size", [0, 1, 6000, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK + 17])
    def test_what_is_put_is_given_back(self, store: PayloadStore, size: int) -> None:
        (cid,) = store.put([pattern(size)])
        assert cid == cid_of(pattern(size))
        assert store.get(cid) == pattern(size)

    def test_the_largest_payload(self, store: PayloadStore) -> None:
        payload = bytes(MAX_PAYLOAD)
        (cid,) = store.put([payload])
        assert store.get(cid) == payload

    def test_one_byte_more_is_refused_and_nothing_is_kept(self, store: PayloadStore) -> None:
        assert code_of(lambda: store.put([b"small", bytes(MAX_PAYLOAD + 1)])) == "payload.too-large"
        assert code_of(lambda: store.get(cid_of(b"small"))) == "store.missing"

    def test_cids_come_in_the_order_of_the_payloads(self, store: PayloadStore) -> None:
        payloads = [pattern(size) for size in (9, 3, 2 * CHUNK, 3, 0, 9)]
        cids = store.put(payloads)
        assert cids == [cid_of(payload) for payload in payloads]
        assert [store.get(cid) for cid in cids] == payloads

    def test_thousands_at_once(self, store: PayloadStore) -> None:
        payloads = [b"%d of thousands" % number for number in range(2_500)]
        cids = store.put(payloads)
        assert cids == [cid_of(payload) for payload in payloads]
        assert [store.get(cid) for cid in cids[::100]] == payloads[::100]

    def test_putting_nothing(self, store: PayloadStore) -> None:
        assert store.put([]) == []

    def test_putting_again_changes_nothing(self, store: PayloadStore) -> None:
        first = store.put([pattern(10), pattern(2 * CHUNK)])
        assert store.put([pattern(10), pattern(2 * CHUNK)]) == first
        assert store.put([pattern(2 * CHUNK), pattern(11)])[0] == first[1]
        assert store.get(first[1]) == pattern(2 * CHUNK)

    def test_every_block_can_be_had(self, store: PayloadStore) -> None:
        store.put([pattern(3 * CHUNK)])
        *leaves, _ = blocks(pattern(3 * CHUNK))
        assert b"".join(store.get(cid) for cid, _ in leaves) == pattern(3 * CHUNK)

    def test_what_was_never_put_is_missing(self, store: PayloadStore) -> None:
        store.put([pattern(10)])
        assert code_of(lambda: store.get(cid_of(b"other"))) == "store.missing"
        assert code_of(lambda: store.get(Cid(Codec.DAG_PB, sha256(b"other").digest()))) == "store.missing"

    @pytest.mark.parametrize("how", ["flip", "truncate", "delete"])
    @pytest.mark.parametrize("size", [200, CHUNK, 3 * CHUNK + 5])
    @pytest.mark.parametrize("which", [0, -1])
    def test_damage_never_gives_a_wrong_byte(
        self, store: PayloadStore, damage: Damage, how: str, size: int, which: int
    ) -> None:
        (cid,) = store.put([pattern(size)])
        damage(list(blocks(pattern(size)))[which][0], how)
        assert code_of(lambda: store.get(cid)) in ("store.corrupt", "store.missing")
        assert code_of(lambda: store.get(cid)) in ("store.corrupt", "store.missing")

    def test_flipped_is_corrupt_and_deleted_is_missing(self, store: PayloadStore, damage: Damage) -> None:
        flipped, deleted = store.put([b"flipped"]) + store.put([b"deleted"])
        damage(flipped, "flip")
        damage(deleted, "delete")
        assert code_of(lambda: store.get(flipped)) == "store.corrupt"
        assert code_of(lambda: store.get(deleted)) == "store.missing"

    @pytest.mark.parametrize("how", ["flip", "truncate", "delete"])
    @pytest.mark.parametrize("size", [200, 3 * CHUNK + 5])
    def test_putting_again_mends(self, store: PayloadStore, damage: Damage, how: str, size: int) -> None:
        (cid,) = store.put([pattern(size)])
        damage(next(blocks(pattern(size)))[0], how)
        assert store.put([pattern(size)]) == [cid]
        assert store.get(cid) == pattern(size)

    def test_many_threads_at_once(self, store: PayloadStore) -> None:
        groups = [[pattern(size) for size in range(start, start + 40)] for start in (0, 20, 40, 20, 0, 60)]
        with ThreadPoolExecutor(len(groups)) as pool:
            answers = list(pool.map(store.put, groups))
        assert answers == [[cid_of(payload) for payload in group] for group in groups]
        assert all(store.get(cid_of(pattern(size))) == pattern(size) for size in range(100))

    def test_reading_while_writing(self, store: PayloadStore) -> None:
        (cid,) = store.put([pattern(500)])
        with ThreadPoolExecutor(4) as pool:
            writing = [pool.submit(store.put, [os.urandom(300)]) for _ in range(20)]
            reading = [pool.submit(store.get, cid) for _ in range(20)]
            assert {future.result() for future in reading} == {pattern(500)}
            assert all(future.result() for future in writing)

    def test_check_and_name(self, store: PayloadStore) -> None:
        store.check()
        assert store.name
