"""QR codes of issuers that are limited to a scope: judged by what the statement says, and never beyond that."""

from typing import Any

import pytest

from ledger import gate_statement
from ledger.envelope import issue
from ledger.errors import Unavailable
from ledger.gate_statement import GateStatement
from ledger.issuer_state import Limit
from ledger.kinds import kind as kind_named
from tests.anchors.gate_cases import printed
from tests.verifier.gate_world import close_hour, scan
from tests.verifier.test_accreditation import BODY, CERTIFICATE, allow, chain_of, evidence_of
from tests.verifier.world import BILL, ISSUER, World, codes, document, key_named
from verifier.axes import Authentic
from verifier.catalogue import CATALOGUE
from verifier.verdict import Verdict

VALID, INVALID, OPEN = Authentic.VALID, Authentic.INVALID, Authentic.INDETERMINATE
NOT_SHOWN, OUTSIDE = "issuer.scope-not-presented", "issuer.out-of-scope"


def statement(world: World, name: str = CERTIFICATE, *scope: str, **members: Any) -> GateStatement:
    stated = {one: value for one, value in (document(name) | members).items() if value is not None}
    envelope = issue(stated, kind_named(name), ISSUER, key_named("first"), iat=world.now - 5)
    return gate_statement.issue(envelope, stated, key_named("first"), scope)


def scanned(world: World, made: GateStatement) -> Verdict:
    one = printed(made, anchored_at=world.now)
    close_hour(world, one)
    return scan(world, one.code.text())


@pytest.mark.parametrize(
    ("name", "limit", "code"),
    [(CERTIFICATE, Limit.AGREEMENT, "agreement.rcep"), (BILL, Limit.PORT, "port.cnnbo")],
)
def test_what_the_fields_say_decides(name: str, limit: Limit, code: str) -> None:
    world = chain_of(name, issuer_limits=limit)
    assert evidence_of(scanned(world, statement(world, name)), OUTSIDE)["code"] == code
    allow(world, code, kind=name)
    assert scanned(world, statement(world, name)).authentic is VALID


def test_a_field_that_was_cut_or_is_not_there_decides_nothing() -> None:
    world = chain_of(CERTIFICATE, issuer_limits=Limit.AGREEMENT)
    allow(world, "agreement.rcep")
    for agreement in (None, "An agreement with a rather long name of its own"):
        verdict = scanned(world, statement(world, agreement=agreement))
        assert (verdict.authentic, NOT_SHOWN in codes(verdict)) == (OPEN, True)


def test_what_it_lies_within_decides_where_all_of_that_is_in_scope() -> None:
    world = chain_of(CERTIFICATE, issuer_limits=Limit.HS_CHAPTER | Limit.PORT)
    allow(world, "hs.84", "hs.85", "port.cnnbo")
    assert scanned(world, statement(world, CERTIFICATE, "hs.84", "hs.85", "port.cnnbo")).authentic is VALID
    assert scanned(world, statement(world, CERTIFICATE, "hs.85", "port.cnnbo")).authentic is VALID
    for scope in ((), ("hs.84", "hs.85"), ("port.cnnbo",)):
        verdict = scanned(world, statement(world, CERTIFICATE, *scope))
        assert (verdict.authentic, NOT_SHOWN in codes(verdict)) == (OPEN, True), scope


def test_a_code_that_is_not_in_scope_asks_for_the_document_and_never_fails() -> None:
    """The document may lie in the rest: that is not the QR code's to say."""
    world = chain_of(CERTIFICATE, issuer_limits=Limit.HS_CHAPTER)
    allow(world, "hs.85")
    verdict = scanned(world, statement(world, CERTIFICATE, "hs.84", "hs.85"))
    assert verdict.authentic is OPEN
    assert evidence_of(verdict, NOT_SHOWN)["code"] == "hs.84"
    assert OUTSIDE not in codes(verdict)


def test_it_counts_as_of_the_anchor() -> None:
    world = chain_of(CERTIFICATE, issuer_limits=Limit.HS_CHAPTER)
    allow(world, "hs.85")
    one = printed(statement(world, CERTIFICATE, "hs.85"), anchored_at=world.now)
    world.now += 100
    world.record("scope", ISSUER, CERTIFICATE, "hs.85", code=0)
    close_hour(world, one)
    assert scan(world, one.code.text()).authentic is VALID
    assert scanned(world, statement(world, CERTIFICATE, "hs.85")).authentic is OPEN


def test_every_limited_link_of_the_chain_counts() -> None:
    world = chain_of(CERTIFICATE, issuer_limits=Limit.HS_CHAPTER, body_limits=Limit.HS_CHAPTER)
    allow(world, "hs.85")
    verdict = scanned(world, statement(world, CERTIFICATE, "hs.85"))
    assert (verdict.authentic, evidence_of(verdict, NOT_SHOWN)["link"]) == (OPEN, BODY)
    allow(world, "hs.85", link=BODY)
    assert scanned(world, statement(world, CERTIFICATE, "hs.85")).authentic is VALID


def test_a_limit_that_nothing_in_the_kind_can_decide_is_as_for_the_envelope() -> None:
    world = chain_of(BILL, issuer_limits=Limit.AGREEMENT)
    verdict = scanned(world, statement(world, BILL))
    assert verdict.authentic is INVALID
    assert "issuer.scope-not-stated" in codes(verdict)


def test_a_registry_that_cannot_be_read_is_unknown() -> None:
    world = chain_of(CERTIFICATE, issuer_limits=Limit.HS_CHAPTER)
    allow(world, "hs.85")

    def broken(*_: object) -> Any:
        raise Unavailable("chain.timeout", "no answer")

    world.scope = broken  # type: ignore[method-assign]
    assert scanned(world, statement(world, CERTIFICATE, "hs.85")).authentic is OPEN


def test_the_remedy_says_what_the_officer_does() -> None:
    entry = CATALOGUE[NOT_SHOWN]
    assert "envelope itself" in entry.remedy_en
    assert "信封文件" in entry.remedy_zh
