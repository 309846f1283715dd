"""Project Wycheproof through our own doors: raw signatures, JWS and JWK."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ledger import base64url
from ledger.compact_jws import CompactJws, check_signature
from ledger.errors import Invalid
from ledger.jwk import Algorithm, PublicKey
from ledger.jws import read_statement
from ledger.signer import verify_signature
from ledger.strict_json import parse
from tests.ledger.envelope_cases import refusal, vectors
from tests.tables import Tally
from tests.vector_sets import WYCHEPROOF, outcome


def _cases(name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for group in json.loads((vectors("wycheproof") / f"{name}.json").read_text())["testGroups"]:
        for case in group["tests"]:
            yield group, case


def _key(group: dict[str, Any]) -> PublicKey:
    if "publicKeyJwk" in group:
        return PublicKey.from_jwk(group["publicKeyJwk"])
    x, y = (int(group["publicKey"][name], 16).to_bytes(32, "big") for name in ("wx", "wy"))
    return PublicKey(Algorithm.ES256, x, y)


@pytest.mark.parametrize(("name", "count"), [("ecdsa_secp256r1_sha256_p1363_test", 262), ("ed25519_test", 151)])
def test_raw_signatures(name: str, count: int, tally: Tally) -> None:
    results = []
    for group, case in _cases(name):
        key = _key(group)
        valid = verify_signature(key, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
        results.append((case["tcId"], valid, case["result"] == "valid"))
        tally(WYCHEPROOF, name, outcome(case, valid))
    assert [result for result in results if result[1] != result[2]] == []
    assert len(results) == count


def _verifies(jwk: Any, jws: Any) -> bool:
    """Verify as third parties' JWS are: any header and payload, our key, base64url, JSON and signature rules."""
    if not isinstance(jws, str):
        return False
    try:
        key = PublicKey.from_jwk(jwk)
        head, payload, signature = jws.split(".")
        header = parse(base64url.decode(head))
        base64url.decode(payload)
        assert isinstance(header, dict)
        token = CompactJws({**header, "kid": key.kid}, {}, f"{head}.{payload}".encode(), base64url.decode(signature))
        check_signature(token, key)
    except (Invalid, ValueError, KeyError):
        return False
    return True


def _our_curve(jwk: dict[str, Any] | None) -> bool:
    return bool(jwk) and (jwk or {}).get("crv") in ("P-256", "Ed25519")


def test_jws(tally: Tally) -> None:
    tried = []
    for group, case in _cases("json_web_signature_test"):
        if _our_curve(group.get("public")):
            tried.append((case["tcId"], _verifies(group["public"], case["jws"]), case["result"] == "valid"))
            tally(WYCHEPROOF, "json_web_signature_test", outcome(case, tried[-1][1]))
    assert [case for case in tried if case[1] != case[2]] == []
    assert len(tried) > 40


def test_none_of_the_jws_is_a_statement_of_ours() -> None:
    for group, case in _cases("json_web_signature_test"):
        if _our_curve(group.get("public")) and group["public"].get("use") != "enc" and "key_ops" not in group["public"]:
            key = PublicKey.from_jwk(group["public"])
            if isinstance(case["jws"], str):
                assert refusal(read_statement, case["jws"], key, "JWT").startswith("jws.")


def test_keys_of_other_kinds_are_refused(tally: Tally) -> None:
    for group, case in _cases("json_web_signature_test"):
        jwk = group.get("public") or group["private"]
        if not _our_curve(jwk) or jwk.get("key_ops") == ["encrypt"]:
            assert refusal(PublicKey.from_jwk, {k: v for k, v in jwk.items() if k != "d"}).startswith("jwk.")
            if not _our_curve(group.get("public")):
                tally(WYCHEPROOF, "json_web_signature_test", outcome(case, False, ours=False))


def test_jwk(tally: Tally) -> None:
    tried = 0
    for group, case in _cases("json_web_key_test"):
        keys = (group.get("public") or {"keys": []})["keys"]
        if not any("crv" in jwk for jwk in keys):
            tally(WYCHEPROOF, "json_web_key_test", outcome(case, False, ours=False))
        for jwk in keys:
            if jwk["kty"] == "EC" or "crv" in jwk:
                tried += 1
                tally(WYCHEPROOF, "json_web_key_test", outcome(case, _verifies(jwk, case["jws"])))
                assert _verifies(jwk, case["jws"]) == (case["result"] == "valid")
                assert refusal(PublicKey.from_jwk, jwk).startswith("jwk.")
    assert tried == 6
