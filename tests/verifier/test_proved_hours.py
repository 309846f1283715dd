"""QR codes by value verified with proofs alone: the node's events are not believed, nor what it says of an hour."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from anchors.anchored_hours import AnchoredHour
from anchors.finality import FinalityProof
from anchors.hour_root import Triple, hour_of
from ledger.account_proof import AccountProof
from ledger.errors import Unavailable
from tests.consortium import Consortium
from tests.verifier.chain_case import Case
from tests.verifier.file_twin import roots_of
from tests.verifier.test_gate_pack import HOUR, Gate
from tests.verifier.world import codes
from verifier.axes import Authentic, Usable
from verifier.hand_over_making import HandOverMaker
from verifier.proved_head import ProvedHead
from verifier.proved_hours import MOST
from verifier.proved_online import proved_online
from verifier.proved_state import Prove
from verifier.subject import Subject
from verifier.verdict import Verdict

Change = Callable[[AnchoredHour], AnchoredHour]


@dataclass
class Node:
    """A node that may tell something else of an hour; what it proves is the chain's own."""

    case: Case
    change: Change = lambda hour: hour
    asked: list[int] = field(default_factory=list)

    def newest(self, until: int | None = None) -> FinalityProof | None:
        return self.case.packs.proof() if until is None else None

    def hour(self, number: int) -> AnchoredHour:
        self.asked.append(number)
        consortium, proof = self.case.consortium, self.newest()
        assert proof
        events = consortium.registries.document.anchored(0, consortium.chain.head().number)
        own = [one for one in events if hour_of(one.anchored_at) == number]
        batches = tuple(Triple(one.root, one.size, one.anchored_at) for one in own)
        return self.change(AnchoredHour(batches, proof, tuple(one.manifest_digest for one in own)))

    def scanned(self, *texts: str, prove: Prove | None = None) -> list[Verdict]:
        consortium = self.case.consortium
        maker = HandOverMaker(consortium.chain, consortium.network, self.newest)
        head = ProvedHead(lambda: roots_of(self.case), self.newest, maker)
        verifier = proved_online(self.case, head, [prove or consortium.chain.proof], told=self, clock=consortium.clock)
        return [verifier.verify(Subject.scanned(text)) for text in texts]


@pytest.fixture(scope="module")
def gate(consortium: Consortium) -> Gate:
    """A code whose hour has three batches and is over."""
    case, clock = Case(consortium), consortium.clock
    clock.now += HOUR - clock.now % HOUR
    case.anchored()
    made = Gate.anchored(case)
    case.anchored()
    clock.advance(HOUR)
    case.anchored()
    return made


def test_a_code_is_valid_by_proofs_alone(gate: Gate) -> None:
    node = Node(gate.case)
    text = gate.code().text()
    for verdict in node.scanned(text, text):
        assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
        [final] = [one for one in verdict.findings if one.code == "anchoring.final"]
        assert "attested_by" not in final.facts
        assert verdict.finality
    # What was proved of an hour is kept.
    assert len(node.asked) == 1


def other(hour: AnchoredHour, place: int, **members: int | bytes) -> AnchoredHour:
    batches = list(hour.batches)
    batches[place] = batches[place]._replace(**members)  # type: ignore[arg-type]
    return replace(hour, batches=tuple(batches))


def without(hour: AnchoredHour, place: int) -> AnchoredHour:
    batches, manifests = list(hour.batches), list(hour.manifests)
    del batches[place], manifests[place]
    return replace(hour, batches=tuple(batches), manifests=tuple(manifests))


def with_one_more(hour: AnchoredHour) -> AnchoredHour:
    batch = Triple(b"r" * 32, 3, hour.batches[0].anchored_at)
    return replace(hour, batches=(*hour.batches, batch), manifests=(*hour.manifests, b"m" * 32))


LIES: dict[str, Change] = {
    "a batch is made up": with_one_more,
    "another root": lambda hour: other(hour, 0, root=b"r" * 32),
    "another size": lambda hour: other(hour, 1, size=4),
    "another time": lambda hour: other(hour, 2, anchored_at=hour.batches[2].anchored_at + 1),
    "another manifest": lambda hour: replace(hour, manifests=(b"m" * 32, *hour.manifests[1:])),
    "a batch is left out": lambda hour: without(hour, 0),
    "its own batch is left out": lambda hour: without(hour, 1),
    "all are left out": lambda hour: replace(hour, batches=(), manifests=()),
    "another order": lambda hour: replace(hour, batches=hour.batches[::-1], manifests=hour.manifests[::-1]),
    "too many to be proved": lambda hour: replace(hour, batches=hour.batches * MOST, manifests=hour.manifests * MOST),
}


@pytest.mark.parametrize("name", LIES)
def test_a_node_that_tells_something_else(gate: Gate, name: str) -> None:
    [verdict] = Node(gate.case, LIES[name]).scanned(gate.code().text())
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
    assert codes(verdict) & {"anchoring.unreadable", "anchoring.gate-path"}


def test_a_batch_that_nobody_anchored_makes_no_code_valid(gate: Gate) -> None:
    """The node and the printer of the code together: the hour's tree fits, and there is no slot."""
    code = gate.code()
    elsewhere = replace(code, anchored_at=code.anchored_at + 1)
    [verdict] = Node(gate.case, lambda hour: other(hour, code.hour_index, anchored_at=code.anchored_at + 1)).scanned(
        elsewhere.text()
    )
    assert verdict.authentic is Authentic.INDETERMINATE
    [finding] = [one for one in verdict.findings if one.code == "anchoring.unreadable"]
    assert finding.facts["reason"] == "proof.anchoring"


def test_a_node_that_proves_nothing(gate: Gate) -> None:
    def silent(*_: object) -> AccountProof:
        raise Unavailable("chain.timeout", "no answer")

    [verdict] = Node(gate.case).scanned(gate.code().text(), prove=silent)
    assert verdict.authentic is Authentic.INDETERMINATE


def test_without_what_a_node_tells_there_are_no_hours(gate: Gate) -> None:
    consortium, node = gate.case.consortium, Node(gate.case)
    maker = HandOverMaker(consortium.chain, consortium.network, node.newest)
    head = ProvedHead(lambda: roots_of(gate.case), node.newest, maker)
    verifier = proved_online(gate.case, head, [consortium.chain.proof], clock=consortium.clock)
    verdict = verifier.verify(Subject.scanned(gate.code().text()))
    assert verdict.authentic is Authentic.INDETERMINATE
