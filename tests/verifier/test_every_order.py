"""The table of the design's rule 3 over every order of events, asked at every moment, as known then and now.

In memory, and from evidence files. The same on the contracts: test_every_order_on_chain.py.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from ledger.document_status import Status
from ledger.envelope import Envelope, issue
from ledger.issuer_state import KeyState
from ledger.jwk import Algorithm
from ledger.kinds import kind as kind_named
from ledger.private_key import PrivateKey
from tests.corpus.court import Court
from tests.corpus.ground import ANCHORED as ANCHOR_TIME
from tests.corpus.ground import Ground, Issuer
from tests.long import long_or
from tests.tables import Table
from tests.verifier import event_orders as events
from tests.verifier.event_orders import EVENTS, Order, drawn, expected, orders
from tests.verifier.world import BILL, START, World, document
from verifier.axes import Authentic
from verifier.evidence import Evidence
from verifier.gather import gather, read_head
from verifier.offline import offline
from verifier.question import Question
from verifier.reading import Reading, read
from verifier.sources import Sources
from verifier.subject import Subject
from verifier.verify import judge

TITLE = "The time that counts: orders of all events, asked at every moment"
KEY = PrivateKey.generate(Algorithm.ES256)
TOGETHER = long_or(20_000, 500)


@cache
def the_document(issuer: str) -> Envelope:
    return issue(document(BILL), kind_named(BILL), issuer, KEY, iat=START)


@cache
def the_subject(envelope: Envelope) -> Subject:
    return Subject.presented(envelope.serialize())


@cache
def the_reading(envelope: Envelope) -> Reading:
    """What the envelope shows under its key, which is one for all orders: judged once."""
    return read(envelope, KEY.public_key)


def in_memory(random: Random) -> "Happenings":
    """Without signatures of checkpoints, which are not what this is about."""
    return Happenings(random, World(with_issuer=False))


class Happenings(Ground):
    """A ground on which one document's events happen one after the other, each at its time."""

    def run(self, order: Order) -> Evidence:
        """Let everything happen; gather what is known a few seconds later."""
        self.world.now = START
        authority = self.authority()
        issuer = self.issuer(above=authority, key=KEY)
        self.document = the_document(issuer.name)
        self.payload_lost = False
        happen = self._happenings(issuer, authority, order)
        for event, time in sorted(order.times.items(), key=lambda item: item[1]):
            self.world.now = time
            happen[event]()
        self.world.now += 5
        found = self.gathered(Sources(self.world, self.world))
        vars(found)["reading"] = the_reading(self.document)
        return found

    def gathered(self, sources: Sources) -> Evidence:
        return gather(the_subject(self.document), sources, read_head(sources), self.world.now)

    def _happenings(self, issuer: Issuer, authority: str, order: Order) -> Mapping[str, Callable[[], object]]:
        return {
            events.ANCHORED: self._anchor,
            events.RETIRED: lambda: self.change_key(issuer, KeyState.RETIRED),
            events.COMPROMISED: lambda: self.compromise(issuer, self.world.now),
            events.COMPROMISED_BEFORE: lambda: self.compromise(issuer, order.long_ago),
            events.REVOKED: lambda: self.status(issuer.name, self.document.digest, Status.REVOKED),
            events.LEFT: lambda: self.end_authority(authority),
            events.LOST: self._lose_payload,
        }

    def _anchor(self) -> None:
        self.world.anchor(self.document)
        if self.payload_lost:
            self._lose_payload()

    def _lose_payload(self) -> None:
        self.payload_lost, records = True, self.world.records
        for digest, record in records.items():
            records[digest] = replace(record, payload_cid=None)


def questions(order: Order) -> Iterable[tuple[int, int | None]]:
    moments = order.moments()
    return [(at, known_at) for at in moments for known_at in (None, *moments)]


def ask(found: Evidence, order: Order, asked: Iterable[tuple[int, int | None]]) -> Counter[str]:
    """Return how often what was said; whatever is not what must be said is an error."""
    said: Counter[str] = Counter()
    for at, known_at in asked:
        verdict = judge(found, Question(at=at, known_at=known_at))
        must = expected(order, at, known_at)
        assert (verdict.authentic, verdict.usable) == must, (dict(order.times), at, known_at)
        said[verdict.authentic.value] += 1
    return said


def add_to(table: Table, where: str, count: int, said: Counter[str]) -> None:
    counts = {one.value: said[one.value] for one in Authentic}
    table(TITLE, where=where, orders=count, questions=said.total(), **counts, wrong=0)


@pytest.mark.slow
def test_every_order_in_memory(table: Table) -> None:
    """All 5,040, each event in a second of its own, asked at a sample of the moments (at all in a long run)."""
    said, count, random = Counter[str](), 0, Random("orders")
    for order in orders(START):
        found = in_memory(random).run(order)
        asked = list(questions(order))
        as_known_now = random.sample([one for one in asked if one[1] is None], 8)
        said += ask(found, order, long_or(asked, [*as_known_now, *random.sample(asked, 4)]))
        count += 1
    assert count == 5_040
    add_to(table, "in memory, all orders", count, said)


def test_some_events_in_one_second_in_memory(table: Table) -> None:
    said, random = Counter[str](), Random("together")
    for _ in range(TOGETHER):
        order = drawn(START, random)
        asked = list(questions(order))
        said += ask(in_memory(random).run(order), order, long_or(asked, random.sample(asked, min(30, len(asked)))))
    add_to(table, "in memory, drawn, some in one second", TOGETHER, said)


def test_from_evidence_files(table: Table) -> None:
    said, random = Counter[str](), Random("files")
    chosen = list(orders(START)) if long_or(True, False) else random.sample(list(orders(START)), 40)
    chosen += [drawn(START, random) for _ in range(long_or(1_000, 40))]
    made = [order for order in chosen if events.ANCHORED in order.times]
    for order in made:
        ground = Happenings(random)
        ground.run(order)
        court = Court(ground)
        file = court.made(Subject.presented(ground.document.serialize()), court.chain)
        found = ground.gathered(offline(file, court.roots).sources)
        said += ask(found, order, questions(order))
    add_to(table, "evidence files", len(made), said)


@pytest.mark.parametrize("event", [event for event in EVENTS if event != events.ANCHORED])
@pytest.mark.parametrize("when", ["before the anchor", "in its second", "after it"])
def test_the_table_of_rule_3(event: str, when: str, table: Table) -> None:
    offset = {"before the anchor": -10, "in its second": 0, "after it": 10}[when]
    order = Order({event: ANCHOR_TIME + offset, events.ANCHORED: ANCHOR_TIME}, START + 1)
    found = in_memory(Random(event)).run(order)
    verdict = judge(found, Question())
    must = expected(order, found.clock)
    assert (verdict.authentic, verdict.usable) == must
    table("Rule 3: one event and the anchor", event=event, when=when, authentic=must[0].value, usable=must[1].value)


def test_what_was_never_anchored_is_pending(table: Table) -> None:
    order = Order({}, START + 1)
    verdict = judge(in_memory(Random(0)).run(order), Question())
    assert (verdict.authentic, verdict.usable) == expected(order, START + 5)
    row = {"authentic": verdict.authentic.value, "usable": verdict.usable.value}
    table("Rule 3: one event and the anchor", event="never anchored", when="", **row)
