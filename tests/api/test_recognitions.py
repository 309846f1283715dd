"""Who recognises whom, over HTTP: yes, every no with its reason, at past times, with proofs; matrix; arrangements."""

from typing import Any

import pytest

from api.proofs import check_proofs
from ledger.authority import Purpose
from ledger.errors import Invalid
from tests.api.conftest import Api
from tests.api.proof_walk import proved
from tests.api.told import BENEFITS, PROGRAMME, TREATY, Told, direction, tell


@pytest.fixture(scope="module")
def told(api: Api) -> Told:
    return tell(api)


def ask(told: Told, by: str, of: str, programme: str = PROGRAMME, **params: str) -> dict[str, Any]:
    found = told.api.http.get("/v1/recognitions", params={"by": by, "of": of, "programme": programme, **params})
    assert found.status_code == 200, found.text
    answer: dict[str, Any] = found.json()
    return answer


def test_yes_with_terms_and_block(told: Told) -> None:
    answer = ask(told, "CN", "SG")
    assert (answer["recognised"], answer["reason"], answer["state"]) == (True, "in-effect", "in-effect")
    assert answer["terms"]["arrangement"] == TREATY
    assert answer["terms"]["benefits"]["sha256"] == BENEFITS.hex()
    assert answer["terms"]["benefits"]["cid"].startswith("bafkrei")
    assert answer["since"] == "2024-03-09T16:00:00Z"
    assert answer["sentence"]["zh"]
    block = told.api.node.chain.block(answer["as_of"]["block"])
    assert block is not None
    assert answer["as_of"]["block_hash"] == "0x" + block.hash.hex()
    assert answer["as_of"]["chain_id"] == told.api.node.chain.chain_id


@pytest.mark.parametrize(
    ("by", "of", "programme", "reason"),
    [
        ("CN", "KR", PROGRAMME, "signed-not-in-effect"),
        ("KR", "CN", PROGRAMME, "signed-not-in-effect"),
        ("SG", "KR", PROGRAMME, "signed-not-in-effect"),
        ("SG", "JP", PROGRAMME, "not-agreed"),
        ("CN", "CN", PROGRAMME, "same-country"),
        ("XX", "QQ", PROGRAMME, "not-agreed"),
        ("CN", "SG", "no-such-programme", "not-agreed"),
    ],
)
def test_no_with_its_reason(told: Told, by: str, of: str, programme: str, reason: str) -> None:
    """Singapore recognises China, and Korea has signed with both: nothing follows from that."""
    answer = ask(told, by, of, programme)
    assert (answer["recognised"], answer["reason"], answer["state"]) == (False, reason, "none")


def test_times(told: Told) -> None:
    assert ask(told, "CN", "SG", at="2024-01-01T00:00:00Z")["reason"] == "not-yet"
    # Agreed for a time that lies before the registry: then, nobody could know it here.
    then = ask(told, "CN", "SG", at="2024-06-01T00:00:00Z")
    assert then["recognised"]
    known_then = ask(told, "CN", "SG", at="2024-06-01T00:00:00Z", known_at="2024-06-01T00:00:00Z")
    assert (known_then["recognised"], known_then["as_of"]["known_at"]) == (False, "2024-06-01T00:00:00Z")


def test_a_suspension_is_seen_in_the_next_block(told: Told) -> None:
    registry = told.api.node.registries.recognition
    before = ask(told, "CN", "SG")["as_of"]["block_time"]
    told.by("sg.customs", registry.suspend([direction("CN", "SG")], 4))
    answer = ask(told, "CN", "SG")
    assert (answer["recognised"], answer["reason"], answer["who"]) == (False, "suspended", ["SG"])
    assert answer["suspensions"]["SG"][0]["detail"] == 4
    assert ask(told, "CN", "SG", at=before)["recognised"]
    told.by("sg.customs", registry.resume([direction("CN", "SG")]))
    assert ask(told, "CN", "SG")["recognised"]


def test_the_matrix_is_every_single_answer(told: Told) -> None:
    matrix = told.api.http.get("/v1/recognitions/matrix", params={"programme": PROGRAMME}).json()
    cells = {(cell["by"], cell["of"]): cell for cell in matrix["recognitions"]}
    assert len(cells) == len(matrix["countries"]) ** 2
    assert {"CN", "SG", "KR", "JP"} <= set(matrix["countries"])
    assert {pair for pair, cell in cells.items() if cell["recognised"]} == {("CN", "SG"), ("SG", "CN")}
    for by, of in (("CN", "SG"), ("CN", "KR"), ("JP", "CN"), ("KR", "KR")):
        assert cells[by, of].items() <= ask(told, by, of).items()


