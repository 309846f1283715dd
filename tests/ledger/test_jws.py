from typing import Any

import pytest

from ledger import base64url
from ledger.canonical import canonicalize
from ledger.errors import Unavailable
from ledger.jwk import Algorithm, PublicKey
from ledger.jws import read_statement, sign_statement, unverified_kid
from ledger.private_key import PrivateKey
from tests.ledger.envelope_cases import ED25519, ES256, forge, refusal

TYP = "portseal-receipt+jwt"
CLAIMS: dict[str, Any] = {"b": [1, "二"], "a": {"x": None}}
HEADER = {"alg": "ES256", "kid": ES256.public_key.kid, "typ": TYP}


def _token(header: dict[str, Any], payload: bytes = b"{}") -> str:
    return forge({}, header=header, payload=payload)[:-1]


@pytest.mark.parametrize("key", [ES256, ED25519])
def test_there_and_back(key: PrivateKey) -> None:
    statement = sign_statement(CLAIMS, key, TYP)
    assert read_statement(statement, key.public_key, TYP) == CLAIMS
    assert unverified_kid(statement) == key.public_key.kid


def test_the_claims_are_canonical() -> None:
    payload = sign_statement(CLAIMS, ES256, TYP).split(".")[1]
    assert base64url.decode(payload) == canonicalize(CLAIMS) == '{"a":{"x":null},"b":[1,"二"]}'.encode()


def test_eddsa_is_read_as_ed25519() -> None:
    header = {**HEADER, "alg": "EdDSA", "kid": ED25519.public_key.kid}
    assert read_statement(forge({}, header=header, signer=ED25519)[:-1], ED25519.public_key, TYP) == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"alg": "none"}, "jws.algorithm"),
        ({"alg": "HS256"}, "jws.algorithm"),
        ({"alg": ["ES256"]}, "jws.algorithm"),
        ({"alg": "Ed25519"}, "jws.algorithm"),
        ({"alg": "EdDSA"}, "jws.algorithm"),
        ({"typ": "jwt"}, "jws.type"),
        ({"typ": TYP.upper()}, "jws.type"),
        ({"kid": "1"}, "jws.kid"),
        ({"kid": 1}, "jws.kid"),
        ({"kid": ED25519.public_key.kid}, "jws.key"),
        ({"cty": "x"}, "jws.header"),
        ({"jku": "https://evil.example/keys"}, "jws.header-key"),
        ({"jwk": ES256.public_key.jwk()}, "jws.header-key"),
        ({"x5c": []}, "jws.header-key"),
        ({"crit": ["b64"], "b64": False}, "jws.header-key"),
    ],
)
def test_a_header_that_is_not_ours_is_refused(change: dict[str, Any], code: str) -> None:
    assert refusal(read_statement, _token({**HEADER, **change}), ES256.public_key, TYP) == code


@pytest.mark.parametrize("missing", ["alg", "kid", "typ"])
def test_a_header_without_a_member_is_refused(missing: str) -> None:
    header = {name: value for name, value in HEADER.items() if name != missing}
    assert refusal(read_statement, _token(header), ES256.public_key, TYP) == "jws.header"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"{", "jws.json"),
        (b"", "jws.json"),
        (b'{"a":1,"a":1}', "jws.json"),
        (b'{"a":NaN}', "jws.json"),
        (b'{"a": 1}', "jws.canonical"),
        (b'{"b":1,"a":1}', "jws.canonical"),
        (b'{"a":1.0}', "jws.canonical"),
        (b'{"a":-0}', "jws.canonical"),
        (b"[]", "jws.canonical"),
    ],
)
def test_claims_of_another_form_are_refused(payload: bytes, code: str) -> None:
    assert refusal(read_statement, _token(HEADER, payload), ES256.public_key, TYP) == code


def test_a_statement_is_of_its_type_and_by_its_key_only() -> None:
    statement = sign_statement(CLAIMS, ES256, TYP)
    assert refusal(read_statement, statement, ES256.public_key, "portseal-answer+jwt") == "jws.type"
    assert refusal(read_statement, statement, ED25519.public_key, TYP) == "jws.key"


@pytest.mark.parametrize("text", ["", ".", "..", "a.b", "a.b.c.d", "é.é.é", "{}"])
def test_what_is_no_token_is_refused(text: str) -> None:
    assert refusal(read_statement, text, ES256.public_key, TYP).startswith("jws.")
    assert refusal(unverified_kid, text).startswith("jws.")


def test_a_key_that_decrypts_does_not_sign() -> None:
    assert refusal(sign_statement, {}, PrivateKey.generate(Algorithm.X25519), TYP) == "key.purpose"


class _CarelessDevice:
    """A key in a device whose adapter gives back DER, as most devices do."""

    public_key: PublicKey = ES256.public_key

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    def sign(self, message: bytes) -> bytes:
        return self.answer


@pytest.mark.parametrize("answer", [b"", b"0E" + b"\1" * 69, b"\1" * 32 + b"\xfe" * 32])
def test_a_signer_that_answers_wrongly_is_found_out(answer: bytes) -> None:
    with pytest.raises(Unavailable) as raised:
        sign_statement({}, _CarelessDevice(answer), TYP)
    assert raised.value.code == "signer.signature"
