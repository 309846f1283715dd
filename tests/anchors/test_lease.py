"""Leases, on both databases; tests/faults/test_paused_worker.py stops a real process that holds one."""

import threading
import time
from dataclasses import dataclass, field

import pytest

from anchors.database import Database
from anchors.database.models import LeaseRow
from anchors.lease import LONGEST, Leases
from ledger.errors import Unavailable


@dataclass
class Clock:
    """One clock for wall and monotonic time, moved by hand."""

    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class World:
    database: Database
    clock: Clock = field(default_factory=Clock)

    def process(self, name: str) -> Leases:
        return Leases(self.database, name, seconds=10, clock=self.clock, monotonic=self.clock)


@pytest.fixture
def world(migrated: Database) -> World:
    return World(migrated)


def token(world: World, name: str) -> int:
    with world.database.read() as session:
        return session.get_one(LeaseRow, name).token


def test_one_holds_and_the_other_waits_until_the_end(world: World) -> None:
    one, other = world.process("one"), world.process("other")
    assert one.hold("sign")
    assert not other.hold("sign")
    world.clock.now += 9.9
    assert not other.hold("sign")
    world.clock.now += 0.2
    assert other.hold("sign")
    assert not one.hold("sign")
    assert token(world, "sign") == 2


def test_who_renews_keeps_it(world: World) -> None:
    one, other = world.process("one"), world.process("other")
    for _ in range(10):
        assert one.hold("sign")
        world.clock.now += 6
        assert not other.hold("sign")
    assert token(world, "sign") == 1


def test_a_fresh_lease_asks_no_database(world: World) -> None:
    one = world.process("one")
    assert one.hold("sign")
    world.database.close()
    with world.database.write() as session:
        session.delete(session.get_one(LeaseRow, "sign"))
    assert one.hold("sign")
    world.clock.now += 5.1
    assert one.hold("sign")
    assert token(world, "sign") == 1


def test_leases_do_not_touch_each_other(world: World) -> None:
    one, other = world.process("one"), world.process("other")
    assert one.hold("sign")
    assert other.hold("batch")
    assert not other.hold("sign")


def test_what_rests_on_a_lost_lease_is_not_committed(world: World) -> None:
    paused, other = world.process("paused"), world.process("other")
    assert paused.hold("sign")
    world.clock.now += 11
    assert other.hold("sign")

    def late() -> None:
        with world.database.write() as session:
            session.add(LeaseRow(name="written", holder="paused", token=1, until=0))
            paused.guard(session, "sign")

    with pytest.raises(Unavailable, match="lease-lost"):
        late()
    with world.database.read() as session:
        assert session.get(LeaseRow, "written") is None
    with world.database.write() as session:
        other.guard(session, "sign")


def test_taken_and_given_back_meanwhile_is_lost_too(world: World) -> None:
    paused, other = world.process("paused"), world.process("other")
    assert paused.hold("sign")
    world.clock.now += 11
    assert other.hold("sign")
    other.release()
    with pytest.raises(Unavailable, match="lease-lost"), world.database.write() as session:
        paused.guard(session, "sign")
    assert paused.hold("sign")
    assert token(world, "sign") == 3


def test_never_held_is_not_guarded(world: World) -> None:
    with pytest.raises(Unavailable, match="lease-lost"), world.database.write() as session:
        world.process("one").guard(session, "sign")


def test_released_at_once_for_others(world: World) -> None:
    one, other = world.process("one"), world.process("other")
    assert one.hold("sign")
    one.release()
    assert other.hold("sign")
    one.release()
    assert other.hold("sign")


def test_threads_that_race_for_one_lease(world: World) -> None:
    processes = [world.process(f"p{number}") for number in range(8)]
    held: list[str] = []
    barrier = threading.Barrier(len(processes))

    def race(process: Leases) -> None:
        barrier.wait()
        if process.hold("sign"):
            held.append(process.holder)

    threads = [threading.Thread(target=race, args=(process,)) for process in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(held) == 1


def until_renewed(database: Database, until: float) -> None:
    """Wait until the lease lasts so long."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with database.read() as session:
            if session.get_one(LeaseRow, "batch").until == until:
                return
        time.sleep(0.02)
    raise AssertionError("nobody renews the lease")


def test_a_long_step_keeps_its_lease_and_one_that_hangs_loses_it(migrated: Database) -> None:
    """The thread that renews has the time that it is; leases end by a clock that waits until it has come by."""
    clock = Clock()
    one, other = (Leases(migrated, name, seconds=1, clock=clock, monotonic=clock) for name in ("one", "other"))
    assert one.hold("batch")
    one.start()
    for _ in range(5):
        clock.now += 0.9
        until_renewed(migrated, clock.now + 1)
        assert not other.hold("batch")
    with migrated.write() as session:
        one.guard(session, "batch")
    with one._lock:  # not between two looks at the clock
        clock.now += LONGEST
    time.sleep(1)
    assert other.hold("batch")
    one.release()
    assert not one.hold("batch")
    assert other.is_held("batch")
    other.release()
    assert not one.is_held("batch")
    assert not one.is_held("never")


def test_alone_is_one_thread_of_one_process_at_a_time(migrated: Database) -> None:
    processes = [Leases(migrated, f"p{number}") for number in range(3)]
    inside, most, done = 0, 0, []

    def work(process: Leases) -> None:
        nonlocal inside, most
        with process.alone("account"):
            inside += 1
            most = max(most, inside)
            time.sleep(0.01)
            inside -= 1
            done.append(process.holder)

    threads = [threading.Thread(target=work, args=(process,)) for process in processes for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert sorted(done) == sorted(process.holder for process in processes for _ in range(4))


def test_who_waits_too_long_is_told(migrated: Database) -> None:
    one, other = Leases(migrated, "one"), Leases(migrated, "other")
    with one.alone("account"), pytest.raises(Unavailable, match=r"lease\.busy"), other.alone("account", patience=0.1):
        raise AssertionError
    with pytest.raises(ZeroDivisionError), other.alone("account"):
        _ = 1 / 0
    with one.alone("account", patience=0):
        pass
