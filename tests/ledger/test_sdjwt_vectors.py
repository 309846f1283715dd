"""The reader's core against what others published: RFC 9901's own examples, and those of sd-jwt-python."""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger import base64url
from ledger.envelope import disclosure, parse
from ledger.envelope.reveal import reveal
from ledger.jwk import PublicKey
from ledger.signer import verify_signature
from tests.ledger.envelope_cases import VECTORS, refusal, vectors

FOLDERS = (
    "oauth-selective-disclosure-jwt/generated",
    "oauth-selective-disclosure-jwt/published",
    "sd-jwt-python/generated",
)
TOKENS = sorted(path for folder in FOLDERS for path in (VECTORS / "sdjwt" / folder).rglob("sd_jwt_presentation.txt"))
WHOLE = sorted(path for folder in FOLDERS for path in (VECTORS / "sdjwt" / folder).rglob("sd_jwt_issuance.txt"))
ISSUER = "oauth-selective-disclosure-jwt/published/issuer_public_key.json"


def _name(path: Path) -> str:
    return str(path.parent.relative_to(VECTORS / "sdjwt"))


def _opened(path: Path) -> dict[str, Any]:
    jwt, *texts, _key_binding = path.read_text().strip().split("~")
    payload = json.loads(base64url.decode(jwt.split(".")[1]))
    return reveal(payload, [disclosure.read(text) for text in texts]).claims


def test_the_vectors_are_all_there() -> None:
    vectors("sdjwt")
    assert (len(TOKENS), len(WHOLE)) == (46, 44)


@pytest.mark.parametrize("path", [p for p in TOKENS if (p.parent / "verified_contents.json").exists()], ids=_name)
def test_the_disclosed_claims_go_back_to_their_places(path: Path) -> None:
    assert _opened(path) == json.loads((path.parent / "verified_contents.json").read_text())


@pytest.mark.parametrize("path", [p for p in WHOLE if (p.parent / "user_claims.json").exists()], ids=_name)
def test_all_disclosures_give_the_whole_claims(path: Path) -> None:
    whole = _opened(path)
    for name, value in json.loads((path.parent / "user_claims.json").read_text()).items():
        assert whole[name] == value


@pytest.mark.parametrize("path", TOKENS + WHOLE, ids=_name)
def test_the_issuers_signature_is_right(path: Path) -> None:
    key = PublicKey.from_jwk(json.loads((VECTORS / "sdjwt" / ISSUER).read_text()))
    signing_input, _, signature = path.read_text().strip().split("~")[0].rpartition(".")
    assert verify_signature(key, signing_input.encode(), base64url.decode(signature))


def test_every_published_disclosure_has_its_digest_and_content() -> None:
    published = json.loads((vectors("sdjwt/oauth-selective-disclosure-jwt/published") / "disclosures.json").read_text())
    assert len(published) == 87
    for entry in published:
        read = disclosure.read(entry["disclosure"])
        content = [read.salt, read.value] if read.name is None else [read.salt, read.name, read.value]
        assert (read.digest, content) == (entry["digest"], entry["contents"])


@pytest.mark.parametrize("path", TOKENS, ids=_name)
def test_none_of_them_is_an_envelope(path: Path) -> None:
    assert refusal(parse, path.read_text().strip()).startswith("envelope.")
