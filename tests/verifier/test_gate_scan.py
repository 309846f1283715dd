"""A scanned QR code gets the same two axes and findings as an envelope, and never more than it proves."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchors.gate_code import GateCode
from ledger import cose_sign1, deterministic_cbor, gate_statement
from ledger.block import Block
from ledger.errors import Unavailable
from ledger.gate_statement import CONTEXT
from ledger.issuer_registry import KeyState
from tests.anchors.gate_cases import Printed, printed
from tests.verifier.gate_world import close_hour, issued, printed_in, scan
from tests.verifier.world import AEO, BILL, CERTIFICATE, ISSUER, World, codes, key_named, outcome
from verifier.axes import Authentic, Usable
from verifier.hours import HourRoot
from verifier.sources import Sources
from verifier.subject import Subject
from verifier.verify import Verifier

VALID, INVALID, OPEN = Authentic.VALID, Authentic.INVALID, Authentic.INDETERMINATE


@pytest.fixture
def world() -> World:
    return World()


def of(world: World, code: GateCode, **question: Any) -> tuple[Authentic, Usable]:
    verdict = scan(world, code.text(), **question)
    return verdict.authentic, verdict.usable


def test_a_genuine_code_is_valid_and_active(world: World) -> None:
    made = printed_in(world)
    verdict = scan(world, made.code.text())
    assert (verdict.authentic, verdict.usable) == (VALID, Usable.ACTIVE)
    assert (verdict.digest, verdict.issuer, verdict.kind) == (made.code.statement.digest, ISSUER, BILL)
    assert verdict.finality is not None
    assert codes(verdict) >= {"form.gate-good", "form.gate-only", "integrity.gate-good", "anchoring.final"}
    assert "integrity.not-presented" not in codes(verdict)


@pytest.mark.parametrize("kind", [BILL, CERTIFICATE, AEO])
def test_every_kind(world: World, kind: str) -> None:
    if kind != BILL:
        world.accredit(kind=kind)
    made = printed_in(world, kind)
    verdict = scan(world, made.code.text())
    assert verdict.authentic is VALID
    assert verdict.usable is Usable.ACTIVE


def test_time_is_the_anchors(world: World) -> None:
    made = printed_in(world)
    retired, compromised = World(), World()
    for one in (retired, compromised):
        again = printed_in(one)
        one.now += 10
        if one is retired:
            one.change_key(KeyState.RETIRED)
        else:
            one.compromise(since=again.code.anchored_at)
        verdict = scan(one, again.code.text())
        assert verdict.authentic is (VALID if one is retired else INVALID)
    world.compromise(since=made.code.anchored_at + 1)
    assert outcome(scan(world, made.code.text()), "issuer.key-compromised-later") == "warn"
    assert of(world, made.code)[0] is VALID


def test_a_key_that_was_retired_before_the_anchor(world: World) -> None:
    world.change_key(KeyState.RETIRED)
    assert of(world, printed_in(world).code)[0] is INVALID


def test_an_issuer_that_is_not_accredited_for_the_kind(world: World) -> None:
    assert of(world, printed_in(world, CERTIFICATE).code)[0] is INVALID


def test_the_key_of_another_issuer_and_one_that_nobody_has(world: World) -> None:
    world.accredit("cn.other")
    made = printed_in(world, issuer="cn.other")
    verdict = scan(world, made.code.text())
    assert (verdict.authentic, outcome(verdict, "issuer.key-of-another")) == (INVALID, "fail")
    made = printed_in(World(), key="nobody")
    verdict = scan(world, made.code.text())
    assert verdict.authentic is not VALID
    assert "issuer.key-unknown" in codes(verdict)


def signed_by_another(made: Printed) -> GateCode:
    """The thief has the statement and a key of his own: he writes the issuer's kid above it."""
    token = made.code.statement.token
    stolen = cose_sign1.sign(token.payload, key_named("thief"), CONTEXT)
    parts = [token.protected, {}, token.payload, stolen.signature]
    import cbor2

    data = deterministic_cbor.encode(cbor2.CBORTag(18, parts))
    return replace(made.code, statement=gate_statement.parse(data))


def test_a_forged_statement_is_invalid(world: World) -> None:
    forged = signed_by_another(printed_in(world))
    verdict = scan(world, forged.text())
    assert (verdict.authentic, outcome(verdict, "integrity.signature")) == (INVALID, "fail")
    assert verdict.usable is Usable.UNKNOWN


def test_the_statement_of_another_document_in_a_genuine_code(world: World) -> None:
    made = printed_in(world)
    _, other = issued(iat=made.code.statement.iat + 1)
    verdict = scan(world, replace(made.code, statement=other).text())
    assert (verdict.authentic, verdict.usable) == (OPEN, Usable.UNKNOWN)
    assert "anchoring.gate-path" in codes(verdict)


