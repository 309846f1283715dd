"""Hours out of a chain's events: closed by a final block, complete by the registry's count, and what dates a code."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cbor2
import pytest
from sqlalchemy import select

from anchors.anchored_hours import AnchoredHours
from anchors.database.models import DocumentRow, GateStatementRow
from anchors.finality import FinalityProof
from anchors.gate_archive import GateArchive
from anchors.gate_code_making import GateCodes
from anchors.hour_places import HourPlaces
from ledger import gate_statement
from ledger.document_registry import Anchored, DocumentRegistry
from ledger.errors import Unavailable
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.consortium import Consortium

pytestmark = pytest.mark.usefixtures("on_each_database")


@pytest.fixture
def node(consortium: Consortium, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path / "node") as node:
        yield node


def gates(node: PipelineNode) -> GateArchive:
    return GateArchive(node.database, node.archive, node.payloads)


def hours(node: PipelineNode) -> AnchoredHours:
    network = node.consortium.network
    return AnchoredHours(node.chain, node.registries.document, node.finality, network.deployed_at)


def places(node: PipelineNode) -> HourPlaces:
    return HourPlaces(node.registries.document, hours(node))


def test_an_hour_is_open_until_a_block_after_it_is_final(node: PipelineNode) -> None:
    clock = node.consortium.clock
    clock.advance(3_600 - int(clock()) % 3_600 + 10)
    registration = node.gated()
    node.accept(registration, node.registration())
    digest = registration.envelope.digest
    made = GateCodes(gates(node), places(node))
    with pytest.raises(Unavailable, match=r"gate\.not-final"):
        made.make(digest)
    node.run()
    with pytest.raises(Unavailable, match=r"gate\.hour-open.*it ends at 20\d\d-\d\d-\d\dT\d\d:00:00Z"):
        made.make(digest)
    clock.advance(600)
    node.accept(node.gated())
    node.run()
    with pytest.raises(Unavailable, match=r"gate\.hour-open"):
        made.make(digest)
    clock.advance(3_600)
    node.accept(node.registration())
    node.run()
    code = made.make(digest)
    record = gates(node).find(digest)
    assert (code.statement, record.place is not None and record.place.root) == (registration.gate, code.root)
    hour = hours(node).hour(code.hour)
    assert len(hour.batches) >= 2
    assert code.leads_to(hour.root)
    assert cbor2.loads(gate_statement.parse(code.statement.data).token.payload)[3] == digest


class Lossy:
    """A registry whose node leaves out an event."""

    def __init__(self, documents: DocumentRegistry, which: int) -> None:
        self._documents, self._which = documents, which

    def anchored(self, first: int, last: int) -> list[Anchored]:
        found = self._documents.anchored(first, last)
        return [one for place, one in enumerate(found) if place != self._which % max(len(found), 1)]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._documents, name)


@pytest.fixture
def closed(node: PipelineNode) -> tuple[PipelineNode, int]:
    """A node with an hour of three batches that is closed; the one before it has none."""
    clock = node.consortium.clock
    clock.advance(7_200 - int(clock()) % 3_600 + 5)
    hour = int(clock()) // 3_600
    for _ in range(3):
        node.accept(node.gated())
        node.run()
        clock.advance(20)
    clock.advance(3_600)
    node.accept(node.registration())
    node.run()
    return node, hour


@pytest.mark.parametrize("which", [0, 1, -1])
def test_an_event_that_the_node_leaves_out_is_missed(closed: tuple[PipelineNode, int], which: int) -> None:
    node, hour = closed
    network = node.consortium.network
    assert len(hours(node).hour(hour).batches) == 3
    lossy: Any = Lossy(node.registries.document, which)
    with pytest.raises(Unavailable, match=r"chain\.logs"):
        AnchoredHours(node.chain, lossy, node.finality, network.deployed_at).hour(hour)


def test_an_hour_is_closed_by_a_block_that_the_chain_has(closed: tuple[PipelineNode, int]) -> None:
    node, hour = closed
    proof = node.finality.newest()
    assert proof is not None

    class Elsewhere:
        def newest(self) -> FinalityProof:
            return replace(proof, block_hash=bytes(32))

    other: Any = Elsewhere()
    with pytest.raises(Unavailable, match=r"chain\.answer"):
        AnchoredHours(node.chain, node.registries.document, other, 1).hour(hour)


def test_hours_without_batches_are_empty_and_those_to_come_open(closed: tuple[PipelineNode, int]) -> None:
    node, hour = closed
    found = hours(node)
    assert found.hour(hour - 1).batches == ()
    assert found.hour(0).batches == ()
    for later in (hour + 1, hour + 10**6, 2**62):
        with pytest.raises(Unavailable, match=r"gate\.hour-open"):
            found.hour(later)


def test_every_batch_of_an_hour_is_dated_by_its_root(closed: tuple[PipelineNode, int]) -> None:
    node, hour = closed
    made = GateCodes(gates(node), places(node))
    with node.database.read() as session:
        digests = list(session.scalars(select(DocumentRow.digest).join(GateStatementRow)))
    own = [code for code in map(made.make, digests) if code.hour == hour]
    assert len(own) == 3
    root = hours(node).hour(hour).root
    assert sorted(code.hour_index for code in own) == [0, 1, 2]
    assert all(code.leads_to(root) for code in own)
