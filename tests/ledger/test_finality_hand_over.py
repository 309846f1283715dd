"""A new set of validators counts once a quorum of the old one sealed a header that lists it."""

import pytest

from ledger.errors import Invalid
from ledger.finality.qbft import hand_over, verify
from ledger.finality.validator_sets import ValidatorRange, ValidatorSets
from tests.ledger.code_of import code_of
from tests.ledger.sealed_headers import Sealer, qbft, sealers

KEYS = sealers(8)
OLD = KEYS[:5]


def ascending(*keys: Sealer) -> list[Sealer]:
    return sorted(keys, key=lambda one: one.raw)


def pinned(keys: list[Sealer] = OLD, start: int = 0) -> ValidatorSets:
    return ValidatorSets((ValidatorRange(start, tuple(one.address for one in keys)),))


def test_a_validator_joins() -> None:
    grown = hand_over(pinned(), qbft(100, KEYS[:6], OLD))
    assert grown.ranges == (*pinned().ranges, ValidatorRange(100, tuple(one.address for one in KEYS[:6])))
    assert verify(qbft(99, OLD, OLD), grown).of == 5
    assert verify(qbft(100, KEYS[:6], KEYS[:4]), grown).of == 6
    assert code_of(verify, qbft(100, OLD, OLD), grown) == "finality.set"
    assert code_of(verify, qbft(99, KEYS[:6], KEYS[:6]), grown) == "finality.set"


def test_a_validator_leaves_and_another_joins_later() -> None:
    smaller = hand_over(pinned(), qbft(100, OLD[1:], OLD[1:]))
    changed = hand_over(smaller, qbft(200, ascending(*OLD[1:], KEYS[6]), ascending(*OLD[1:], KEYS[6])))
    assert [one.start for one in changed.ranges] == [0, 100, 200]
    assert [len(one.validators) for one in changed.ranges] == [5, 4, 5]


def test_the_pinned_sets_themselves_stay() -> None:
    before = pinned()
    hand_over(before, qbft(100, KEYS[:6], OLD))
    assert before == pinned()


def test_a_header_that_lists_the_same_set_changes_nothing() -> None:
    assert hand_over(pinned(), qbft(100, OLD, OLD[:4])) == pinned()
    assert code_of(hand_over, pinned(), qbft(100, OLD, OLD[:3])) == "finality.too-few"


@pytest.mark.parametrize("old", range(5))
def test_without_a_quorum_of_the_old_set(old: int) -> None:
    """Of five old validators four are needed, however many of the new set sealed."""
    listed = ascending(*OLD[:old], *KEYS[5:])
    assert code_of(hand_over, pinned(), qbft(100, listed, listed)) == ("finality.set" if old < 4 else None)


def test_without_a_quorum_of_the_new_set() -> None:
    old = KEYS[:2]
    listed = KEYS[:7]
    assert code_of(hand_over, pinned(old), qbft(100, listed, old)) == "finality.too-few"
    assert code_of(hand_over, pinned(old), qbft(100, listed, KEYS[:5])) is None


def test_seals_of_the_old_set_alone() -> None:
    """Who is not in the new list does not seal its header."""
    assert code_of(hand_over, pinned(), qbft(100, KEYS[1:6], OLD)) == "finality.seal"


def test_strangers_hand_over_nothing() -> None:
    assert code_of(hand_over, pinned(), qbft(100, KEYS[5:], KEYS[5:])) == "finality.set"


@pytest.mark.parametrize("listed", [ascending(*OLD, KEYS[5])[::-1], [*OLD, OLD[0]], []])
def test_lists_that_are_none(listed: list[Sealer]) -> None:
    assert code_of(hand_over, pinned(), qbft(100, listed, OLD)) == "finality.set"


@pytest.mark.parametrize("number", [0, 50, 99, 100])
def test_the_past_is_not_handed_over(number: int) -> None:
    grown = hand_over(pinned(), qbft(100, KEYS[:6], OLD))
    with pytest.raises(Invalid, match="not lie after the first of the last pinned set") as caught:
        hand_over(grown, qbft(number, KEYS[:7], KEYS[:7]))
    assert caught.value.code == "finality.set"


def test_before_the_first_set() -> None:
    assert code_of(hand_over, pinned(start=10), qbft(9, KEYS[:6], KEYS[:6])) == "finality.set"
    assert code_of(hand_over, pinned(start=10), qbft(10, KEYS[:6], KEYS[:6])) == "finality.set"
    assert code_of(hand_over, pinned(start=10), qbft(11, KEYS[:6], KEYS[:6])) is None


def test_bytes_that_are_no_header() -> None:
    assert code_of(hand_over, pinned(), b"\xc0") == "finality.form"


@pytest.mark.parametrize(
    "ranges",
    [
        (),
        (ValidatorRange(-1, (OLD[0].address,)),),
        (ValidatorRange(0, ()),),
        (ValidatorRange(0, (OLD[0].address, OLD[0].address)),),
        (ValidatorRange(0, (OLD[0].address.lower(),)),),
        (ValidatorRange(0, ("0x12",)),),
        (ValidatorRange(5, (OLD[0].address,)), ValidatorRange(5, (OLD[1].address,))),
        (ValidatorRange(5, (OLD[0].address,)), ValidatorRange(4, (OLD[1].address,))),
    ],
)
def test_sets_that_are_none(ranges: tuple[ValidatorRange, ...]) -> None:
    assert code_of(ValidatorSets, ranges) == "finality.set"
