"""Wycheproof through our own entry points: AES-GCM, X25519, ECDH on P-256, JWE.

The agreement vectors give a shared secret: a JWE is made from it here, step by step as RFC 7518 §4.6 says, and ours
must open it exactly where the vector says that this secret is right.
"""

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from anchors import content_cipher, jwe
from ledger import base64url
from ledger.errors import Invalid
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.tables import Tally
from tests.vector_sets import WYCHEPROOF, outcome

FOLDER = Path(__file__).parents[3] / "shared/vectors/wycheproof"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/vectors is not here")


def vectors(name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for group in json.loads((FOLDER / f"{name}_test.json").read_bytes())["testGroups"]:
        for case in group["tests"]:
            yield group, case


def test_aes_gcm(tally: Tally) -> None:
    tried = {"valid": 0, "invalid": 0}
    for group, case in vectors("aes_gcm"):
        if group["keySize"] != 256 or group["ivSize"] != 96:
            continue
        key, nonce, associated = (bytes.fromhex(case[name]) for name in ("key", "iv", "aad"))
        ciphertext = bytes.fromhex(case["ct"] + case["tag"])
        tried[case["result"]] += 1
        tally(WYCHEPROOF, "aes_gcm_test", outcome(case, case["result"] == "valid"))
        if case["result"] == "valid":
            assert content_cipher.decrypt(key, nonce, ciphertext, associated).hex() == case["msg"]
        else:
            with pytest.raises(Invalid):
                content_cipher.decrypt(key, nonce, ciphertext, associated)
    assert tried == {"valid": 39, "invalid": 27}


def test_aes_gcm_with_another_nonce_or_key_length_is_not_ours(tally: Tally) -> None:
    for group, case in vectors("aes_gcm"):
        if group["keySize"] != 256 or group["ivSize"] != 96:
            key, nonce, associated = (bytes.fromhex(case[name]) for name in ("key", "iv", "aad"))
            with pytest.raises(Invalid):
                content_cipher.decrypt(key, nonce, bytes.fromhex(case["ct"] + case["tag"]), associated)
            tally(WYCHEPROOF, "aes_gcm_test", outcome(case, False, ours=False))


def jwe_from(shared: bytes, epk: dict[str, str]) -> str:
    """A JWE with the plaintext `secret` by the sender whose ephemeral key and shared secret these are."""
    alg = jwe.ALG.encode()
    info = struct.pack(">I", len(alg)) + alg + struct.pack(">III", 0, 0, 256)
    wrapping = ConcatKDFHash(hashes.SHA256(), 32, info).derive(shared)
    content_key, nonce = bytes(range(32)), bytes(12)
    header = base64url.encode(json.dumps({"alg": jwe.ALG, "enc": jwe.ENC, "epk": epk}).encode())
    sealed = AESGCM(content_key).encrypt(nonce, b"secret", header.encode())
    parts = (aes_key_wrap(wrapping, content_key), nonce, sealed[:-16], sealed[-16:])
    return ".".join([header, *map(base64url.encode, parts)])


def opens(key: PrivateKey, shared: bytes, epk: dict[str, str]) -> bool:
    try:
        return jwe.decrypt(jwe_from(shared, epk), key) == b"secret"
    except Invalid:
        return False


def test_x25519(tally: Tally) -> None:
    tried = {True: 0, False: 0}
    for _, case in vectors("x25519_jwk"):
        private = {name: case["private"][name] for name in ("kty", "crv", "d", "x")}
        epk = {name: value for name, value in case["public"].items() if name != "kid"}
        right = case["result"] != "invalid" and "ZeroSharedSecret" not in case["flags"]
        assert opens(PrivateKey.from_jwk(private), bytes.fromhex(case["shared"]), epk) is right, case["tcId"]
        tried[right] += 1
        tally(WYCHEPROOF, "x25519_jwk_test", outcome(case, right))
    assert tried == {True: 264 + 254 - 31, False: 13 + 31}


def p256_private(secret: str) -> PrivateKey:
    number = int(secret, 16)
    point = ec.derive_private_key(number, ec.SECP256R1()).public_key().public_numbers()
    names = zip("xyd", (point.x, point.y, number), strict=True)
    members = {name: base64url.encode(value.to_bytes(32, "big")) for name, value in names}
    return PrivateKey.from_jwk({"kty": "EC", "crv": "P-256", "use": "enc"} | members)


def p256_public(der: bytes) -> dict[str, str]:
    """The point at the end of the DER as a JWK, without asking whether the DER and its parameters are right."""
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": base64url.encode(der[-64:-32]),
        "y": base64url.encode(der[-32:]),
    }


