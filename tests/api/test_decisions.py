"""`POST /v1/decisions` of a real node: verdicts, contradictions, credit, the rules, the sample, the signature."""

import json
from typing import Any

import pytest

from api.answer_signature import check
from ledger.authority import Purpose
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.api.conftest import Api
from tests.api.consignments import AEO, BILL, CERTIFICATE, DECLARATION, INVOICE, final, statement
from verifier.decision.sampling import commitment, draw_of

HOST, CARRIER = "cn.customs", "cn.eastern-meridian"
Answer = dict[str, Any]


@pytest.fixture(scope="module")
def envelopes(api: Api) -> dict[str, str]:
    return {
        BILL: final(api, BILL, shippingInstructionsReference="decisions"),
        CERTIFICATE: final(api, CERTIFICATE, certificateNumber="DECISION-1"),
        AEO: final(api, AEO, certificateNumber="DECISION-2"),
    }


@pytest.fixture(scope="module")
def customs(api: Api) -> dict[str, str]:
    """The header of the customs that runs the node."""
    tenants = api.node.tenants
    if tenants.get(HOST) is None:
        tenants.create(HOST, [], PrivateKey.generate(Algorithm.X25519).public_key)
    return {"Authorization": f"Bearer {tenants.issue_api_key(HOST)}"}


@pytest.fixture
def whole(envelopes: dict[str, str]) -> list[dict[str, Any]]:
    return [*({"envelope": one} for one in envelopes.values()), statement(DECLARATION), statement(INVOICE)]


def ask(api: Api, documents: list[dict[str, Any]], key: dict[str, str] | None = None, **asked: Any) -> Answer:
    answer = api.http.post("/v1/decisions", json={"documents": documents, **asked}, headers=key or api.key(CARRIER))
    assert answer.status_code == 200, answer.text
    found: Answer = answer.json()
    return found


def not_well(answer: Answer) -> list[tuple[str, str]]:
    return [(one["code"], one["outcome"]) for one in answer["findings"] if one["outcome"] != "pass"]


def test_a_clean_consignment_of_a_recognised_operator(api: Api, whole: list[dict[str, Any]]) -> None:
    answer = ask(api, whole, relying_country="SG")
    assert not_well(answer) == []
    assert answer["recommendation"]["inspection"] in ("none", "sampling")
    assert [one["nature"] for one in answer["documents"]] == ["signed"] * 3 + ["stated"] * 2
    assert [one["verdict"] is None for one in answer["documents"]] == [False] * 3 + [True] * 2
    for text in (answer["recommendation"]["text"], answer["documents"][3]["text"]):
        assert text["zh"]
        assert text["en"]
    assert answer["policy"].keys() == {"name", "version", "sha256"}
    assert answer["as_of"]["block"] > 0


def test_the_answer_is_signed_as_a_whole(api: Api, whole: list[dict[str, Any]]) -> None:
    answer = ask(api, whole)
    key = api.established.keys.service_keys[HOST, Purpose.ANSWERS].public_key
    check(answer, key)
    answer["recommendation"]["inspection"] = "none"
    with pytest.raises(Exception, match=r"answer\.signature"):
        check(answer, key)


def test_a_contradiction_is_shown_with_both_pointers_and_changes_no_verdict(
    api: Api, whole: list[dict[str, Any]]
) -> None:
    usual = ask(api, whole)
    whole[3]["statement"]["containers"][1]["seals"] = ["CUT0000001"]
    answer = ask(api, whole)
    assert not_well(answer) == [("seal.differs", "fail")]
    [finding] = [one for one in answer["findings"] if one["code"] == "seal.differs"]
    assert finding["between"] == [
        {"document": 0, "pointer": "/utilizedTransportEquipments/1/seals/0/number", "nature": "signed"},
        {"document": 3, "pointer": "/containers/1/seals/0", "nature": "stated"},
    ]
    assert "CUT0000001" not in json.dumps(answer)
    assert answer["recommendation"]["decided_by"]["rule"] == "contradiction"
    for one, other in zip(answer["documents"], usual["documents"], strict=True):
        if one["verdict"]:
            assert (one["verdict"]["authentic"], one["verdict"]["usable"]) == (
                other["verdict"]["authentic"],
                other["verdict"]["usable"],
            )


def test_every_rule_says_why_and_what_failed(api: Api, envelopes: dict[str, str]) -> None:
    answer = ask(api, [{"envelope": envelopes[BILL]}])
    rules = {one["rule"]: one for one in answer["recommendation"]["rules"]}
    assert rules["low-risk"]["state"] == "holds"
    assert rules["high-credit"]["state"] == "does-not-hold"
    failed = [one for one in rules["high-credit"]["conditions"] if one["state"] == "does-not-hold"]
    assert {one["fact"] for one in failed} >= {"operator.expected", "documents.kinds"}
    for rule in rules.values():
        assert rule["why"]["zh"]
        assert all(one["text"]["zh"] for one in rule["conditions"])


