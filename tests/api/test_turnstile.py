"""Who is let in: by address, by time, and by how many are inside."""

from contextlib import ExitStack

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.turnstile import ADDRESSES, Crowded, TooOften, Turnstile

ONE, OTHER = "192.0.2.1", "192.0.2.2"


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def let_in(turnstile: Turnstile, address: str) -> bool:
    try:
        turnstile.charge(address)
    except TooOften:
        return False
    return True


def test_a_minutes_worth_at_once_then_one_by_one() -> None:
    clock = Clock()
    turnstile = Turnstile(0, 6, clock)
    assert [let_in(turnstile, ONE) for _ in range(8)] == [True] * 6 + [False] * 2
    assert let_in(turnstile, OTHER)
    clock.now += 9
    with pytest.raises(TooOften) as told:
        turnstile.charge(ONE)
    assert told.value.retry_seconds == 1
    clock.now += told.value.retry_seconds
    assert [let_in(turnstile, ONE), let_in(turnstile, ONE)] == [True, False]


@example(pauses=[1.5745936883933105, 0.0], per_minute=1)  # its fractions do not sum up to a whole turn
@given(pauses=st.lists(st.floats(0, 30), min_size=1, max_size=200), per_minute=st.integers(1, 90))
def test_whoever_waits_as_told_is_let_in_and_nobody_more_often(pauses: list[float], per_minute: int) -> None:
    clock = Clock()
    turnstile = Turnstile(0, per_minute, clock)
    for inside, pause in enumerate(pauses, start=1):
        clock.now += pause
        try:
            turnstile.charge(ONE)
        except TooOften as told:
            clock.now += told.retry_seconds
            assert let_in(turnstile, ONE)
        assert inside <= per_minute + (clock.now - Clock.now) * per_minute / 60 + 1e-6


def test_a_customer_of_a_network_has_one_account_for_all_its_addresses() -> None:
    turnstile = Turnstile(0, 1, Clock())
    assert let_in(turnstile, "2001:db8:1:2::1")
    assert not let_in(turnstile, "2001:db8:1:2:ffff::9")
    assert let_in(turnstile, "2001:db8:1:3::1")
    assert let_in(turnstile, ONE)
    assert not let_in(turnstile, f"::ffff:{ONE}")
    assert let_in(turnstile, "no address at all")


def test_what_is_remembered_is_bounded() -> None:
    turnstile = Turnstile(0, 1, Clock())
    for number in range(ADDRESSES + 10):
        assert let_in(turnstile, f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(turnstile._left) == ADDRESSES
    assert not let_in(turnstile, f"10.0.{ADDRESSES >> 8}.{ADDRESSES & 255}")


def test_half_of_the_places_for_one_and_all_of_them_for_all() -> None:
    turnstile = Turnstile(4, 0)
    with ExitStack() as inside:
        for address in (ONE, ONE, OTHER):
            inside.enter_context(turnstile.place(address))
        with pytest.raises(TooOften), turnstile.place(ONE):
            pass
        inside.enter_context(turnstile.place("192.0.2.3"))
        with pytest.raises(Crowded), turnstile.place("192.0.2.4"):
            pass
    with turnstile.place(ONE):
        assert not turnstile._inside[OTHER]


def test_a_place_is_free_again_when_the_work_failed() -> None:
    turnstile = Turnstile(1, 0)
    for _ in range(3):
        with pytest.raises(ValueError, match="wrong"), turnstile.place(ONE):
            raise ValueError("wrong")


def test_no_limits() -> None:
    turnstile = Turnstile(0, 0)
    with ExitStack() as inside:
        for _ in range(1_000):
            turnstile.charge(ONE)
            inside.enter_context(turnstile.place(ONE))
