"""Anchors by the roots of their hours: what is in an hour that is over verifies, and no other path leads there."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from anchors.hour_root import Triple, hour_of, hour_root, path
from anchors.inclusion import Inclusion, read_inclusion
from ledger.envelope import Envelope
from ledger.errors import Invalid
from tests.consortium import Consortium
from tests.verifier.chain_case import Case
from tests.verifier.pack_twin import PackTwin
from tests.verifier.world import codes
from verifier.axes import Authentic, Usable
from verifier.pack.by_hour import ByHour
from verifier.pack.gate import at_the_gate
from verifier.pack.opened import Pack
from verifier.subject import Subject
from verifier.verdict import Verdict

HOUR = 3_600


@dataclass
class Hours:
    """Three documents in one hour that is over, one in the next, one in the hour that is open."""

    case: Case
    documents: list[Envelope]
    pack: Pack

    @property
    def triples(self) -> list[Triple]:
        found = self.case.consortium.registries.document.anchored(0, self.pack.block.number)
        return [Triple(one.root, one.size, one.anchored_at) for one in found]

    def place(self, envelope: Envelope) -> Inclusion:
        record = self.case.records[envelope.digest]
        assert record.batch
        batch = next(one for one in self.triples if one.root == record.batch[0])
        hour = [one for one in self.triples if hour_of(one.anchored_at) == hour_of(batch.anchored_at)]
        index = hour.index(batch)
        return Inclusion(envelope.digest, *batch[:2], record.index, record.path, batch[2], index, path(hour, index))

    def judged(self, envelope: Envelope, inclusion: Inclusion) -> Verdict:
        subject = Subject.presented(envelope.serialize())
        read = read_inclusion(json.dumps(inclusion.to_json()).encode())
        assert read == inclusion
        return at_the_gate(self.pack, ByHour(read, self.pack), clock=lambda: self.pack.block.time).verify(subject)


@pytest.fixture(scope="module")
def hours(consortium: Consortium) -> Hours:
    case, clock = Case(consortium), consortium.clock
    clock.now += HOUR - clock.now % HOUR
    documents = [case.anchored() for _ in range(3)]
    clock.advance(HOUR)
    documents.append(case.anchored())
    clock.advance(HOUR)
    documents.append(case.anchored())
    return Hours(case, documents, case.packs.newest())


def test_what_is_in_an_hour_that_is_over(hours: Hours) -> None:
    for envelope in hours.documents[:4]:
        verdict = hours.judged(envelope, hours.place(envelope))
        assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
        [final] = [one for one in verdict.findings if one.code == "anchoring.final"]
        assert final.facts["attested_by"] == "cn.customs"
        assert verdict.finality


def test_the_roots_are_those_of_the_registrys_anchorings(hours: Hours) -> None:
    since, until = hours.pack.head.hours
    assert until == hour_of(hours.pack.block.time)
    expected: dict[int, list[Triple]] = {}
    for one in hours.triples:
        expected.setdefault(hour_of(one.anchored_at), []).append(one)
    made = {hour: hour_root(batches) for hour, batches in expected.items() if since <= hour < until}
    assert hours.pack.content.hours == made
    assert len(made) >= 2


def test_an_hour_that_is_open_is_not_known_yet(hours: Hours) -> None:
    envelope = hours.documents[4]
    verdict = hours.judged(envelope, hours.place(envelope))
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
    assert "anchoring.unreadable" in codes(verdict)


WRONG: dict[str, Callable[[Inclusion], dict[str, Any]]] = {
    "another time": lambda one: {"anchored_at": one.anchored_at + 1},
    "another hour": lambda one: {"anchored_at": one.anchored_at + HOUR},
    "an hour long ago": lambda one: {"anchored_at": one.anchored_at - 1000 * HOUR},
    "a time of never": lambda one: {"anchored_at": 0},
    "another root": lambda one: {"root": b"r" * 32},
    "another size": lambda one: {"size": one.size + 1},
    "no size": lambda one: {"size": 0},
    "another leaf": lambda one: {"index": one.index + 1},
    "another place in the hour": lambda one: {"hour_index": one.hour_index + 1},
    "a place far away": lambda one: {"hour_index": 2**52},
    "no path": lambda one: {"path": ()},
    "no path in the hour": lambda one: {"hour_path": ()},
    "a longer path": lambda one: {"path": (*one.path, b"x" * 32)},
    "the paths exchanged": lambda one: {"path": one.hour_path, "hour_path": one.path},
    "the root as the leaf": lambda one: {"root": one.path[0], "path": ()},
    "another document": lambda one: {"digest": b"d" * 32},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_place_that_is_wrong_is_unknown(hours: Hours, name: str) -> None:
    envelope = hours.documents[0]
    right = hours.place(envelope)
    verdict = hours.judged(envelope, replace(right, **WRONG[name](right)))
    assert verdict.authentic is Authentic.INDETERMINATE
    assert verdict.usable in (Usable.UNKNOWN, Usable.PENDING)


def test_the_place_of_another_document(hours: Hours) -> None:
    verdict = hours.judged(hours.documents[0], hours.place(hours.documents[1]))
    assert verdict.authentic is Authentic.INDETERMINATE


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": True},
        {"digest": "xy"},
        {"digest": "AB" * 32},
        {"size": -1},
        {"size": "3"},
        {"size": True},
        {"path": ["00"]},
        {"path": ["00" * 32] * 65},
        {"path": None},
        {"more": 1},
    ],
)
def test_files_that_are_none(hours: Hours, change: dict[str, Any]) -> None:
    members = hours.place(hours.documents[0]).to_json() | change
    with pytest.raises(Invalid, match=r"inclusion\.form"):
        read_inclusion(json.dumps(members).encode())


def test_hours_that_are_too_old_are_dropped_and_deltas_carry_the_new_ones(hours: Hours) -> None:
    twin, case = PackTwin(hours.case), hours.case
    first = twin.newest()
    case.consortium.clock.advance(2 * HOUR)
    case.anchored()
    keep_from = max(first.content.hours)
    second = twin.newest(hours_from=keep_from)
    assert set(second.content.hours) == {keep_from, *(hour for hour in second.content.hours if hour > keep_from)}
    assert len(second.content.hours) >= 2
    added = second.content.after(first.head.counts, first.head.hours[1])
    assert min(added.hours) >= first.head.hours[1]
    assert first.content.extended(added, hours_from=keep_from).hours == second.content.hours
    with pytest.raises(Exception, match=r"pack\.hour"):
        second.hour(keep_from - 1)
