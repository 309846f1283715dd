"""A run over many documents gives the verdicts that each would get, at blocks that it states."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ledger.document_registry import Status
from ledger.errors import Unavailable
from tests.verifier.world import World, bill, codes
from verifier.axes import Authentic
from verifier.bulk.run import RENEWED, BulkRun
from verifier.cached_facts import CachedFacts
from verifier.facts import StatusFacts
from verifier.question import Question
from verifier.record import Record
from verifier.sources import Sources
from verifier.subject import Subject
from verifier.verify import Verifier

ASKED = Question()


class ManyWorld(World):
    """A world that can be asked for many at once, and counts how often it is asked at all."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.is_away = False

    def find(self, digest: bytes) -> Record | None:
        self.asked.append("find")
        return super().find(digest)

    def find_many(self, digests: Sequence[bytes]) -> Mapping[bytes, Record]:
        self.asked.append("find_many")
        if self.is_away:
            raise Unavailable("database.away", "away")
        return {digest: self.records[digest] for digest in digests if digest in self.records}

    def status(self, issuer: str, digest: bytes, block: Any) -> StatusFacts:
        self.asked.append("status")
        return super().status(issuer, digest, block)

    def statuses(self, documents: Sequence[tuple[str, bytes]], block: Any) -> list[StatusFacts]:
        self.asked.append("statuses")
        if self.is_away:
            raise Unavailable("chain.away", "away")
        return [World.status(self, *document, block) for document in documents]


def run_of(world: World, clock: list[float]) -> BulkRun:
    sources = Sources(world, CachedFacts(world), world.highest_time)
    return BulkRun(Verifier(sources, clock=lambda: world.now), clock=lambda: clock[0])


def subjects(world: World, count: int) -> list[tuple[Subject, Question]]:
    envelopes = [bill(iat=world.now - number) for number in range(count)]
    for envelope in envelopes[::2]:
        world.anchor(envelope)
    world.set_status(envelopes[0], Status.REVOKED)
    presented = [Subject.presented(envelope.serialize()) for envelope in envelopes]
    others = [Subject.presented("nonsense"), Subject.named(envelopes[2].digest), Subject.named(bytes(32))]
    return [(one, ASKED) for one in [*presented, *others]]


def test_the_verdicts_are_those_that_each_would_get() -> None:
    world = ManyWorld()
    asked = subjects(world, 6)
    single = [Verifier(world.sources(), clock=lambda: world.now).verify(*one) for one in asked]
    world.asked.clear()
    assert run_of(world, [0.0]).verify(asked) == single
    assert world.asked == ["find_many", "statuses"]


def test_where_many_cannot_be_asked_for_at_once_each_is_asked_for() -> None:
    world = ManyWorld()
    asked = subjects(world, 6)
    single = run_of(world, [0.0]).verify(asked)
    world.is_away = True
    assert run_of(world, [0.0]).verify(asked) == single
    plain = World()
    again = subjects(plain, 6)
    assert [one.usable for one in run_of(plain, [0.0]).verify(again)] == [one.usable for one in single]


@pytest.mark.parametrize("only_node", [True, False])
def test_what_was_entered_since_the_runs_block_is_known_and_what_was_not_is_nobodys(only_node: bool) -> None:
    world, clock = World(), [0.0]
    run = run_of(world, clock)
    run.verifier = replace(run.verifier, sources=replace(run.verifier.sources, only_node=only_node))
    [first] = run.verify([(Subject.presented(bill().serialize()), ASKED)])
    world.now, clock[0] = world.now + 20, 20.0
    world.add_key("second")
    late, forged = bill(iat=1_000, key="second"), bill(iat=1_000, key="nobody")
    [again] = run.verify([(Subject.presented(bill().serialize()), ASKED)])
    assert again.as_of == first.as_of
    verdicts = run.verify([(Subject.presented(one.serialize()), ASKED) for one in (late, forged)])
    assert [one.authentic for one in verdicts] == [Authentic.INDETERMINATE, Authentic.INVALID]
    assert verdicts[0].as_of == verdicts[1].as_of == world.head() == run.blocks[-1]
    assert "issuer.key-unknown" not in codes(verdicts[0])


def test_one_block_for_thirty_seconds_and_each_is_stated() -> None:
    world, clock = ManyWorld(), [0.0]
    run, asked = run_of(world, clock), subjects(world, 4)
    first = world.head()
    run.verify(asked)
    world.now += 7
    clock[0] += RENEWED
    assert {verdict.as_of for verdict in run.verify(asked)} == {first}
    clock[0] += 1
    second = world.head()
    assert {verdict.as_of for verdict in run.verify(asked)} == {second}
    assert run.blocks == [first, second]


def test_a_node_that_is_away_makes_nothing_invalid_and_is_asked_again() -> None:
    world, clock = ManyWorld(), [0.0]
    asked = subjects(world, 4)[:4]
    head = world.head

    def away() -> Any:
        raise OSError("away")

    run = run_of(world, clock)
    world.head = away  # type: ignore[method-assign]
    assert {verdict.authentic.value for verdict in run.verify(asked)} == {"INDETERMINATE"}
    world.head = head  # type: ignore[method-assign]
    assert {verdict.authentic.value for verdict in run.verify(asked)} == {"VALID", "INDETERMINATE"}
    assert replace(run).blocks == [head()]
