"""COSE_Sign1 by the letter of RFC 9052, and everything that is another form of it."""

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from hypothesis import given
from hypothesis import strategies as st

from ledger import cose_sign1
from ledger.errors import Invalid, Unavailable
from ledger.jwk import Algorithm, PublicKey
from ledger.low_s import P256_ORDER
from ledger.private_key import PrivateKey
from tests.ledger.code_of import code_of

CONTEXT = b"a context"
KEYS = [PrivateKey.generate(Algorithm.ES256), PrivateKey.generate(Algorithm.ED25519)]
ES256 = KEYS[0]


def check(data: bytes, key: PublicKey, context: bytes = CONTEXT) -> None:
    cose_sign1.check_signature(cose_sign1.read(data, "gate"), key, context, "gate")


@pytest.mark.parametrize("key", KEYS, ids=["ES256", "Ed25519"])
def test_another_library_verifies_what_the_rfc_says_is_signed(key: PrivateKey) -> None:
    """The structure is put together here once more, from RFC 9052 §4.4, and checked with `cryptography` alone."""
    data = cose_sign1.sign(b"payload", key, CONTEXT).data
    tagged = cbor2.loads(data)
    assert tagged.tag == 18
    protected, unprotected, payload, signature = tagged.value
    is_es256 = key.public_key.algorithm is Algorithm.ES256
    assert cbor2.loads(protected) == {1: -7 if is_es256 else -19, 4: key.public_key.thumbprint}
    assert (unprotected, payload, len(signature)) == ({}, b"payload", 64)
    signed = cbor2.dumps(["Signature1", protected, CONTEXT, b"payload"])
    public = key.public_key
    if is_es256:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\4" + public.x + public.y)
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        point.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
        assert s <= P256_ORDER // 2
    else:
        ed25519.Ed25519PublicKey.from_public_bytes(public.x).verify(signature, signed)
    check(data, public)


def test_eddsa_of_the_older_rfc_is_the_same() -> None:
    key = KEYS[1]
    protected = cbor2.dumps({1: -8, 4: key.public_key.thumbprint}, canonical=True)
    signature = key.sign(cbor2.dumps(["Signature1", protected, CONTEXT, b"x"], canonical=True))
    check(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, b"x", signature]), canonical=True), key.public_key)


@pytest.mark.parametrize("key", KEYS, ids=["ES256", "Ed25519"])
@given(bit=st.integers(0, 8 * 200))
def test_no_flipped_bit_passes(key: PrivateKey, bit: int) -> None:
    data = bytearray(cose_sign1.sign(b"payload", key, CONTEXT).data)
    data[bit // 8 % len(data)] ^= 1 << bit % 8
    assert code_of(check, bytes(data), key.public_key) is not None


def test_another_context_key_or_algorithm_is_refused() -> None:
    data = cose_sign1.sign(b"payload", ES256, CONTEXT).data
    assert code_of(check, data, ES256.public_key, b"another") == "gate.signature"
    assert code_of(check, data, PrivateKey.generate(Algorithm.ES256).public_key) == "gate.key"
    forged = cbor2.dumps({1: -19, 4: ES256.public_key.thumbprint}, canonical=True)
    swapped = cbor2.dumps(cbor2.CBORTag(18, [forged, {}, b"payload", bytes(64)]), canonical=True)
    assert code_of(check, swapped, ES256.public_key) == "gate.algorithm"


def test_the_other_form_of_s_is_refused() -> None:
    token = cose_sign1.sign(b"payload", ES256, CONTEXT)
    high = P256_ORDER - int.from_bytes(token.signature[32:])
    signature = token.signature[:32] + high.to_bytes(32)
    data = cbor2.dumps(cbor2.CBORTag(18, [token.protected, {}, b"payload", signature]), canonical=True)
    assert code_of(check, data, ES256.public_key) == "gate.high-s"


def made(protected: object, unprotected: object = None, payload: object = b"", signature: object = bytes(64)) -> bytes:
    header = protected if isinstance(protected, bytes) else cbor2.dumps(protected, canonical=True)
    parts = [header, {} if unprotected is None else unprotected, payload, signature]
    return cbor2.dumps(cbor2.CBORTag(18, parts), canonical=True)


GOOD = {1: -7, 4: bytes(32)}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "gate.form"),
        (cbor2.dumps([b"", {}, b"", b""]), "gate.form"),
        (cbor2.dumps(cbor2.CBORTag(98, [b"", {}, b"", bytes(64)])), "gate.form"),
        (made(GOOD)[1:], "gate.form"),
        (made(GOOD) + b"\0", "gate.form"),
        (made(GOOD, {4: b"x"}), "gate.form"),
        (made(GOOD, []), "gate.form"),
        (made(GOOD, payload=None), "gate.form"),
        (made(GOOD, payload="text"), "gate.form"),
        (made(GOOD, signature=bytes(63)), "gate.form"),
        (made(b""), "gate.form"),
        (made([]), "gate.form"),
        (made({}), "gate.header"),
        (made({1: -7}), "gate.header"),
        (made(GOOD | {16: "x"}), "gate.header"),
        (made({1: -35, 4: bytes(32)}), "gate.header"),
        (made({1: True, 4: bytes(32)}), "gate.header"),
        (made({1: "ES256", 4: bytes(32)}), "gate.header"),
        (made({1: -7, 4: bytes(31)}), "gate.header"),
        (made({1: -7, 4: "x" * 32}), "gate.header"),
        (made({True: -7, 4: bytes(32)}), "gate.form"),
        (made({1.0: -7, 4: bytes(32)}), "gate.form"),
        (made(b"\xa2\x04\x58\x20" + bytes(32) + b"\x01\x26"), "gate.form"),
        (made(b"\xbf\x01\x26\x04\x58\x20" + bytes(32) + b"\xff"), "gate.form"),
    ],
)
def test_what_is_another_form_is_refused(data: bytes, code: str) -> None:
    assert code_of(cose_sign1.read, data, "gate") == code


def test_a_key_that_decrypts_and_a_signer_gone_wrong() -> None:
    with pytest.raises(Invalid, match=r"key\.purpose"):
        cose_sign1.sign(b"", PrivateKey.generate(Algorithm.X25519), CONTEXT)

    class Der:
        public_key = ES256.public_key

        def sign(self, message: bytes) -> bytes:
            return bytes(72)

    with pytest.raises(Unavailable, match=r"signer\.signature"):
        cose_sign1.sign(b"", Der(), CONTEXT)