@pytest.mark.parametrize(
    "params",
    [
        {"by": "cn", "of": "SG", "programme": "aeo"},
        {"by": "CN", "of": "SGP", "programme": "aeo"},
        {"by": "CN", "of": "SG", "programme": "A E O"},
        {"by": "CN", "of": "SG"},
        {"by": "CN", "of": "SG", "programme": "aeo", "at": "yesterday"},
        {"by": "CN", "of": "SG", "programme": "aeo", "proofs": "perhaps"},
    ],
)
def test_what_cannot_be_asked(told: Told, params: dict[str, str]) -> None:
    for path in ("/v1/recognitions", "/v1/recognitions/matrix"):
        answer = told.api.http.get(path, params=params)
        assert answer.status_code == (
            200 if path.endswith("matrix") and params.get("programme") == "aeo" and "at" not in params else 422
        )


def test_arrangements(told: Told) -> None:
    listed = told.api.http.get("/v1/arrangements", params={"programme": PROGRAMME}).json()["arrangements"]
    assert [one["arrangement"] for one in listed] == [TREATY]
    assert {one["country"]: one["state"] for one in listed[0]["parties"]} == dict.fromkeys(("CN", "SG", "KR"), "party")
    one = told.api.http.get(f"/v1/arrangements/{TREATY}").json()
    assert {(found["by"], found["of"]) for found in one["directions"]} == {("CN", "SG"), ("SG", "CN")}
    assert [entry["code"] for entry in one["history"]["KR"]] == [2, 1]
    before = told.api.http.get(f"/v1/arrangements/{TREATY}", params={"at": "2020-01-01T00:00:00Z"}).json()
    assert {one["state"] for one in before["parties"]} == {"not-yet"}
    assert told.api.http.get("/v1/arrangements/cn.nothing").status_code == 404


# --- proofs


@pytest.mark.parametrize(
    ("by", "of", "least"),
    [("CN", "SG", 12), ("CN", "KR", 6), ("JP", "KR", 6), ("XX", "QQ", 3), ("CN", "CN", 1)],
)
def test_every_answer_is_proved_by_a_walk_of_its_own(told: Told, by: str, of: str, least: int) -> None:
    answer = ask(told, by, of, proofs="true")
    found = list(proved(answer))
    assert len(found) >= least
    addresses = {name: one.address for name, one in told.api.node.network.contracts.items()}
    assert all(one["address"] == addresses[one["contract"]] for one in answer["proofs"]["contracts"])
    empty = [slot for _, slot, value in found if not any(value)]
    if not answer["recognised"]:
        # That nothing was ever agreed is the absence of a length.
        assert any(slot["variable"] == "_recognitionEntries" and not int(slot["value"], 16) for slot in empty)
    assert check_proofs(answer["proofs"], bytes.fromhex(answer["as_of"]["block_hash"][2:])) == len(
        {(name, slot["slot"]) for name, slot, _ in found}
    )


@pytest.mark.parametrize("of", ["SG", "KR"])
def test_what_was_tampered_with_proves_nothing(told: Told, of: str) -> None:
    answer = ask(told, "CN", of, proofs="true")
    block_hash = bytes.fromhex(answer["as_of"]["block_hash"][2:])
    assert check_proofs(answer["proofs"], block_hash)
    [contract, *_] = answer["proofs"]["contracts"]
    slot = contract["slots"][0]
    for place, member, value in (
        (slot, "value", "0x" + (int(slot["value"], 16) ^ 1).to_bytes(32).hex()),
        (slot, "slot", f"0x{int(slot['slot'], 16) ^ 1:064x}"),
        (slot, "proof", slot["proof"][:-1]),
        (contract, "storage_root", "0x" + "11" * 32),
        (contract, "address", told.api.node.registries.issuer.contract.address),
        (contract, "proof", []),
        (answer["proofs"], "header", answer["proofs"]["header"][:-2] + "00"),
        (answer["proofs"], "header", "0x"),
        (answer["proofs"], "contracts", [{}]),
    ):
        kept, place[member] = place[member], value
        with pytest.raises(Invalid):
            check_proofs(answer["proofs"], block_hash)
        place[member] = kept
    with pytest.raises(Invalid, match="header"):
        check_proofs(answer["proofs"], bytes(32))


def test_the_answers_key_is_the_registrys(told: Told) -> None:
    registry = told.api.node.registries.authority
    assert ask(told, "CN", "SG")["answered_by"] == "cn.customs"
    assert told.api.node.custody.answers_key().public_key.thumbprint in registry.service_keys(
        "cn.customs", Purpose.ANSWERS
    )
