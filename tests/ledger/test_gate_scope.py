"""What a gate statement says of scopes: by its fields exactly, and besides which codes its document has none."""

from typing import Any

import pytest

from ledger import gate_statement
from ledger.envelope import issue
from ledger.gate_statement import MAX_BYTES, MOST_CODES, GateStatement
from ledger.issuer_state import Limit
from ledger.kinds import kind
from ledger.scope import Statement, is_code, lies_within, scope_of, scope_of_gate
from tests.ledger.code_of import code_of
from tests.ledger.largest_documents import LARGEST, LONGEST_ISSUER
from tests.ledger.test_gate_statement import IAT, KEY, beside, sample, signed

BILL, CERTIFICATE = "bill-of-lading", "certificate-of-origin"


def stated(name: str, **members: Any) -> dict[str, Any]:
    return {one: value for one, value in (sample(name) | members).items() if value is not None}


def made(name: str, *scope: str, **members: Any) -> GateStatement:
    document = stated(name, **members)
    envelope = issue(document, kind(name), "cn.origin", KEY, iat=IAT)
    statement = gate_statement.issue(envelope, document, KEY, scope)
    gate_statement.check_beside(statement, envelope, document, KEY.public_key)
    return statement


def test_the_scope_is_read_as_it_was_made() -> None:
    statement = made(CERTIFICATE, "hs.85", "hs.84", "port.cnnbo", "hs.84")
    assert statement.scope == ("hs.84", "hs.85", "port.cnnbo")
    assert gate_statement.parse(statement.data) == statement
    assert made(CERTIFICATE).scope == ()


def test_it_says_nothing_of_the_document_but_that_it_lies_within() -> None:
    """The same codes whatever the document has of them: those that the registry says of the issuer anyway."""
    narrow = stated(CERTIFICATE)["items"][:1]
    wide = [{**narrow[0], "itemNumber": number, "hsCode": code} for number, code in ((1, "8501.10"), (2, "8407.21"))]
    codes = ("hs.84", "hs.85")
    assert made(CERTIFICATE, *codes, items=narrow).scope == made(CERTIFICATE, *codes, items=wide).scope == codes


@pytest.mark.parametrize(
    ("name", "scope"), [(CERTIFICATE, ("hs.84",)), (CERTIFICATE, ("hs.84", "port.sgsin")), (BILL, ("hs.01",))]
)
def test_a_document_outside_gets_no_such_statement(name: str, scope: tuple[str, ...]) -> None:
    assert code_of(lambda: made(name, *scope)) == "gate.scope"


def test_a_document_that_does_not_say_it_is_outside() -> None:
    document = stated(CERTIFICATE, transport=None)
    assert not lies_within(CERTIFICATE, document, ["port.cnnbo"])
    assert code_of(lambda: made(CERTIFICATE, "port.cnnbo", transport=None)) == "gate.scope"


def test_what_the_fields_say_is_not_said_again() -> None:
    assert made(CERTIFICATE, "agreement.rcep", "agreement.cptpp").scope == ()
    assert made(BILL, "port.sgsin").scope == ()
    assert made(CERTIFICATE, "agreement.rcep", "hs.85").scope == ("hs.85",)


def test_beside_an_envelope_that_lies_outside_it_is_refused() -> None:
    """A signer that is not ours says what it likes; registering it does not work."""
    envelope, statement = beside(CERTIFICATE)
    document = sample(CERTIFICATE)
    for codes, code in ((["hs.85"], ""), (["hs.84", "hs.85"], ""), (["hs.84"], "gate.scope"), (["port.cnnbo"], "")):
        found = gate_statement.parse(signed(statement, _8=codes))
        assert (
            code_of(lambda found=found: gate_statement.check_beside(found, envelope, document, KEY.public_key)) or ""
        ) == code


@pytest.mark.parametrize(
    "scope",
    [
        [],
        ["hs.85", "hs.84"],
        ["hs.85", "hs.85"],
        [f"hs.{n:02}" for n in range(MOST_CODES + 1)],
        ["hs."],
        ["85"],
        ["chapter.85"],
        ["hs.85 "],
        ["HS.85"],
        ["hs." + "8" * 40],
        [85],
        "hs.85",
        {"hs.85": 1},
    ],
)
def test_scopes_that_are_none(scope: Any) -> None:
    _, statement = beside(CERTIFICATE)
    assert code_of(gate_statement.parse, signed(statement, _8=scope)) in ("gate.claims", "gate.form", "gate.size")


@pytest.mark.parametrize("name", [BILL, CERTIFICATE])
def test_the_largest_statement_has_room_for_so_many_chapters(name: str) -> None:
    document = LARGEST[name]
    every = sorted({code for one in scope_of(name, document).values() for code in one.codes if code.startswith("hs.")})
    codes = [*every, *(f"hs.{n:02}" for n in range(1, 97) if f"hs.{n:02}" not in every)][:MOST_CODES]
    envelope = issue(document, kind(name), LONGEST_ISSUER, KEY, iat=2**53 - 2, expires=2**53 - 1)
    assert len(gate_statement.issue(envelope, document, KEY, codes).data) <= MAX_BYTES - 10  # with `nbf` besides


# --- what a verifier makes of it


def test_fields_that_decide_and_those_that_are_missing() -> None:
    said = scope_of_gate(CERTIFICATE, {"agreement": "RCEP"}, ["hs.85"])
    assert said[Limit.AGREEMENT] == Statement("/agreement", ("agreement.rcep",), complete=True)
    assert said[Limit.HS_CHAPTER] == Statement("/items", unsaid=True, within=("hs.85",))
    assert said[Limit.PORT] == Statement("/transport/portOfLoading", unsaid=True)
    bill = scope_of_gate(BILL, {"portOfLoading": "CNNBO"}, [])
    assert bill[Limit.PORT].codes == ("port.cnnbo",)
    # Nothing in a bill can decide about an agreement, as for the envelope itself.
    assert bill[Limit.AGREEMENT] == scope_of(BILL, sample(BILL))[Limit.AGREEMENT] == Statement()
    for fields in ({}, {"agreement": "A very long name of a tr…"}, {"agreement": 7}):
        assert scope_of_gate(CERTIFICATE, fields, [])[Limit.AGREEMENT].unsaid


@pytest.mark.parametrize("name", [BILL, CERTIFICATE])
def test_the_fields_say_what_the_document_says(name: str) -> None:
    fields = {field.name: field.read(sample(name)) for field in kind(name).gate}
    whole, said = scope_of(name, sample(name)), scope_of_gate(name, fields, [])
    for limit in Limit:
        assert said[limit].unsaid or said[limit] == whole[limit]


def test_codes() -> None:
    assert all(map(is_code, ("hs.84", "agreement.rcep", "port.cnnbo")))
    assert not any(map(is_code, ("", "hs", "hs.", ".84", "hs.84.", "Hs.84", "role.84", "hs.8 4")))
