"""Whose turn it is: nobody gets more than it needs, nothing is left over, and equals get equal parts."""

from hypothesis import given
from hypothesis import strategies as st

from anchors.lane import Lane
from anchors.pipeline.turn import WEIGHTS, shares

WAITING = st.dictionaries(st.integers(0, 50), st.integers(0, 5_000), max_size=12)
LIMIT = st.integers(0, 3_000)


@given(WAITING, LIMIT, st.data())
def test_all_is_given_and_nobody_gets_more_than_it_needs(
    waiting: dict[int, int], limit: int, data: st.DataObject
) -> None:
    weights = {one: data.draw(st.integers(1, 16)) for one in waiting}
    given_ = shares(waiting, limit, weights)
    assert sum(given_.values()) == min(limit, sum(waiting.values()))
    assert all(0 <= given_[one] <= waiting[one] for one in waiting)


@given(WAITING, LIMIT)
def test_who_wants_more_than_it_gets_gets_no_less_than_others(waiting: dict[int, int], limit: int) -> None:
    given_ = shares(waiting, limit)
    short = [given_[one] for one in waiting if given_[one] < waiting[one]]
    if short:
        assert max(given_.values()) - min(short) <= 1


def test_no_lane_stands_still_and_an_empty_one_takes_nothing() -> None:
    flood = {Lane.URGENT: 100_000, Lane.NORMAL: 100_000, Lane.BULK: 100_000}
    part = shares(flood, 1_000, WEIGHTS)
    assert part[Lane.URGENT] > 700
    assert part[Lane.BULK] > 40
    assert shares(flood | {Lane.URGENT: 0, Lane.NORMAL: 10}, 1_000, WEIGHTS)[Lane.BULK] == 990
    assert shares(flood | {Lane.URGENT: 20}, 1_000, WEIGHTS)[Lane.URGENT] == 20
