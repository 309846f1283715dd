"""The record of replicas: bits that are given once, and marks that somebody may set back meanwhile."""

from concurrent.futures import ThreadPoolExecutor

from anchors.database import Database
from anchors.replicas.record import PAYLOADS, bits_of, place_of, set_mark
from tests.anchors.kept_documents import document, enter, held
from tests.anchors.store_contract import code_of, pattern


def test_bits_are_given_once(migrated: Database) -> None:
    assert bits_of(migrated, ["folder", "kubo"]) == {"folder": 0, "kubo": 1}
    assert bits_of(migrated, ["third", "kubo"]) == {"third": 2, "kubo": 1}
    assert code_of(lambda: bits_of(migrated, [f"s{number}" for number in range(60)])) == "stores.too-many"
    assert bits_of(migrated, ["third"]) == {"third": 2}


def test_two_processes_that_begin_at_once_agree(migrated: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: bits_of(migrated, ["folder", "kubo"]), range(4)))
    assert all(one == found[0] for one in found)
    assert sorted(found[0].values()) == [0, 1]


def test_a_bit_taken_away_sets_the_mark_back_and_nobody_moves_it_over_that(migrated: Database) -> None:
    enter(migrated, [document(pattern(size), 0b111) for size in range(5)])
    mark = PAYLOADS.filled(1)
    with migrated.write() as session:
        set_mark(session, mark, 5, 0)
    with migrated.write() as session:
        PAYLOADS.take_away(session, [3, 4], 0b010)
    assert held(migrated) == [7, 7, 5, 5, 7]
    with migrated.write() as session:
        assert place_of(session, mark) == 2
        set_mark(session, mark, 9, 0, was=5)  # by one that read it before
        assert place_of(session, mark) == 2
        PAYLOADS.add(session, {3: 0b010, 4: 0b1010})
    assert held(migrated) == [7, 7, 7, 15, 7]
