"""sd-jwt 0.10.4 as a judge of what we issue, and what it lets pass and we do not."""

import json
from itertools import combinations
from typing import Any

import pytest
from jwcrypto.jwk import JWK  # type: ignore[import-untyped]
from sd_jwt.verifier import SDJWTVerifier

from ledger.envelope import parse, verify, withhold
from ledger.json_pointer import find
from tests.ledger.envelope_cases import (
    DOCUMENT,
    ES256,
    GROUPS,
    PDF,
    PHOTO,
    claims,
    digest_of,
    disclosure,
    forge,
    issued,
    refusal,
    without,
)

SALT = "A" * 22
CONTACTS = disclosure(SALT, "contacts", DOCUMENT["contacts"])
BARE = without(DOCUMENT, "/contacts")


def oracle(text: str) -> dict[str, Any]:
    key = JWK.from_json(json.dumps(ES256.public_key.jwk()))
    verified: dict[str, Any] = SDJWTVerifier(text, lambda _issuer, _header: key).get_verified_payload()
    return verified


@pytest.mark.parametrize("groups", [g for size in range(len(GROUPS) + 1) for g in combinations(GROUPS, size)])
def test_it_reads_from_our_envelopes_what_we_do(groups: tuple[str, ...]) -> None:
    envelope = withhold(issued(), groups)
    theirs, ours = oracle(envelope.serialize()), verify(envelope, ES256.public_key)
    assert theirs["document"] == ours.document
    assert theirs["attachments"] == list(ours.attachments) == [PDF.statement(), PHOTO.statement()]
    assert all(find(theirs["document"], group) is None for group in groups)
    assert {name: theirs[name] for name in ("iss", "iat", "jti", "vct")} == {
        name: envelope.claims[name] for name in ("iss", "iat", "jti", "vct")
    }


def _listed(*digests: str) -> list[dict[str, str]]:
    return [{"...": digest} for digest in digests]


STATEMENT = disclosure(SALT, PDF.statement())
UNREFERENCED = forge(claims(), [CONTACTS])
TWICE_IN_ARRAYS = forge(claims(attachments=_listed(digest_of(STATEMENT), digest_of(STATEMENT))), [STATEMENT])
NOT_A_TEXT = forge(claims({**BARE, "x": {"_sd": [1]}}))
ODD_ELEMENT = forge(claims({**DOCUMENT, "x": [{"...": 1}]}))
SHORT_SALT = forge(claims({**BARE, "_sd": [digest_of(x := disclosure("", "contacts", [{"name": "n"}]))]}), [x])
RESERVED = forge(claims({**BARE, "_sd": [digest_of(y := disclosure(SALT, "...", 1))]}), [y])
UNCOVERED = forge(claims({**BARE, "_sd": [digest_of(z := disclosure(SALT, "validUntil", "2099-01-01"))]}), [z])
NUMBER_NAME = forge(claims({**BARE, "_sd": [digest_of(n := disclosure(SALT, 7, 1))]}), [n])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (UNREFERENCED, "disclosure-unreferenced"),
        (TWICE_IN_ARRAYS, "disclosure-duplicate"),
        (NOT_A_TEXT, "digest"),
        (ODD_ELEMENT, "digest"),
        (SHORT_SALT, "disclosure-salt"),
        (RESERVED, "disclosure-name"),
        (UNCOVERED, "disclosure-place"),
        (NUMBER_NAME, "disclosure"),
    ],
)
def test_what_it_lets_pass_we_refuse(text: str, code: str) -> None:
    assert oracle(text)["iss"] == "cn.customs"
    assert refusal(lambda: verify(parse(text), ES256.public_key)) == f"envelope.{code}"
