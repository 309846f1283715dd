"""Gate statements: made beside an envelope, and refused beside any other."""

import copy
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.demonstration.samples import sample
from ledger import cose_sign1, gate_statement
from ledger.envelope import Envelope, issue, verify
from ledger.gate_statement import CONTEXT, MAX_BYTES, GateStatement
from ledger.jwk import Algorithm
from ledger.kinds import KINDS, kind
from ledger.kinds.gate_field import cut
from ledger.private_key import PrivateKey
from tests.ledger.code_of import code_of
from tests.ledger.largest_documents import LARGEST, LONGEST_ISSUER

IAT = 1_790_000_000
KEYS = [PrivateKey.generate(Algorithm.ES256), PrivateKey.generate(Algorithm.ED25519)]
KEY = KEYS[0]
BILL = sample("bill-of-lading")


def beside(name: str = "bill-of-lading", key: PrivateKey = KEY, **claims: Any) -> tuple[Envelope, GateStatement]:
    document = claims.pop("document", None) or sample(name)
    envelope = issue(document, kind(name), "cn.carrier", key, iat=claims.pop("iat", IAT), **claims)
    return envelope, gate_statement.issue(envelope, document, key)


def signed(statement: GateStatement, key: PrivateKey = KEY, **changes: Any) -> bytes:
    """The same with other labels, signed by the issuer all the same; None takes one away."""
    stated = cbor2.loads(statement.token.payload)
    stated |= {int(label[1:]): value for label, value in changes.items()}
    stated = {label: value for label, value in stated.items() if value is not None}
    return cose_sign1.sign(cbor2.dumps(stated, canonical=True), key, CONTEXT).data


@pytest.mark.parametrize("key", KEYS, ids=["ES256", "Ed25519"])
@pytest.mark.parametrize("name", KINDS)
def test_what_is_made_is_read_and_believed(name: str, key: PrivateKey) -> None:
    envelope, statement = beside(name, key)
    read = gate_statement.parse(statement.data)
    assert read == statement
    assert (read.digest, read.issuer, read.kind.name, read.kid) == (envelope.digest, "cn.carrier", name, envelope.kid)
    assert (read.iat, read.exp, read.nbf) == (envelope.iat, envelope.exp, envelope.nbf)
    document = verify(envelope, key.public_key).document
    gate_statement.check_beside(read, envelope, document, key.public_key)
    assert read.named()["number"] == envelope.kind.number(document)


def test_it_says_what_a_gate_needs_of_a_bill() -> None:
    assert beside()[1].named() == {
        "number": "EMLNNBO26104417",
        "type": "BOL",
        "isToOrder": True,
        "carrierCode": "EMLN",
        "issueDate": BILL["issueDate"],
        "shippedOnBoardDate": BILL["shippedOnBoardDate"],
        "portOfLoading": "CNNBO",
        "portOfDischarge": "SGSIN",
        "containers": ["EMLU4821060", "EMLU7369519"],
        "containerCount": 2,
    }


@pytest.mark.parametrize("name", KINDS)
def test_nothing_that_can_be_withheld_is_said(name: str) -> None:
    """Taking every group away changes no field."""
    document = copy.deepcopy(sample(name))
    for group in kind(name).groups:
        *above, last = group.strip("/").split("/")
        holder = document
        for step in above:
            holder = holder.get(step, {})
        holder.pop(last, None)
    assert kind(name).gate_fields(document) == kind(name).gate_fields(sample(name))


def test_labels_and_names_stand_once() -> None:
    for one in KINDS.values():
        assert [field.label for field in one.gate] == list(range(1, len(one.gate) + 1))
        assert len({field.name for field in one.gate}) == len(one.gate)


@pytest.mark.parametrize("name", KINDS)
def test_the_largest_statement_is_within_the_limit(name: str) -> None:
    document = LARGEST[name]
    kind(name).validate(document)
    envelope = issue(document, kind(name), LONGEST_ISSUER, KEY, iat=2**53 - 2, expires=2**53 - 1)
    assert len(gate_statement.issue(envelope, document, KEY).data) <= MAX_BYTES - 10  # with `nbf` besides


@given(st.text(max_size=60), st.integers(3, 60))
def test_a_cut_text_fits_and_shows_that_it_is_cut(text: str, most: int) -> None:
    found = cut(text, most)
    assert len(found.encode()) <= most
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