@given(data=st.data())
def test_whatever_unsigned_is_changed_is_neither_valid_nor_invalid(data: st.DataObject) -> None:
    """A printer's or a node's fault must not make a forgery of a genuine document, nor a forger's proof a good one."""
    world = World()
    made = printed_in(world)
    code = made.code
    flip = data.draw(st.integers(0, 255))
    wrong = bytes(byte ^ (1 << flip % 8 if at == flip // 8 else 0) for at, byte in enumerate(code.path[0]))
    changed = data.draw(
        st.sampled_from(
            [
                replace(code, index=code.index + 1),
                replace(code, size=code.size - 1),
                replace(code, anchored_at=code.anchored_at + 1),
                replace(code, anchored_at=code.anchored_at + 3_600),
                replace(code, anchored_at=0),
                replace(code, anchored_at=2**63),
                replace(code, hour_index=code.hour_index + 1),
                replace(code, path=(wrong, *code.path[1:])),
                replace(code, path=()),
                replace(code, hour_path=()),
                replace(code, hour_path=(wrong, *code.hour_path[1:])),
            ]
        )
    )
    verdict = scan(world, changed.text())
    assert (verdict.authentic, verdict.usable) == (OPEN, Usable.UNKNOWN)


def test_back_dating_a_stolen_key_leads_nowhere(world: World) -> None:
    """The key is compromised; the thief signs now and states an hour before."""
    genuine = printed_in(world)
    world.compromise(since=genuine.code.anchored_at + 1)
    _, forged = issued(iat=genuine.code.statement.iat)
    backdated = printed(forged, anchored_at=genuine.code.anchored_at)
    assert of(world, backdated.code) == (OPEN, Usable.UNKNOWN)


def test_a_text_that_is_no_code_is_invalid_and_a_newer_one_unknown(world: World) -> None:
    printed_in(world)
    verdict = scan(world, "PS1:NONSENSE")
    assert (verdict.authentic, outcome(verdict, "form.gate-unreadable")) == (INVALID, "fail")
    verdict = scan(world, "PS2:NONSENSE")
    assert (verdict.authentic, outcome(verdict, "form.gate-version")) == (OPEN, "unknown")


def test_a_newer_kind_is_not_known(world: World) -> None:
    made = printed_in(world)
    payload = made.code.statement.token.payload.replace(b"bill-of-lading:1", b"bill-of-lading:9")
    data = cose_sign1.sign(payload, key_named("first"), CONTEXT).data
    verdict = scan(world, replace(made.code, statement=gate_statement.parse(data)).text())
    assert (verdict.authentic, outcome(verdict, "form.kind-unknown")) == (OPEN, "unknown")


def test_before_the_hour_is_closed_nothing_is_said(world: World) -> None:
    _, statement = issued(iat=world.now - 5)
    made = printed(statement, anchored_at=world.now)
    verdict = scan(world, made.code.text())
    assert (verdict.authentic, verdict.usable) == (OPEN, Usable.UNKNOWN)
    assert "anchoring.hour-missing" in codes(verdict)
    close_hour(world, made, cosigned=2)
    verdict = scan(world, made.code.text())
    assert verdict.authentic is OPEN
    assert "anchoring.not-final" in codes(verdict)
    close_hour(world, made)
    assert of(world, made.code) == (VALID, Usable.ACTIVE)


def test_a_final_block_within_the_hour_proves_nothing(world: World) -> None:
    made = printed_in(world)
    root, size = made.hour
    world.hour_roots[made.code.hour] = HourRoot(root, size, world.proof(made.code.anchored_at + 1))
    assert of(world, made.code)[0] is OPEN


def test_the_future_of_the_question(world: World) -> None:
    made = printed_in(world)
    verdict = scan(world, made.code.text(), at=made.code.anchored_at - 1)
    assert (verdict.authentic, verdict.usable) == (OPEN, Usable.PENDING)
    assert "anchoring.later" in codes(verdict)


@pytest.mark.parametrize("part", ["key", "issuer", "accreditation", "authority", "status", "finality", "hour"])
def test_no_fault_of_a_source_makes_it_invalid_or_active(part: str) -> None:
    class Broken(World):
        pass

    def fail(*arguments: object) -> Any:
        raise Unavailable("chain.timeout", "no answer", mend="wait")

    world = Broken()
    made = printed_in(world)
    setattr(world, part, fail)
    verdict = scan(world, made.code.text())
    assert verdict.authentic is (VALID if part == "status" else OPEN)
    assert verdict.usable is not Usable.ACTIVE


def test_a_verifier_without_hours_says_so(world: World) -> None:
    made = printed_in(world)
    verifier = Verifier(Sources(world, world, world.highest_time), clock=lambda: world.now)
    verdict = verifier.verify(Subject.scanned(made.code.text()))
    assert verdict.authentic is OPEN
    [finding] = [one for one in verdict.findings if one.code == "anchoring.unreadable"]
    assert finding.facts["reason"] == "gate.no-hours"


def test_an_hour_is_read_only_for_a_signature_that_is_good(world: World) -> None:
    """Anybody can write any hour into a code: reading one costs a node a hundred calls."""
    asked: list[int] = []
    made = printed_in(world)
    hour = world.hour

    def counted(number: int, block: Block) -> HourRoot | None:
        asked.append(number)
        return hour(number, block)

    world.hour = counted  # type: ignore[method-assign]
    scan(world, signed_by_another(made).text())
    scan(world, replace(made.code, path=()).text())
    assert asked == []
    scan(world, made.code.text())
    assert asked == [made.code.hour]