# What is wrong with these lies in the DER around the point; a JWK has none, so there is nothing to be tried.
_ONLY_IN_DER = {"InvalidAsn", "UnnamedCurve", "InvalidEncoding", "CompressedPoint", "WrongCurve", "ModifiedGroup"}


def test_x25519_without_jwk(tally: Tally) -> None:
    """The same agreements, with keys as raw bytes: a JWE by the other side must open with ours."""
    for _, case in vectors("x25519"):
        secret = X25519PrivateKey.from_private_bytes(bytes.fromhex(case["private"]))
        own = {"kty": "OKP", "crv": "X25519", "d": base64url.encode(bytes.fromhex(case["private"]))}
        epk = {"kty": "OKP", "crv": "X25519", "x": base64url.encode(bytes.fromhex(case["public"]))}
        key = PrivateKey.from_jwk(own | {"x": base64url.encode(secret.public_key().public_bytes_raw())})
        right = "ZeroSharedSecret" not in case["flags"]
        assert opens(key, bytes.fromhex(case["shared"]), epk) is right, case["tcId"]
        tally(WYCHEPROOF, "x25519_test", outcome(case, right))


def test_ecdh_on_p256(tally: Tally) -> None:
    tried = {True: 0, False: 0}
    for _, case in vectors("ecdh_secp256r1"):
        if _ONLY_IN_DER & set(case["flags"]):
            tally(WYCHEPROOF, "ecdh_secp256r1_test", outcome(case, False, ours=False))
            continue
        key, epk = p256_private(case["private"]), p256_public(bytes.fromhex(case["public"]))
        right = case["result"] == "valid"
        assert opens(key, bytes.fromhex(case["shared"]), epk) is right, case["tcId"]
        tried[right] += 1
        tally(WYCHEPROOF, "ecdh_secp256r1_test", outcome(case, right))
    assert tried == {True: 330, False: 18}


def test_a_key_of_another_curve_is_refused() -> None:
    key = PrivateKey.generate(Algorithm.ECDH_P256)
    for _, case in vectors("ecdh_secp256r1"):
        if "WrongCurve" in case["flags"] and "CompressedPoint" not in case["flags"]:
            assert not opens(key, bytes.fromhex(case["shared"]), p256_public(bytes.fromhex(case["public"])))


def test_jwe(tally: Tally) -> None:
    """One algorithm is ours; every other valid JWE is refused too, on purpose."""
    opened = []
    for group, case in vectors("json_web_encryption"):
        private = group["private"]
        if private.get("kty") != "EC" or private.get("crv") != "P-256":
            with pytest.raises(Invalid):
                jwe.parse(case["jwe"] if isinstance(case["jwe"], str) else json.dumps(case["jwe"]))
            tally(WYCHEPROOF, "json_web_encryption_test", outcome(case, False, ours=False))
            continue
        key = PrivateKey.from_jwk({name: private[name] for name in ("kty", "crv", "x", "y", "d", "use")})
        try:
            plaintext = jwe.decrypt(case["jwe"], key)
        except Invalid:
            ours = case["result"] != "valid"
            tally(WYCHEPROOF, "json_web_encryption_test", outcome(case, False, ours=ours))
            continue
        tally(WYCHEPROOF, "json_web_encryption_test", outcome(case, True))
        assert case["result"] == "valid"
        assert plaintext.hex() == case["pt"]
        opened.append(case["comment"])
    assert opened == ["acceptsEcdhEsA256KwA256Gcm"]
