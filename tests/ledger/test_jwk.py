from typing import Any

import pytest

from ledger.edwards_point import is_sound
from ledger.errors import Invalid
from ledger.jwk import Algorithm, PublicKey
from ledger.private_key import PrivateKey
from ledger.signer import verify_signature
from tests.ledger.envelope_cases import refusal

KEYS = {algorithm: PrivateKey.generate(algorithm) for algorithm in Algorithm}
P = 2**255 - 19


@pytest.mark.parametrize("algorithm", Algorithm)
def test_there_and_back(algorithm: Algorithm) -> None:
    public = KEYS[algorithm].public_key
    assert PublicKey.from_jwk(public.jwk()) == public
    assert PublicKey(algorithm, public.x, public.y or b"\0" * 32) == public


def test_the_example_of_rfc_8037_has_its_thumbprint() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert PublicKey.from_jwk(jwk).kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_p256_key_says_whether_it_signs() -> None:
    bare = {name: KEYS[Algorithm.ES256].public_key.jwk()[name] for name in ("kty", "crv", "x", "y")}
    assert PublicKey.from_jwk(bare).algorithm is Algorithm.ES256
    assert PublicKey.from_jwk(bare | {"use": "enc"}).algorithm is Algorithm.ECDH_P256
    assert PublicKey.from_jwk(bare | {"key_ops": ["deriveBits"]}).algorithm is Algorithm.ECDH_P256
    signing = PublicKey.from_jwk(bare | {"key_ops": ["verify"], "use": "sig", "kid": "7"})
    assert signing.kid == KEYS[Algorithm.ES256].public_key.kid


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"d": "AAAA"}, "jwk.private"),
        ({"kty": "RSA"}, "jwk.algorithm"),
        ({"kty": "OKP"}, "jwk.algorithm"),
        ({"kty": ["EC"]}, "jwk.algorithm"),
        ({"crv": "P-384"}, "jwk.algorithm"),
        ({"crv": "secp256k1"}, "jwk.algorithm"),
        ({"alg": "ES384"}, "jwk.algorithm"),
        ({"alg": "none"}, "jwk.algorithm"),
        ({"alg": "Ed25519"}, "jwk.algorithm"),
        ({"alg": 1}, "jwk.algorithm"),
        ({"alg": "sig"}, "jwk.algorithm"),
        ({"use": "enc"}, "jwk.purpose"),
        ({"use": "both"}, "jwk.purpose"),
        ({"use": ["sig"]}, "jwk.purpose"),
        ({"key_ops": ["verify", "deriveKey"]}, "jwk.purpose"),
        ({"key_ops": ["verify", "verify"]}, "jwk.purpose"),
        ({"key_ops": ["encrypt"]}, "jwk.purpose"),
        ({"key_ops": "verify"}, "jwk.purpose"),
        ({"key_ops": [["verify"]]}, "jwk.purpose"),
        ({"x": "AAAA"}, "jwk.length"),
        ({"x": 7}, "jwk.form"),
        ({"x": "A" * 43 + "="}, "jwk.form"),
        ({"y": None}, "jwk.form"),
        ({"y": "A" * 43}, "jwk.point"),
        ({"x": "A" * 43, "y": "A" * 43}, "jwk.point"),
    ],
)
def test_refused(change: dict[str, Any], code: str) -> None:
    assert refusal(PublicKey.from_jwk, {**KEYS[Algorithm.ES256].public_key.jwk(), **change}) == code


def _small_order_points() -> list[int]:
    """Every y of a point of order 1, 2, 4 or 8, found by multiplying a point by the order of the base point."""
    d, order = -121665 * pow(121666, -1, P) % P, 2**252 + 27742317777372353535851937790883648493

    def add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
        product = d * a[0] * b[0] * a[1] * b[1] % P
        x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + product, -1, P) % P
        return x, (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, P) % P

    def times(point: tuple[int, int], factor: int) -> tuple[int, int]:
        result = (0, 1)
        for bit in bin(factor)[2:]:
            result = add(result, result)
            result = add(result, point) if bit == "1" else result
        return result

    found = set()
    for y in range(2, 40):
        square = (y * y - 1) * pow(d * y * y + 1, -1, P) % P
        x = pow(square, (P + 3) // 8, P)
        x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
        if x * x % P == square:
            found |= {times((x, y), order * factor)[1] for factor in range(1, 9)}
    return sorted(found)


def test_ed25519_keys_of_small_order_are_refused() -> None:
    points = _small_order_points()
    assert len(points) == 5
    for y in points:
        for sign in (0, 1 << 255):
            encoded = (y | sign).to_bytes(32, "little")
            assert not is_sound(encoded)
            jwk = PublicKey(Algorithm.ED25519, encoded).jwk()
            assert refusal(PublicKey.from_jwk, jwk) == "jwk.point"


def test_a_key_of_small_order_verifies_nothing_although_the_arithmetic_would() -> None:
    identity = (1).to_bytes(32, "little")
    assert not verify_signature(PublicKey(Algorithm.ED25519, identity), b"any", identity + b"\0" * 32)


def test_other_encodings_and_other_points_are_refused() -> None:
    assert not is_sound((P + 3).to_bytes(32, "little"))
    assert not is_sound((2).to_bytes(32, "little")), "2 is no y of the curve"
    assert not is_sound(b"\3" * 31)
    assert is_sound(KEYS[Algorithm.ED25519].public_key.x)


def test_x25519_points_that_give_no_secret_are_refused() -> None:
    assert refusal(PublicKey.from_jwk, PublicKey(Algorithm.X25519, b"\0" * 32).jwk()) == "jwk.point"


def test_a_key_from_the_registry_may_be_no_point_but_has_the_right_length() -> None:
    key = PublicKey(Algorithm.ES256, b"\1" * 32, b"\2" * 32)
    assert not verify_signature(key, b"m", b"\1" * 64)
    with pytest.raises(Invalid):
        PublicKey(Algorithm.ES256, b"\1" * 32)
    with pytest.raises(Invalid):
        PublicKey(Algorithm.ED25519, b"\1" * 32, b"\2" * 32)
