"""Operators over HTTP: status and history, aliases, warnings, benefits; a signed no for who is not known."""

from typing import Any
from urllib.parse import quote

import pytest

from api.operator_code_form import OWN, code_warnings
from api.proofs import check_proofs
from ledger.operator import OperatorState, operator_id
from ledger.recognition import Arrangement, Terms
from ledger.trade_role import TradeRole
from tests.api.conftest import Api
from tests.api.proof_walk import proved
from tests.api.told import ALIAS, CODE, Told, tell

TREATY = "cn.pilot-aeo"


@pytest.fixture(scope="module")
def told(api: Api) -> Told:
    return tell(api)


def ask(told: Told, code: str, authority: str = "cn.customs", more: str = "", **params: str) -> dict[str, Any]:
    found = told.api.http.get(f"/v1/operators/{authority}/{quote(code, safe='')}{more}", params=params)
    assert found.status_code == 200, found.text
    answer: dict[str, Any] = found.json()
    assert answer["signature"]
    return answer


def test_status_with_history_and_aliases(told: Told) -> None:
    answer = ask(told, CODE)
    assert (answer["authorised"], answer["reason"], answer["country"]) == (True, "authorised", "CN")
    assert (answer["tier"], answer["roles"], answer["since"]) == (2, ["exporter"], "2024-07-03T09:46:40Z")
    [alias] = answer["aliases"]
    assert (alias["counterpart"], alias["code"], alias["in_use"]) == ("sg.customs", ALIAS, True)
    assert answer["warnings"] == []


def test_by_the_code_that_a_counterpart_uses(told: Told) -> None:
    answer = ask(told, ALIAS, counterpart="sg.customs")
    assert (answer["code"], answer["authorised"]) == (CODE, True)
    assert answer["asked"] == {"code": ALIAS, "counterpart": "sg.customs"}
    for code, counterpart in ((ALIAS, "kr.customs"), (CODE, "sg.customs")):
        answer = ask(told, code, counterpart=counterpart)
        assert (answer["code"], answer["reason"]) == (None, "operator-unknown")


@pytest.mark.parametrize(
    ("authority", "code"), [("cn.customs", "NOBODY 1"), ("xx.nowhere", CODE), ("sg.customs", CODE)]
)
def test_who_is_not_known_gets_a_signed_no(told: Told, authority: str, code: str) -> None:
    answer = ask(told, code, authority)
    assert (answer["authorised"], answer["reason"], answer["code"]) == (False, "operator-unknown", None)


@pytest.mark.parametrize(("authority", "code"), [("cn.customs", "A" * 65), ("cn.customs", "é"), ("CN", CODE)])
def test_what_is_no_code(told: Told, authority: str, code: str) -> None:
    for more in ("", "/benefits?relying_country=SG"):
        assert told.api.http.get(f"/v1/operators/{authority}/{code}{more}").status_code == 422


def test_times(told: Told) -> None:
    assert ask(told, CODE, at="2024-01-01T00:00:00Z")["reason"] == "operator-not-yet"
    at = "2025-01-01T00:00:00Z"
    assert ask(told, CODE, at=at)["authorised"]
    assert ask(told, CODE, at=at, known_at=at)["reason"] == "operator-unknown"


def test_suspension_and_end_are_told_as_the_contract_tells_them(told: Told) -> None:
    registry, code = told.api.node.registries.operator, "AEOCN26AB0448"

    def both() -> tuple[str, OperatorState]:
        answer = ask(told, code)
        now = told.api.node.chain.head().timestamp
        said = registry.status("cn.customs", operator_id(code), now, now)
        assert answer["state"] == said.state.name.lower()
        return answer["reason"], said.state

    told.by("cn.customs", registry.suspend([operator_id(code)], 2))
    assert both() == ("operator-suspended", OperatorState.SUSPENDED)
    told.by("cn.customs", registry.reinstate([operator_id(code)]))
    assert both() == ("authorised", OperatorState.AUTHORIZED)
    told.by("cn.customs", registry.end([operator_id(code)]))
    assert both() == ("operator-ended", OperatorState.ENDED)


