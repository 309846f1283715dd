"""Scanned QR codes at a gate without a line: a pack of a real chain is all that there is."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from anchors.gate_code import GateCode
from anchors.hour_places import place_in_hour
from anchors.hour_root import Triple, hour_of, path
from anchors.merkle import inclusion_path, root
from ledger.authority import Role
from ledger.document_registry import Status, StatusChange
from ledger.envelope import Envelope, verify
from ledger.gate_statement import GateStatement, issue
from tests.consortium import Consortium
from tests.verifier.chain_case import AUTHORITY, ISSUER, Case
from tests.verifier.world import codes
from verifier.axes import Authentic, Usable
from verifier.pack.gate import at_the_gate
from verifier.pack.opened import Pack
from verifier.subject import Subject
from verifier.verdict import Verdict

HOUR = 3_600


@dataclass(frozen=True)
class Gate:
    """A document whose statement is a leaf of a batch, and what is printed of it."""

    case: Case
    envelope: Envelope
    statement: GateStatement

    @classmethod
    def anchored(cls, case: Case) -> "Gate":
        envelope, key = case.issue(), case.consortium.issuer_key(ISSUER)
        made = cls(case, envelope, issue(envelope, verify(envelope, key.public_key).document, key))
        anchor = case.consortium.registries.document.anchor(root(made.leaves), 3, envelope.digest)
        case.act(anchor, AUTHORITY, Role.ANCHOR)
        return made

    @property
    def leaves(self) -> list[bytes]:
        return [b"a" * 32, self.envelope.digest, self.statement.leaf]

    def code(self) -> GateCode:
        consortium = self.case.consortium
        anchored = consortium.registries.document.anchored(0, consortium.chain.head().number)
        triples = [Triple(one.root, one.size, one.anchored_at) for one in anchored]
        batch = next(one for one in triples if one.root == root(self.leaves))
        hour = [one for one in triples if hour_of(one.anchored_at) == hour_of(batch.anchored_at)]
        index = place_in_hour(hour, batch)
        assert index is not None
        way = inclusion_path(self.leaves, 2)
        return GateCode(self.statement, 2, 3, way, batch.anchored_at, index, path(hour, index))


def scanned(pack: Pack, code: GateCode, clock: int = 0) -> Verdict:
    verifier = at_the_gate(pack, clock=lambda: clock or pack.block.time)
    return verifier.verify(Subject.scanned(code.text()))


@pytest.fixture(scope="module")
def gate(consortium: Consortium) -> Gate:
    case, clock = Case(consortium), consortium.clock
    clock.now += HOUR - clock.now % HOUR
    case.anchored()
    return Gate.anchored(case)


@pytest.fixture(scope="module")
def closed(gate: Gate) -> tuple[Gate, Pack]:
    gate.case.consortium.clock.advance(HOUR)
    gate.case.anchored()
    return gate, gate.case.packs.newest()


def test_before_the_hour_is_over_the_pack_does_not_have_it(gate: Gate) -> None:
    code = gate.code()
    verdict = scanned(gate.case.packs.newest(), code)
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
    [finding] = [one for one in verdict.findings if one.code == "anchoring.unreadable"]
    assert finding.facts["reason"] == "pack.hour"


def test_a_code_is_valid_and_active_by_the_pack_alone(closed: tuple[Gate, Pack]) -> None:
    gate, pack = closed
    verdict = scanned(pack, gate.code())
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert (verdict.digest, verdict.issuer) == (gate.envelope.digest, ISSUER)
    [final] = [one for one in verdict.findings if one.code == "anchoring.final"]
    assert final.facts["attested_by"] == "cn.customs"
    assert verdict.finality


WRONG: dict[str, Callable[[GateCode], GateCode]] = {
    "another time": lambda one: replace(one, anchored_at=one.anchored_at + 1),
    "an hour later": lambda one: replace(one, anchored_at=one.anchored_at + HOUR),
    "an hour long ago": lambda one: replace(one, anchored_at=one.anchored_at - 1000 * HOUR),
    "another leaf": lambda one: replace(one, index=1),
    "no path": lambda one: replace(one, path=()),
    "no path in the hour": lambda one: replace(one, hour_path=()),
    "the paths exchanged": lambda one: replace(one, path=one.hour_path, hour_path=one.path),
    "another size": lambda one: replace(one, size=4),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_code_that_leads_elsewhere_is_unknown(closed: tuple[Gate, Pack], name: str) -> None:
    gate, pack = closed
    verdict = scanned(pack, WRONG[name](gate.code()))
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)


def test_the_statement_of_another_document(closed: tuple[Gate, Pack]) -> None:
    gate, pack = closed
    other = Gate.anchored(gate.case).statement
    verdict = scanned(pack, replace(gate.code(), statement=other))
    assert verdict.authentic is Authentic.INDETERMINATE
    assert "anchoring.gate-path" in codes(verdict)


def test_a_pack_that_is_too_old_never_says_active(closed: tuple[Gate, Pack]) -> None:
    gate, pack = closed
    verdict = scanned(pack, gate.code(), clock=pack.block.time + 400 * 24 * HOUR)
    assert verdict.authentic is Authentic.VALID
    assert verdict.usable is Usable.UNKNOWN


def test_what_became_of_it_comes_with_the_next_pack(closed: tuple[Gate, Pack]) -> None:
    gate, pack = closed
    change = StatusChange(ISSUER, gate.envelope.digest, Status.REVOKED)
    gate.case.act(gate.case.consortium.registries.document.set_status(change))
    assert scanned(pack, gate.code()).usable is Usable.ACTIVE
    newer = scanned(gate.case.packs.newest(), gate.code())
    assert (newer.authentic, newer.usable) == (Authentic.VALID, Usable.REVOKED)