def test_the_sample_is_told_to_the_customs_that_runs_the_node_only(
    api: Api, envelopes: dict[str, str], customs: dict[str, str]
) -> None:
    documents = [{"envelope": envelopes[BILL]}]
    others = ask(api, documents)["sampling"]
    assert (others["drawn"], others["draw"], others["then"]) == (None, None, None)
    ours = ask(api, documents, customs)["sampling"]
    secret = api.node.custody.sampling_secret()
    [digest] = ours["over"]
    assert ours["draw"] == draw_of(secret, [bytes.fromhex(digest)])
    assert ours["drawn"] is (ours["draw"] < 50_000)
    assert ours["commitment"] == others["commitment"] == commitment(secret).hex()
    assert ask(api, documents, customs)["sampling"] == ours
    assert ask(api, [*documents, statement(INVOICE)], customs)["sampling"]["draw"] == ours["draw"]


def test_customs_own_rules_take_the_place_of_ours(api: Api, envelopes: dict[str, str], customs: dict[str, str]) -> None:
    policy = """
    format = 1
    name = "own"
    version = "7"
    [[rule]]
    name = "household"
    inspection = "sampling"
    percent = 100
    drawn = "document-check"
    when = [{ fact = "goods.chapters", any_of = ["85"] }]
    why.en = "Household goods are looked at this month."
    why.zh = "本月查验家用电器。"
    [[rule]]
    name = "else"
    inspection = "none"
    why.en = "Nothing else is."
    why.zh = "其余免查。"
    """
    answer = ask(api, [{"envelope": envelopes[BILL]}], customs, policy=policy)
    assert answer["recommendation"]["decided_by"]["rule"] == "household"
    assert (answer["sampling"]["drawn"], answer["sampling"]["then"]) == (True, "document-check")
    assert answer["policy"]["version"] == "7"


def test_a_weight_is_judged_by_the_tolerance_of_the_policy(api: Api, envelopes: dict[str, str]) -> None:
    documents = [{"envelope": envelopes[BILL]}, statement(DECLARATION, grossWeight={"value": 18000, "unit": "KGM"})]
    rule = '[[rule]]\nname = "a"\ninspection = "none"\nwhy.en = "."\nwhy.zh = "。"\n'
    head = 'format = 1\nname = "a"\nversion = "1"\n'
    assert not_well(ask(api, documents)) == [("weight.differs", "fail")]
    assert not_well(ask(api, documents, policy=f"{head}[tolerance]\nweight_percent = 2\n{rule}")) == []


def test_as_of_a_time_before_the_anchor(api: Api, whole: list[dict[str, Any]]) -> None:
    answer = ask(api, whole, at="2020-01-01T00:00:00Z")
    assert {one["verdict"]["usable"] for one in answer["documents"] if one["verdict"]} == {"PENDING"}
    assert answer["recommendation"]["inspection"] == "document-check"


def test_a_key_is_needed(api: Api, whole: list[dict[str, Any]]) -> None:
    assert api.http.post("/v1/decisions", json={"documents": whole}).status_code == 401


BAD_KIND = {"kind": "packing-list", "statement": {}}
TWICE = [statement(INVOICE), statement(DECLARATION), statement(INVOICE)]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ([], "decision.body", ""),
        ({}, "decision.body", "/documents"),
        ({"documents": []}, "decision.body", "/documents"),
        ({"documents": [{"envelope": "x"}] * 33}, "decision.body", "/documents"),
        ({"documents": ["eyJ"]}, "decision.body", "/documents/0"),
        ({"documents": [{"envelope": 1}]}, "decision.body", "/documents/0/envelope"),
        ({"documents": [{"envelope": "a", "kind": "b"}]}, "decision.body", "/documents/0"),
        ({"documents": [{"statement": {}}]}, "decision.body", "/documents/0"),
        ({"documents": [BAD_KIND]}, "statement.kind", "/documents/0/kind"),
        ({"documents": [{"kind": INVOICE, "statement": []}]}, "document.schema", "/documents/0/statement"),
        (
            {"documents": [statement(INVOICE, seller={"name": ""})]},
            "document.schema",
            "/documents/0/statement/seller/name",
        ),
        ({"documents": TWICE}, "decision.twice", "/documents/2"),
        ({"documents": [statement(INVOICE)], "surprise": 1}, "decision.body", "/surprise"),
        ({"documents": [statement(INVOICE)], "at": "yesterday"}, "time.form", "/at"),
        ({"documents": [statement(INVOICE)], "relying_country": "Singapore"}, "country.form", "/relying_country"),
        ({"documents": [statement(INVOICE)], "policy": "format = 2"}, "decision-policy.form", "/policy"),
        ({"documents": [statement(INVOICE)], "policy": "["}, "decision-policy.toml", "/policy"),
    ],
)
def test_a_wrong_question_is_a_problem(api: Api, body: Any, code: str, pointer: str) -> None:
    answer = api.http.post("/v1/decisions", json=body, headers=api.key(CARRIER))
    problem = answer.json()
    assert answer.status_code == 422, answer.text
    assert (problem["code"], problem["pointer"]) == (code, pointer)
    assert problem["mend"]


def test_what_is_no_envelope_is_an_invalid_document_and_no_error(api: Api) -> None:
    answer = ask(api, [{"envelope": "not an envelope"}, statement(INVOICE)])
    assert answer["documents"][0]["verdict"]["authentic"] == "INVALID"
    assert answer["recommendation"]["decided_by"]["rule"] == "forged"
