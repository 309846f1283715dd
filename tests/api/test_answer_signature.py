"""Answers are signed by the `answers` key of the authority that runs the node, and any change is found out."""

from typing import Any

import pytest

from api.answer_signature import check, sign, stated_kid
from ledger import base64url
from ledger.canonical import canonicalize
from ledger.errors import Invalid
from ledger.jwk import Algorithm, PublicKey
from ledger.jws import sign_statement
from ledger.private_key import PrivateKey
from ledger.signer import verify_signature
from tests.api.conftest import Api
from tests.api.told import CODE, PROGRAMME, TREATY, Told, tell

PATHS = (
    "/v1/issuers",
    "/v1/issuers/cn.ningbo-origin",
    "/v1/authorities",
    "/v1/authorities/cn.customs",
    f"/v1/recognitions?by=CN&of=SG&programme={PROGRAMME}",
    f"/v1/recognitions?by=CN&of=JP&programme={PROGRAMME}&proofs=true",
    f"/v1/recognitions/matrix?programme={PROGRAMME}",
    "/v1/arrangements",
    f"/v1/arrangements/{TREATY}",
    f"/v1/operators/cn.customs/{CODE}",
    "/v1/operators/cn.customs/NOBODY?proofs=true",
    f"/v1/operators/cn.customs/{CODE}/benefits?relying_country=SG",
)


@pytest.fixture(scope="module")
def told(api: Api) -> Told:
    return tell(api)


@pytest.fixture(scope="module")
def key(told: Told) -> PublicKey:
    """The key as an answer of the node states it."""
    authority = told.api.http.get("/v1/authorities/cn.customs").json()
    [found] = [one for one in authority["service_keys"] if one["purpose"] == "answers"]
    return PublicKey.from_jwk(found["jwk"])


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_signed_and_states_its_block(told: Told, key: PublicKey, path: str) -> None:
    answer = told.api.http.get(path).json()
    check(answer, key)
    assert stated_kid(answer) == key.kid
    assert answer["answered_by"] == "cn.customs"
    stated = answer["as_of"]
    assert (stated["chain_id"], len(stated["block_hash"])) == (told.api.node.chain.chain_id, 66)
    assert stated["block_time"] <= stated["known_at"]


def test_the_signature_by_hand(told: Told, key: PublicKey) -> None:
    answer = told.api.http.get(PATHS[4]).json()
    header, empty, signature = answer.pop("signature").split(".")
    assert empty == ""
    signed = f"{header}.{base64url.encode(canonicalize(answer))}".encode()
    assert verify_signature(key, signed, base64url.decode(signature))


def test_a_kept_answer_is_the_same_answer(told: Told) -> None:
    pinned = {"at": "2026-01-01T00:00:00Z", "known_at": "2100-01-01T00:00:00Z"}
    first, second = (
        told.api.http.get(PATHS[4], params={"by": "CN", "of": "SG", "programme": PROGRAMME, **pinned}) for _ in "12"
    )
    if first.json()["as_of"]["block"] == second.json()["as_of"]["block"]:
        assert first.content == second.content


def changed(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {**answer, "recognised": not answer["recognised"]},
        {**answer, "as_of": {**answer["as_of"], "block": answer["as_of"]["block"] + 1}},
        {**answer, "answered_by": "sg.customs"},
        {**answer, "more": None},
        {name: value for name, value in answer.items() if name != "reason"},
    ]


def test_any_change_is_found_out(told: Told, key: PublicKey) -> None:
    answer = told.api.http.get(PATHS[4]).json()
    for other in changed(answer):
        with pytest.raises(Invalid) as caught:
            check(other, key)
        assert caught.value.code == "answer.signature"


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        (None, "answer.unsigned"),
        (7, "answer.unsigned"),
        ("", "answer.form"),
        ("a.b.c", "answer.form"),
        ("..", "answer.json"),
        ("e30..AAAA", "answer.header"),
        ("!..!", "answer.base64url"),
    ],
)
def test_what_is_no_signature(key: PublicKey, signature: object, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        check({"a": 1, "signature": signature}, key)
    assert caught.value.code == code


def test_signatures_for_other_things_are_none_of_an_answer() -> None:
    own, other = (PrivateKey.generate(Algorithm.ES256) for _ in "12")
    answer = sign({"a": 1}, own)
    check(answer, own.public_key)
    with pytest.raises(Invalid) as caught:
        check(answer, other.public_key)
    assert caught.value.code == "answer.key"
    header, _, signature = sign_statement({"a": 1}, own, "portseal-receipt+jwt").split(".")
    with pytest.raises(Invalid) as caught:
        check({"a": 1, "signature": f"{header}..{signature}"}, own.public_key)
    assert caught.value.code == "answer.type"


def test_a_key_that_does_not_sign() -> None:
    with pytest.raises(Invalid) as caught:
        sign({"a": 1}, PrivateKey.generate(Algorithm.X25519))
    assert caught.value.code == "key.purpose"
