"""The form of finality in a network file."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Invalid
from ledger.finality.form import Checkpoint, Clique, Form, Qbft, from_json, to_json
from ledger.finality.validator_sets import ValidatorRange, ValidatorSets
from tests.ledger.code_of import code_of
from tests.ledger.sealed_headers import sealers

A, B = (one.address for one in sealers(2))
FORMS: list[tuple[Form, dict[str, Any]]] = [
    (Checkpoint(), {"form": "checkpoint"}),
    (Clique((A, B)), {"form": "clique", "signers": [A, B]}),
    (
        Qbft(ValidatorSets((ValidatorRange(0, (A,)), ValidatorRange(9, (B, A))))),
        {"form": "qbft", "validators": [{"from": 0, "validators": [A]}, {"from": 9, "validators": [B, A]}]},
    ),
]


@pytest.mark.parametrize(("form", "written"), FORMS)
def test_there_and_back(form: Form, written: dict[str, Any]) -> None:
    assert to_json(form) == written
    assert json.loads(json.dumps(to_json(form))) == written
    assert from_json(written) == form
    assert form.name == written["form"]


def qbft(*ranges: object) -> dict[str, object]:
    return {"form": "qbft", "validators": list(ranges)}


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        (None, ""),
        ("checkpoint", ""),
        ([], ""),
        ({}, ""),
        ({"form": "ibft"}, ""),
        ({"form": ["checkpoint"]}, ""),
        ({"form": "checkpoint", "signers": []}, ""),
        ({"form": "clique"}, ""),
        ({"form": "clique", "signers": [A], "validators": []}, ""),
        ({"form": "clique", "signers": A}, "/signers"),
        ({"form": "clique", "signers": []}, "/signers"),
        ({"form": "clique", "signers": [A, A]}, "/signers/1"),
        ({"form": "clique", "signers": [A.lower()]}, "/signers/0"),
        ({"form": "clique", "signers": [A[2:]]}, "/signers/0"),
        ({"form": "clique", "signers": [A, 7]}, "/signers/1"),
        ({"form": "qbft"}, ""),
        ({"form": "qbft", "validators": {"from": 0}}, "/validators"),
        (qbft(), "/validators"),
        (qbft([]), "/validators/0"),
        (qbft({"from": 0}), "/validators/0"),
        (qbft({"from": -1, "validators": [A]}), "/validators/0"),
        (qbft({"from": False, "validators": [A]}), "/validators/0"),
        (qbft({"from": 0.0, "validators": [A]}), "/validators/0"),
        (qbft({"from": "0", "validators": [A]}), "/validators/0"),
        (qbft({"from": 0, "validators": [A], "to": 9}), "/validators/0"),
        (qbft({"from": 0, "validators": []}), "/validators/0/validators"),
        (qbft({"from": 0, "validators": [A]}, {"from": 4, "validators": [B, B]}), "/validators/1/validators/1"),
        (qbft({"from": 4, "validators": [A]}, {"from": 4, "validators": [B]}), "/validators"),
        (qbft({"from": 4, "validators": [A]}, {"from": 3, "validators": [B]}), "/validators"),
    ],
)
def test_what_is_no_form(value: object, pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        from_json(value, "/finality")
    assert (caught.value.code, caught.value.pointer) == ("network.form", f"/finality{pointer}")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.sampled_from(["checkpoint", "clique", "qbft", A, B, ""]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["form", "signers", "validators", "from"]), inner, max_size=4)
        ),
        max_leaves=10,
    )
)
def test_any_json(value: Any) -> None:
    if code_of(from_json, value) is None:
        assert to_json(from_json(value)) == value
    else:
        assert code_of(from_json, value) == "network.form"
