"""The table of the design's rule 3 on the contracts: orders of events, each event a transaction, asked at each moment.

What the contracts refuse in some order (an authority that left enters nothing any more) did not happen there.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from ledger.document_status import Status
from ledger.errors import Refused
from ledger.issuer_state import KeyState
from tests.consortium import Consortium
from tests.corpus.chain_ground import ChainGround
from tests.corpus.court import Court
from tests.corpus.ground import Issuer
from tests.long import long_or
from tests.tables import Table
from tests.verifier import event_orders as events
from tests.verifier.event_orders import Order
from tests.verifier.test_every_order import add_to, ask, questions
from verifier.evidence import Evidence
from verifier.gather import gather, read_head
from verifier.offline import offline
from verifier.sources import Sources
from verifier.subject import Subject

pytestmark = pytest.mark.slow
ORDERS = long_or(500, 5)


class OnChain(ChainGround):
    """One document's events happen one after the other; each is a transaction, and may be refused."""

    def run(self, order: tuple[str, ...]) -> Order:
        authority = self.authority()
        issuer = self.issuer(above=authority)
        self.batch = [self.issue(issuer)]
        long_ago = self.world.now
        happen = self._happenings(issuer, authority, long_ago)
        times = {}
        for event in order:
            self.world.now += 10
            try:
                happen[event]()
            except Refused:
                continue
            times[event] = self.consortium.chain.head().timestamp if event != events.LOST else self.world.now
        self.world.now += 5
        return Order(times, long_ago)

    @property
    def subject(self) -> Subject:
        return Subject.presented(self.batch[0].serialize())

    def gathered(self, sources: Sources) -> Evidence:
        return gather(self.subject, sources, read_head(sources), self.world.now)

    def find(self, digest: bytes) -> Any:
        return self.world.records.get(digest)

    def _happenings(self, issuer: Issuer, authority: str, long_ago: int) -> Mapping[str, Callable[[], object]]:
        return {
            events.ANCHORED: self.seal,
            events.RETIRED: lambda: self.change_key(issuer, KeyState.RETIRED),
            # A transaction takes a second more.
            events.COMPROMISED: lambda: self.compromise(issuer, self.world.now + 1),
            events.COMPROMISED_BEFORE: lambda: self.compromise(issuer, long_ago),
            events.REVOKED: lambda: self.status(issuer.name, self.batch[0].digest, Status.REVOKED),
            events.LEFT: lambda: self.end_authority(authority),
            events.LOST: self._lose_payload,
        }

    def _lose_payload(self) -> None:
        records = self.world.records
        for digest, record in records.items():
            records[digest] = replace(record, payload_cid=None)


def test_orders_on_the_contracts(consortium: Consortium, table: Table) -> None:
    random, online, files = Random("on chain"), Counter[str](), Counter[str]()
    anchored = 0
    for _ in range(ORDERS):
        ground = OnChain(consortium, random)
        order = ground.run(tuple(random.sample(events.EVENTS, len(events.EVENTS))))
        found = ground.gathered(Sources(ground, ground.facts))
        online += ask(found, order, questions(order))
        if events.ANCHORED in order.times:
            anchored += 1
            court = Court(ground)
            file = court.made(ground.subject, court.chain)
            files += ask(ground.gathered(offline(file, court.roots).sources), order, questions(order))
    assert anchored > ORDERS // 2
    add_to(table, "embedded chain", ORDERS, online)
    add_to(table, "embedded chain, evidence files", anchored, files)
