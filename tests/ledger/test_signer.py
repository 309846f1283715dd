from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.jwk import Algorithm, PublicKey
from ledger.low_s import P256_ORDER, to_low_s
from ledger.private_key import PrivateKey
from ledger.signer import Signer, is_low_s, verify_signature
from tests.ledger.envelope_cases import ED25519, ES256, refusal

DECRYPTING = PrivateKey.generate(Algorithm.ECDH_P256)


@given(st.binary(max_size=64), st.sampled_from([ES256, ED25519]), st.integers(0, 511))
def test_a_signature_is_right_and_no_other_bit_pattern_is(message: bytes, key: PrivateKey, bit: int) -> None:
    signature = key.sign(message)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert len(signature) == 64
    assert verify_signature(key.public_key, message, signature)
    assert not verify_signature(key.public_key, message, bytes(changed))
    assert not verify_signature(key.public_key, message + b"!", signature)
    assert not verify_signature(key.public_key, message, signature + b"\0")


def test_our_es256_signatures_have_low_s_and_the_other_form_is_still_valid_jose() -> None:
    for number in range(30):
        signature = ES256.sign(number.to_bytes(4, "big"))
        high = signature[:32] + (P256_ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")
        assert is_low_s(signature)
        assert not is_low_s(high)
        assert to_low_s(high) == to_low_s(signature) == signature
        assert verify_signature(ES256.public_key, number.to_bytes(4, "big"), high)


def test_one_message_has_one_signature() -> None:
    assert ES256.sign(b"m") == ES256.sign(b"m")


def test_a_key_signs_with_its_own_algorithm_only() -> None:
    assert not verify_signature(ED25519.public_key, b"m", ES256.sign(b"m"))
    assert refusal(DECRYPTING.sign, b"m") == "key.purpose"
    as_if = PublicKey(Algorithm.ES256, DECRYPTING.public_key.x, DECRYPTING.public_key.y)
    assert not verify_signature(DECRYPTING.public_key, b"m", ES256.sign(b"m"))
    assert not verify_signature(as_if, b"m", ES256.sign(b"m"))


@pytest.mark.parametrize("algorithm", Algorithm)
def test_private_jwk_there_and_back(algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm)
    assert PrivateKey.from_jwk(key.private_jwk()) == key


def test_a_private_key_shows_no_secret() -> None:
    for key in (ES256, ED25519, DECRYPTING):
        shown = repr(key) + str(key) + f"{key}"
        assert key.private_jwk()["d"] not in shown
        assert repr(key.secret) not in shown
        assert key.secret.hex() not in shown


@pytest.mark.parametrize("d", [None, 7, "", "AAAA", "A" * 43, "_" * 42 + "8", "A" * 42 + "E", "A" * 43 + "="])
def test_a_secret_that_is_wrong_is_refused(d: Any) -> None:
    assert refusal(PrivateKey.from_jwk, {**ES256.private_jwk(), "d": d}) == "jwk.secret"


def test_a_secret_of_another_key_is_refused() -> None:
    other = PrivateKey.generate(Algorithm.ED25519)
    jwk = {**ED25519.private_jwk(), "d": other.private_jwk()["d"]}
    assert refusal(PrivateKey.from_jwk, jwk) == "jwk.secret"


def test_the_local_key_fills_the_port() -> None:
    signer: Signer = ES256
    assert signer.public_key.kid == ES256.public_key.kid
