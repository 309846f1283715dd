"""What stores lack is found, told and brought: new ones, those that were away, those that lost or spoilt something."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anchors.cid import cid_of
from anchors.database import Database, State
from anchors.lease import Leases
from anchors.replicas.audit import Audit
from anchors.replicas.audit_pass import SHORTEST, AuditPass
from anchors.replicas.audit_thread import AuditThread
from anchors.replicas.fill import Fill
from anchors.replicas.record import MANIFESTS, PAYLOADS
from anchors.replicas.replicas import Replicas
from ledger.errors import Unavailable
from tests.anchors.fickle_store import Clock, Stores
from tests.anchors.folder_damage import spoil
from tests.anchors.kept_documents import batch, document, enter, held
from tests.anchors.store_contract import pattern
from tests.own_logs import own_logs

A, B, C = 1, 2, 4
ALL = 10**9


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(tmp_path, 3)


@pytest.fixture
def replicas(stores: Stores) -> Iterator[Replicas]:
    replicas = Replicas(stores.known, 2)
    yield replicas
    replicas.close()


@pytest.fixture
def kept(replicas: Replicas, migrated: Database) -> list[bytes]:
    """Forty payloads and two manifests in the stores a and b, in packs of ten."""
    payloads = [pattern(1000 + number) for number in range(40)]
    for start in range(0, 40, 10):
        replicas.put(payloads[start : start + 10])
    manifests = [b"manifest %d" % number for number in range(2)]
    replicas.put(manifests)
    enter(migrated, [document(payload, A | B) for payload in payloads])
    enter(migrated, [batch(manifest, A | B) for manifest in manifests])
    return payloads


@pytest.fixture
def care(migrated: Database, replicas: Replicas, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AuditThread:
    monkeypatch.setattr("anchors.replicas.audit_thread._TURN_SECONDS", 0.0)
    return AuditThread(migrated, replicas, Leases(migrated, clock=clock), budget=ALL, clock=clock)


def turns(care: AuditThread, clock: Clock, count: int = 3) -> list[dict[str, Any]]:
    """Let it work through whole passes; return what it told."""
    with own_logs() as logs:
        for _ in range(count):
            clock.now += SHORTEST
            while care.run_once():
                pass
    return logs


def test_a_new_store_is_filled(care: AuditThread, stores: Stores, kept: list[bytes], migrated: Database) -> None:
    while care.run_once():
        pass
    assert set(held(migrated)) == {A | B | C}
    assert set(held(migrated, MANIFESTS)) == {A | B | C}
    assert [stores.fickle[2].get(cid_of(payload)) for payload in kept] == kept
    assert stores.fickle[2].get(cid_of(b"manifest 1")) == b"manifest 1"
    puts = stores.fickle[2].puts
    care.run_once()
    assert stores.fickle[2].puts == puts


def test_filling_goes_on_where_it_was_and_group_by_group(
    replicas: Replicas, stores: Stores, kept: list[bytes], migrated: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anchors.replicas.fill.ROWS", 15)
    for number in (15, 30, 40):
        fill = Fill(migrated, replicas)  # each time by a process that knows nothing
        assert fill.fill(stores.known[2], PAYLOADS).held
        assert [bits == A | B | C for bits in held(migrated)] == [place < number for place in range(40)]
    assert fill.fill(stores.known[2], PAYLOADS).end is None


def test_a_group_has_a_size(
    replicas: Replicas, stores: Stores, kept: list[bytes], migrated: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anchors.replicas.fill.BYTES", 2500)
    assert Fill(migrated, replicas).fill(stores.known[2], PAYLOADS).held == {1: C, 2: C, 3: C}


def test_a_store_that_fails_while_it_is_filled_gets_no_bit(
    care: AuditThread, clock: Clock, stores: Stores, kept: list[bytes], migrated: Database
) -> None:
    stores.fickle[2].fault = "store.full"
    logs = turns(care, clock)
    assert ("store failed", "c", "store.full") in {(one["event"], one.get("store"), one.get("code")) for one in logs}
    assert set(held(migrated)) == {A | B}
    stores.fickle[2].fault = None
    stores.later()
    turns(care, clock)
    assert set(held(migrated)) == {A | B | C}


def test_what_waits_in_the_database_is_not_passed_over(replicas: Replicas, stores: Stores, migrated: Database) -> None:
    first, waiting, failed, last = pattern(1), pattern(2), pattern(3), pattern(4)
    replicas.put([first, last])
    rows = [document(first, A | B), document(waiting, 0, State.ACCEPTED), document(failed, 0, State.FAILED)]
    enter(migrated, [*rows, document(last, A | B)])
    fill = Fill(migrated, replicas)
    assert fill.fill(stores.known[2], PAYLOADS).held == {1: C}
    replicas.put([waiting])
    with migrated.write() as session:
        row = session.merge(rows[1])
        row.state, row.replicas = State.STORED, A | B
    assert fill.fill(stores.known[2], PAYLOADS).held == {2: C, 4: C}
    assert held(migrated) == [A | B | C, A | B | C, 0, A | B | C]


def test_what_nobody_wrote_down_is_looked_for_and_not_written_again(
    replicas: Replicas, stores: Stores, migrated: Database
) -> None:
    replicas.put([b"payload"])
    enter(migrated, [document(b"payload", 0)])
    puts = [store.puts for store in stores.fickle]
    for store in stores.known:
        Fill(migrated, replicas).fill(store, PAYLOADS)
    assert held(migrated) == [A | B | C]
    assert [store.puts for store in stores.fickle] == [puts[0], puts[1], puts[2] + 1]


@pytest.mark.parametrize("how", ["flip", "truncate", "delete"])
def test_damage_is_found_told_and_mended(
    care: AuditThread, clock: Clock, stores: Stores, kept: list[bytes], migrated: Database, how: str
) -> None:
    turns(care, clock)
    payload, store = kept[17], stores.fickle[1]
    spoil(store.directory, cid_of(payload), how)
    logs = turns(care, clock)
    found = [(one["store"], one["code"]) for one in logs if one["event"] in ("replica damaged", "replica missing")]
    assert found
    assert {name for name, _ in found} == {"b"}
    assert {code for _, code in found} <= {"store.corrupt", "store.missing"}
    assert not [one for one in logs if one["event"] == "replicas too few"]  # the store c has it too
    assert set(held(migrated)) == {A | B | C}
    assert [store.get(cid_of(each)) for each in kept] == kept
    assert turns(care, clock) == []


def test_too_few_is_an_alarm_until_it_is_mended(
    care: AuditThread, clock: Clock, stores: Stores, kept: list[bytes], migrated: Database
) -> None:
    stores.fickle[2].fault = "store.failed"
    spoil(stores.fickle[0].directory, cid_of(kept[3]), "flip")
    logs = turns(care, clock)
    [alarm] = [one for one in logs if one["event"] == "replicas too few"]
    assert (alarm["log_level"], alarm["code"], alarm["count"]) == ("error", "stores.too-few", 1)
    assert alarm["detail"] == "1 of 2 replicas are left"
    assert set(held(migrated)) == {A | B}
    assert stores.fickle[0].get(cid_of(kept[3])) == kept[3]


def test_what_no_store_has_whole_is_an_alarm_in_each_pass_and_holds_up_nothing(
    care: AuditThread, clock: Clock, stores: Stores, kept: list[bytes], migrated: Database
) -> None:
    for store in stores.fickle[:2]:
        spoil(store.directory, cid_of(kept[5]), "flip")
    logs = turns(care, clock, 4)
    lost = [one for one in logs if one["event"] == "replica lost"]
    assert lost
    assert str(cid_of(kept[5])) in lost[0]["detail"]
    assert [bits for bits in held(migrated) if bits != A | B | C] == [0]
    assert [one for one in turns(care, clock, 4) if one["event"] == "replica lost"]
    # Somebody brings it back, from a backup for example.
    stores.fickle[2].put([kept[5]])
    turns(care, clock, 4)
    assert set(held(migrated)) == {A | B | C}


def test_a_cid_that_names_no_payload_holds_up_nothing(
    care: AuditThread, clock: Clock, stores: Stores, kept: list[bytes], migrated: Database
) -> None:
    for store in stores.fickle:
        store.formless.add(cid_of(kept[7]))
    logs = turns(care, clock, 4)
    assert [one["code"] for one in logs if one["event"] == "replica lost"]
    assert [bits for bits in held(migrated) if bits != A | B | C] == [0]


def test_a_read_that_meets_damage_has_it_mended(
    care: AuditThread, clock: Clock, stores: Stores, kept: list[bytes], migrated: Database, replicas: Replicas
) -> None:
    from anchors.payloads import Payloads

    spoil(stores.fickle[0].directory, cid_of(kept[0]), "flip")
    digest = document(kept[0], 0).digest
    with own_logs() as logs:
        assert Payloads(migrated, replicas).get(digest) == kept[0]
    assert [(one["event"], one.get("store")) for one in logs] == [("replica damaged", "a"), ("replicas too few", None)]
    assert held(migrated)[0] == B
    while care.run_once():
        pass
    assert held(migrated)[0] == A | B | C
    assert stores.fickle[0].get(cid_of(kept[0])) == kept[0]


def test_a_store_that_is_away_is_neither_blamed_nor_passed_over(
    care: AuditThread, clock: Clock, stores: Stores, kept: list[bytes], migrated: Database
) -> None:
    turns(care, clock)
    before = AuditPass(migrated, stores.known[1], PAYLOADS).last()
    stores.fickle[1].fault = "store.failed"
    logs = turns(care, clock)
    assert {one["event"] for one in logs} == {"store failed"}
    assert set(held(migrated)) == {A | B | C}
    assert AuditPass(migrated, stores.known[1], PAYLOADS).last() == before
    stores.fickle[1].fault = None
    stores.later()
    turns(care, clock)
    assert AuditPass(migrated, stores.known[1], PAYLOADS).last() != before


def test_a_pass_keeps_to_its_budget_and_is_written_down(
    replicas: Replicas, stores: Stores, kept: list[bytes], migrated: Database
) -> None:
    audit, passing = Audit(migrated, replicas), AuditPass(migrated, stores.known[0], PAYLOADS)
    now, places = 1_000_000, []
    while (place := passing.place(now)) is not None:
        places.append(place)
        audited = audit.examine(stores.known[0], PAYLOADS, place, 10 * 4096)
        assert audited.size <= 10 * 4096
        now += 1
        passing = AuditPass(migrated, stores.known[0], PAYLOADS)
        passing.advance(place, audited.next, now)
    assert places == [0, 10, 20, 30, 40]
    last = passing.last()
    assert last is not None
    assert (last.ended_at, last.seconds) == (1_000_005, 4)
    assert passing.place(1_000_000 + SHORTEST + 1) == 0


def test_a_sample_finds_what_a_pass_would_come_to_late(
    replicas: Replicas, stores: Stores, kept: list[bytes], migrated: Database
) -> None:
    for path in (stores.fickle[0].directory / "packs").glob("*.car"):
        path.unlink()
    audited = Audit(migrated, replicas).sample(stores.known[0], PAYLOADS, ALL)
    assert len(audited.missing) == audited.count > 0
    assert audited.count <= 4


def test_one_process_cares_at_a_time(
    care: AuditThread, clock: Clock, stores: Stores, kept: list[bytes], migrated: Database
) -> None:
    assert Leases(migrated, clock=clock).hold("stores")
    care.run_once()
    assert set(held(migrated)) == {A | B}


def test_the_thread_works_and_stops(care: AuditThread, stores: Stores, kept: list[bytes], migrated: Database) -> None:
    care.start()
    try:
        deadline = time.monotonic() + 60
        while set(held(migrated)) != {A | B | C} and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        care.stop()
    assert set(held(migrated)) == {A | B | C}


def test_a_database_that_fails_ends_the_turn_and_nothing_else(
    care: AuditThread, clock: Clock, stores: Stores, kept: list[bytes], migrated: Database
) -> None:
    def failing(*_arguments: object) -> None:
        raise Unavailable("database.unavailable", "no")

    working, migrated.write = migrated.write, failing  # type: ignore[method-assign,assignment]
    assert care._safely() is False
    migrated.write = working  # type: ignore[method-assign]
    turns(care, clock)
    assert set(held(migrated)) == {A | B | C}
