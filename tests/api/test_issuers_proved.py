"""Who may issue what, at past times and with proofs: what the slots say is what the answer says."""

from typing import Any

import pytest

from contracts.layout import Key
from ledger.account import Account
from ledger.authority import Role
from ledger.identifier import to_bytes32
from ledger.issuer_registry import Limit
from ledger.transaction import submit, submit_all
from tests.api.conftest import Api
from tests.api.proof_walk import proved

CHAMBER, BODY, DESK, KIND = "kr.chamber", "kr.busan-origin", "kr.proof-desk", "certificate-of-origin"
CODE = "agreement.rcep"


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    """A desk under a body, limited to one agreement."""
    registry, own = api.node.issuer_registry, Account.generate()
    chamber = api.established.keys.accounts[CHAMBER, Role.ACT]
    submit_all(
        api.node.chain,
        [(chamber, registry.add_account(BODY, own.address)), (chamber, registry.authorize_body(BODY))],
    )
    calls = (
        registry.add_issuer(DESK, BODY),
        registry.accredit(DESK, [KIND], limits=Limit.AGREEMENT),
        registry.add_scope(DESK, KIND, [CODE]),
    )
    submit_all(api.node.chain, [(own, call) for call in calls])
    return api


def ask(api: Api, path: str, **params: Any) -> dict[str, Any]:
    answer = api.http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def slots(answer: dict[str, Any]) -> dict[tuple[Key, ...], bytes]:
    return {(slot["variable"], *slot["path"]): value for _, slot, value in proved(answer)}


def named(text: str) -> str:
    return "0x" + to_bytes32(text).hex()


def test_the_whole_chain_is_proved(told: Api) -> None:
    answer = ask(told, f"/v1/issuers/{DESK}", proofs="true")
    found = slots(answer)
    assert found["_accreditors", named(DESK)] == to_bytes32(BODY) == to_bytes32(answer["accreditor"])
    assert found["_authorities", named(DESK)] == to_bytes32(CHAMBER) == to_bytes32(answer["authority"])
    (accreditation,) = answer["accreditations"]
    assert (accreditation["accredited"], accreditation["limits"]) == (True, ["agreement"])
    assert accreditation["scope"][0]["code"] == CODE
    for issuer in (DESK, BODY):
        entry = found["_accreditationEntries", named(issuer), named(KIND), 0]
        assert int.from_bytes(entry[-4:]) == 1
    assert int.from_bytes(found["_scopeEntries", named(DESK), named(KIND), named(CODE)]) == 1
    assert int.from_bytes(found["_bodyEntries", named(BODY), 0][-4:]) == 1
    assert any(path[0] == "_memberEntries" for path in found)
    assert any(path[0] == "_authorityEntries" for path in found)


def test_keys_are_proved(told: Api) -> None:
    answer = ask(told, "/v1/issuers/cn.eastern-meridian", proofs="true")
    found = slots(answer)
    assert int.from_bytes(found["_keys", named("cn.eastern-meridian")]) == len(answer["keys"])
    owners = [value for path, value in found.items() if path[0] == "_key" and path[-1] == "issuer"]
    assert owners == [to_bytes32("cn.eastern-meridian")] * len(answer["keys"])


def test_that_an_issuer_was_never_entered_is_proved(told: Api) -> None:
    answer = ask(told, "/v1/issuers/xx.nobody", proofs="true")
    assert answer["state"] == "unknown"
    assert set(slots(answer).values()) == {bytes(32)}
    assert told.http.get("/v1/issuers/xx.nobody").status_code == 404


def test_as_was_known_then(told: Api) -> None:
    registry, chain = told.node.issuer_registry, told.node.chain
    path = f"/v1/issuers/{DESK}"
    block = chain.head()
    submit(chain, told.established.keys.accounts[CHAMBER, Role.ACT], registry.suspend_issuer(DESK, 3))
    suspended = ask(told, path)["entries"][-1]["recorded_at"]
    assert ask(told, path)["state"] == "suspended"
    assert ask(told, path, at=suspended, known_at=block.timestamp)["state"] == "active"
    assert ask(told, path, at=block.timestamp)["state"] == "active"


def test_only_those_asked_for(told: Api) -> None:
    every = ask(told, "/v1/issuers")["issuers"]
    certifying = ask(told, "/v1/issuers", kind=KIND)["issuers"]
    assert certifying == [one for one in every if KIND in one["kinds"]] != every
    assert [one["issuer"] for one in ask(told, "/v1/issuers", accreditor=BODY)["issuers"]] == [DESK]
    assert told.http.get("/v1/issuers", params={"kind": "Bad Id"}).status_code == 422


def test_an_arrangement_is_proved(told: Api) -> None:
    answer = ask(told, "/v1/arrangements/cn.sg-mra", proofs="true")
    found = slots(answer)
    assert int.from_bytes(found["_parties", named("cn.sg-mra")]) == len(answer["parties"]) == 2
    assert found["_arrangement", named("cn.sg-mra"), "programme"] == to_bytes32("aeo")
    for direction in answer["directions"]:
        pair = f"0x{(direction['by'] + direction['of']).encode().hex()}"
        (place,) = [path for path in found if path[0] == "_recognitionEntries" and path[2:] == (pair,)]
        assert int.from_bytes(found[place]) == len(direction["entries"]) == 1


def test_that_an_arrangement_was_never_proposed_is_proved(told: Api) -> None:
    answer = ask(told, "/v1/arrangements/xx.nothing", proofs="true")
    assert answer["state"] == "unknown"
    assert set(slots(answer).values()) == {bytes(32)}
    assert told.http.get("/v1/arrangements/xx.nothing").status_code == 404