def test_many_containers_are_cut_and_counted() -> None:
    equipment = BILL["utilizedTransportEquipments"][0]
    document = BILL | {"utilizedTransportEquipments": [equipment] * 40}
    fields = beside(document=document)[1].named()
    assert fields["containerCount"] == 40
    assert fields["containers"] == ["EMLU4821060"] * 6


def test_it_is_refused_beside_another_document_issuer_kind_or_date() -> None:
    envelope, statement = beside()
    other, _ = beside(iat=IAT + 1)
    cases = {
        "gate.document": (statement, other),
        "gate.issuer": (gate_statement.parse(signed(statement, _1="cn.other")), envelope),
        "gate.kind": (gate_statement.parse(signed(statement, _2="certificate-of-origin:1")), envelope),
        "gate.dates": (gate_statement.parse(signed(statement, _6=IAT - 1)), envelope),
    }
    found = {
        code: code_of(gate_statement.check_beside, one, of, BILL, KEY.public_key) for code, (one, of) in cases.items()
    }
    assert found == {code: code for code in cases}
    for added in (signed(statement, _4=IAT + 9), signed(statement, _5=IAT)):
        check = (gate_statement.parse(added), envelope, BILL, KEY.public_key)
        assert code_of(gate_statement.check_beside, *check) == "gate.dates"


def test_it_says_nothing_else_than_the_document() -> None:
    envelope, statement = beside()
    fields = dict(statement.fields)
    for label, value, code in [
        (1, "EMLNNBO26104418", "gate.fields"),
        (3, 1, "gate.fields"),
        (9, ["EMLU4821060"], "gate.fields"),
        (10, True, "gate.fields"),
        (31, "more", "gate.fields"),
    ]:
        changed = gate_statement.parse(signed(statement, _7=fields | {label: value}))
        assert code_of(gate_statement.check_beside, changed, envelope, BILL, KEY.public_key) == code
    less = gate_statement.parse(signed(statement, _7={1: fields[1]}))
    gate_statement.check_beside(less, envelope, BILL, KEY.public_key)


def test_another_signature_is_refused() -> None:
    envelope, statement = beside()
    other = gate_statement.parse(signed(statement, KEYS[1]))
    assert code_of(gate_statement.check_beside, other, envelope, BILL, KEY.public_key) == "gate.key"


@pytest.mark.parametrize(
    "changes",
    [
        {"_1": None},
        {"_3": None},
        {"_6": None},
        {"_7": None},
        {"_8": 1},
        {"_1": "CN.CARRIER"},
        {"_1": 7},
        {"_2": "bill-of-lading"},
        {"_2": 1},
        {"_3": bytes(31)},
        {"_3": "x" * 32},
        {"_6": -1},
        {"_6": True},
        {"_6": 2**53},
        {"_6": 1.5},
        {"_4": "soon"},
        {"_7": []},
        {"_7": {"number": "x"}},
        {"_7": {0: "x"}},
        {"_7": {True: "x"}},
        {"_7": {1: b"x"}},
        {"_7": {1: 1.5}},
        {"_7": {1: -1}},
        {"_7": {1: []}},
        {"_7": {1: [1]}},
        {"_7": {1: {}}},
    ],
)
def test_what_no_statement_can_be_is_refused(changes: dict[str, Any]) -> None:
    assert code_of(gate_statement.parse, signed(beside()[1], **changes)) == "gate.claims"


def test_size_is_bounded_before_anything_is_read() -> None:
    statement = beside()[1]
    long = signed(statement, _7=dict.fromkeys(range(1, 8), "x" * 60))
    assert code_of(gate_statement.parse, long) == "gate.size"
    assert code_of(gate_statement.parse, bytes(MAX_BYTES + 1)) == "gate.size"


def test_a_field_that_the_kind_does_not_have_has_no_name() -> None:
    statement = gate_statement.parse(signed(beside()[1], _7={30: "x"}))
    assert code_of(statement.named) == "gate.fields"


def test_a_newer_kind_is_read_and_has_no_names() -> None:
    statement = gate_statement.parse(signed(beside()[1], _2="bill-of-lading:2"))
    assert code_of(statement.named) == "kind.unknown"


@given(st.data())
def test_no_changed_byte_is_believed(data: st.DataObject) -> None:
    envelope, statement = beside()
    changed = bytearray(statement.data)
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))

    def believe() -> None:
        gate_statement.check_beside(gate_statement.parse(bytes(changed)), envelope, BILL, KEY.public_key)

    assert str(code_of(believe)).startswith("gate.")
