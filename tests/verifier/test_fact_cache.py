"""Facts asked for by many threads at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.errors import Unavailable
from verifier.fact_cache import FactCache

THREADS = 8


class Gate:
    """A source that answers only once it is let; counts how often it was asked."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.asked = threading.Semaphore(0)
        self.count = 0
        self.let = threading.Event()
        self._fault = fault

    def __call__(self) -> int:
        self.count += 1
        self.asked.release()
        assert self.let.wait(30)
        if self._fault:
            raise self._fault
        return self.count


def all_at_once(cache: FactCache, gate: Gate, pool: ThreadPoolExecutor) -> list[object]:
    """Ask from every thread before the source answers; return what each got, faults included."""
    started = threading.Barrier(THREADS + 1)

    def ask() -> object:
        started.wait(30)
        try:
            return cache.get("place", gate)
        except Unavailable as error:
            return error

    asked = [pool.submit(ask) for _ in range(THREADS)]
    started.wait(30)
    assert gate.asked.acquire(timeout=30)
    gate.let.set()
    return [one.result(30) for one in asked]


def test_what_many_threads_ask_for_at_once_is_read_once() -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        gate = Gate()
        assert all_at_once(FactCache(2), gate, pool) == [1] * THREADS
        assert gate.count == 1


def test_a_fault_reaches_all_who_wait_and_is_not_kept() -> None:
    cache, fault = FactCache(2), Unavailable("chain.timeout", "no answer")
    with ThreadPoolExecutor(THREADS) as pool:
        assert all_at_once(cache, Gate(fault), pool) == [fault] * THREADS
    assert cache.get("place", lambda: 5) == 5


def test_nobody_waits_for_what_another_asked_for() -> None:
    cache, slow = FactCache(2), Gate()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(cache.get, "slow", slow)
        assert slow.asked.acquire(timeout=30)
        assert cache.get("quick", lambda: 3) == 3
        slow.let.set()
        assert waiting.result(30) == 1


def test_one_who_is_interrupted_leaves_the_place_free() -> None:
    cache = FactCache(2)

    def interrupted() -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.get("place", interrupted)
    assert cache.get("place", lambda: 7) == 7
