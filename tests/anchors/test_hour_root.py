"""The tree of an hour's batches against the definition in RFC 9162, and everything that must not verify."""

from collections.abc import Sequence
from hashlib import sha256

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchors import hour_root, merkle
from ledger.errors import Invalid

HOUR = 480_000
START = HOUR * 3_600

Batch = tuple[bytes, int, int]
hours = st.lists(
    st.tuples(st.binary(min_size=32, max_size=32), st.integers(1, 65_536), st.integers(START, START + 3_599)),
    min_size=1,
    max_size=40,
    unique=True,
)


def defined_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word."""
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\1" + defined_root(leaves[:k]) + defined_root(leaves[k:])).digest()


def flipped(data: bytes, bit: int) -> bytes:
    at = bit % (8 * len(data))
    return bytes(byte ^ (1 << at % 8 if place == at // 8 else 0) for place, byte in enumerate(data))


def test_a_leaf_is_deterministic_cbor_of_the_triple() -> None:
    expected = "83" + "5820" + "07" * 32 + "1818" + "1a" + START.to_bytes(4).hex()
    assert hour_root.leaf(b"\7" * 32, 24, START).hex() == expected
    assert cbor2.loads(hour_root.leaf(b"\7" * 32, 4_096, START)) == [b"\7" * 32, 4_096, START]


def test_hours_begin_with_their_first_second_and_end_before_the_next() -> None:
    times = (START - 1, START, START + 3_599, START + 3_600)
    assert [hour_root.hour_of(time) for time in times] == [HOUR - 1, HOUR, HOUR, HOUR + 1]
    assert hour_root.end_of(HOUR) == START + 3_600


@given(hours)
def test_the_root_is_that_of_the_rfc(batches: list[Batch]) -> None:
    root, size = hour_root.hour_root(batches)
    assert size == len(batches)
    assert root == defined_root([hour_root.leaf(*batch) for batch in batches])


@given(hours)
def test_each_batch_verifies_at_its_place_alone(batches: list[Batch]) -> None:
    root = hour_root.hour_root(batches)
    for index, batch in enumerate(batches):
        path = hour_root.path(batches, index)
        assert hour_root.verifies(batch, index, path, root, number=HOUR)
        others = [place for place in range(len(batches)) if hour_root.verifies(batch, place, path, root, number=HOUR)]
        assert others == [index]


@given(hours, st.data())
def test_nothing_that_was_changed_verifies(batches: list[Batch], data: st.DataObject) -> None:
    root, size = hour_root.hour_root(batches)
    index = data.draw(st.integers(0, len(batches) - 1))
    path, (own, leaves, at) = hour_root.path(batches, index), batches[index]
    bit = data.draw(st.integers(0, 255))
    wrong: list[tuple[Batch, Sequence[bytes], tuple[bytes, int]]] = [
        ((flipped(own, bit), leaves, at), path, (root, size)),
        ((own, leaves + 1, at), path, (root, size)),
        ((own, leaves, at + 1 if at < START + 3_599 else at - 1), path, (root, size)),
        ((own, leaves, at), path, (flipped(root, bit), size)),
        ((own, leaves, at), (*path, own), (root, size)),
    ]
    for place in range(len(path)):
        changed = [*path[:place], flipped(path[place], bit), *path[place + 1 :]]
        wrong += [((own, leaves, at), changed, (root, size)), ((own, leaves, at), path[:place], (root, size))]
    assert not any(hour_root.verifies(batch, index, way, hour, number=HOUR) for batch, way, hour in wrong)


def test_a_batch_of_another_hour_is_refused_even_if_it_stands_in_the_tree() -> None:
    batch = (b"\1" * 32, 3, START + 3_600)
    assert not hour_root.verifies(batch, 0, (), hour_root.hour_root([batch]), number=HOUR)
    assert hour_root.verifies(batch, 0, (), hour_root.hour_root([batch]), number=HOUR + 1)


@pytest.mark.parametrize(
    "batch",
    [
        (b"\1" * 31, 3, START),
        (b"", 3, START),
        ("1" * 32, 3, START),
        (b"\1" * 32, 0, START),
        (b"\1" * 32, -1, START),
        (b"\1" * 32, 2**64, START),
        (b"\1" * 32, True, START),
        (b"\1" * 32, 3, float(START)),
        (b"\1" * 32, None, START),
    ],
)
def test_a_malformed_batch_is_refused(batch: Batch) -> None:
    assert not hour_root.verifies(batch, 0, (), (b"\2" * 32, 1), number=HOUR)


def test_a_place_outside_the_tree_has_no_path() -> None:
    batches = [(b"\1" * 32, 1, START)]
    for index in (-1, 1):
        with pytest.raises(Invalid, match="no leaf"):
            hour_root.path(batches, index)
        assert not hour_root.verifies(batches[0], index, (), hour_root.hour_root(batches), number=HOUR)
    assert not hour_root.verifies(batches[0], 0, (), hour_root.hour_root([]), number=HOUR)


def test_a_node_of_the_tree_of_a_batch_is_none_of_an_hour() -> None:
    """Leaves of the two trees have other lengths, so no path can lead from one into the other."""
    digests = [bytes([number]) * 32 for number in range(4)]
    batch = (merkle.root(digests), 4, START)
    hour = hour_root.hour_root([batch])
    assert not merkle.verify_inclusion(digests[0], 0, 4, merkle.inclusion_path(digests, 0), hour[0])
    assert len(hour_root.leaf(*batch)) != 32
