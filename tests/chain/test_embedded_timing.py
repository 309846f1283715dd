import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.embedded import EmbeddedChain
from ledger.embedded.timing import Moment, heartbeat_due, stamp, wait
from tests.chain.sender import Clock, Sender, ask

SECONDS = st.integers(0, 2**40)


def _time(chain: EmbeddedChain) -> int:
    return int(ask(chain, "eth_getBlockByNumber", "latest", False)["timestamp"], 16)


@given(SECONDS.map(float) | st.floats(0, 2**40), SECONDS)
def test_stamp_is_after_the_parent_and_not_ahead_without_need(clock: float, parent: int) -> None:
    stamped = stamp(clock, parent)
    assert stamped > parent
    assert stamped <= clock or stamped == parent + 1


@given(SECONDS, st.floats(0, 10))
def test_no_block_ahead_of_a_clock_that_goes_forward(parent: int, later: float) -> None:
    now = parent + later
    waited = now + wait(Moment(now, 0.0), parent)
    assert stamp(waited + 1e-3, parent) <= waited + 1e-3
    assert waited <= max(now, parent + 1)


def test_set_back_clock_gives_one_block_per_second_of_real_time() -> None:
    assert wait(Moment(50.0, 0.25), 100) == 0.75
    assert wait(Moment(50.0, 3.0), 100) == 0.0
    assert stamp(50.0, 100) == 101


def test_heartbeat() -> None:
    assert not heartbeat_due(159.9, 100, 60.0)
    assert heartbeat_due(160.0, 100, 60.0)
    assert not heartbeat_due(50.0, 100, 60.0)


def test_times_rise_whatever_the_clock_does(chain: EmbeddedChain, clock: Clock) -> None:
    last = _time(chain)
    for moved in (0, 0.4, 1, 3600, -7200, 0, 5, 10**9, -(10**9), 1):
        clock.now += moved
        chain.mine()
        assert _time(chain) == max(int(clock.now), last + 1)
        last = _time(chain)


def test_clock_before_genesis(tmp_path: Path) -> None:
    with EmbeddedChain.open(tmp_path, clock=Clock(0.0)) as chain:
        genesis = _time(chain)
        chain.mine()
        assert _time(chain) == genesis + 1


def _until(condition: object, seconds: float = 60.0) -> float:
    start = time.monotonic()
    while not condition():  # type: ignore[operator]
        assert time.monotonic() - start < seconds, "did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - start


def test_thread_mines_what_comes_in_and_beats(tmp_path: Path, sender: Sender) -> None:
    clock = Clock()
    with EmbeddedChain.open(tmp_path, clock=clock, heartbeat=60.0) as chain:
        chain.start()
        _until(lambda: ask(chain, "eth_blockNumber") == "0x1")
        clock.now += 59.0
        time.sleep(1.2)
        assert ask(chain, "eth_blockNumber") == "0x1"
        sent = sender.send(chain, to=sender.address)
        _until(lambda: ask(chain, "eth_getTransactionReceipt", sent) is not None)
        assert _time(chain) == int(clock.now)
        clock.now += 60.0
        _until(lambda: ask(chain, "eth_blockNumber") == "0x3")
        assert _time(chain) == int(clock.now)


def test_second_transaction_waits_for_the_next_second(tmp_path: Path, sender: Sender) -> None:
    clock = Clock()
    with EmbeddedChain.open(tmp_path, clock=clock) as chain:
        chain.start()
        _until(lambda: ask(chain, "eth_blockNumber") == "0x1")
        sent = sender.send(chain, to=sender.address)
        time.sleep(0.7)
        assert ask(chain, "eth_getTransactionReceipt", sent) is None
        clock.now += 1.0
        _until(lambda: ask(chain, "eth_getTransactionReceipt", sent) is not None)


def test_clock_set_back_does_not_stop_the_chain(tmp_path: Path, sender: Sender) -> None:
    clock = Clock()
    with EmbeddedChain.open(tmp_path, clock=clock) as chain:
        chain.start()
        _until(lambda: ask(chain, "eth_blockNumber") == "0x1")
        clock.now -= 3600.0
        sent = sender.send(chain, to=sender.address)
        _until(lambda: ask(chain, "eth_getTransactionReceipt", sent) is not None)
        assert _time(chain) == int(clock.now) + 3601


@pytest.mark.parametrize("times", [2])
def test_close_twice_and_ask_after(tmp_path: Path, times: int) -> None:
    chain = EmbeddedChain.open(tmp_path)
    chain.start()
    for _ in range(times):
        chain.close()
    assert chain.request("eth_blockNumber", [])["error"]["message"] == "the chain is closed"