@pytest.mark.parametrize("code", [CODE, "NOBODY", "AEOCN26AB0448"])
def test_proofs(told: Told, code: str) -> None:
    for more, params in (("", {}), ("/benefits", {"relying_country": "SG"})):
        answer = ask(told, code, more=more, proofs="true", **params)
        found = list(proved(answer))
        assert all(slot["value"] == "0x" + value.hex() for _, slot, value in found)
        lengths = [value for name, slot, value in found if slot["variable"] == "_operatorEntries"]
        assert (int.from_bytes(lengths[0]) == 0) == (code == "NOBODY")
        assert check_proofs(answer["proofs"], bytes.fromhex(answer["as_of"]["block_hash"][2:])) >= 4


def test_proof_of_an_alias(told: Told) -> None:
    answer = ask(told, ALIAS, counterpart="sg.customs", proofs="true")
    values = {slot["what"].split(", ")[-1]: value for _, slot, value in proved(answer) if slot["variable"] == "_alias"}
    assert values["operator"] == operator_id(CODE)


def test_benefits_and_which_condition_fails(told: Told) -> None:
    registry = told.api.node.registries.recognition
    if TREATY not in registry.arrangements():
        told.by("cn.customs", registry.propose_arrangement(Arrangement(TREATY, "aeo"), ["SG", "KR"], 1_700_000_000))
        for country in ("sg", "kr"):
            told.by(f"{country}.customs", registry.accept_arrangement(TREATY, 1_700_000_000))
    told.agree(Terms(TREATY, "SG", "CN", TradeRole.EXPORTER, b"\6" * 32, 1_710_000_000))
    told.agree(Terms(TREATY, "KR", "CN", TradeRole.IMPORTER, b"\6" * 32, 1_710_000_001))

    def benefit(code: str, country: str, **params: str) -> dict[str, Any]:
        return ask(told, code, more="/benefits", relying_country=country, **params)

    expected = benefit(CODE, "SG")
    assert (expected["expected"], expected["failing"], expected["operator"]["tier"]) == (True, None, 2)
    assert expected["benefits"]["sha256"] == "06" * 32
    assert expected["recognition"]["terms"]["arrangement"] == TREATY
    assert benefit(ALIAS, "SG", counterpart="sg.customs")["expected"]
    no = {
        "operator-unknown": benefit("NOBODY", "SG"),
        "role-not-covered": benefit(CODE, "KR"),
        "not-agreed": benefit(CODE, "XX"),
        "same-country": benefit(CODE, "CN"),
        "operator-not-yet": benefit(CODE, "SG", at="2024-01-01T00:00:00Z"),
    }
    for failing, answer in no.items():
        assert (answer["expected"], answer["failing"], answer["benefits"]) == (False, failing, None)
    assert benefit("NOBODY", "SG", counterpart="sg.customs")["failing"] == "operator-unknown"


def test_codes_of_unknown_form_only_warn(told: Told) -> None:
    answer = ask(told, "AEOCN1")
    assert [one["code"] for one in answer["warnings"]] == ["operator.code-form"]
    assert answer["warnings"][0]["text"]["zh"]


@pytest.mark.parametrize(
    ("country", "used_by", "code", "warns"),
    [
        ("JP", "cn.customs", "JP12345678901234567", False),
        ("JP", "cn.customs", "JP1234567890123456", True),
        ("SG", "asean", "AEOSG123456789012", False),
        ("SG", "cn.customs", "SG123456789012", False),
        ("CN", "kr.customs", "AEOCN1234567890", False),
        ("CN", "kr.customs", "CN1234567890", True),
        ("PH", "asean", "ABCD-AEO-L2-XYZ/123456789012", False),
        ("VN", OWN, "whatever", False),
        (None, OWN, "whatever", False),
    ],
)
def test_forms_of_codes(country: str | None, used_by: str, code: str, warns: bool) -> None:
    assert bool(code_warnings(country, code, used_by)) == warns
