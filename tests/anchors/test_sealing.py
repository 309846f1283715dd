"""Payloads: sealed once, opened with the right key under the right digest, or not at all."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchors import content_cipher, reader_entry, sealing
from anchors.sealing import Sealed
from anchors.stores.payload_store import MAX_PAYLOAD
from ledger.envelope import Attachment
from ledger.errors import Invalid
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey

REGISTRANT = PrivateKey.generate(Algorithm.X25519)
ENVELOPE = "eyJ.eyJ.c2ln~WyJzYWx0Il0~WyJwZXBwZXIiXQ~"
DIGEST = sha256(b"eyJ.eyJ.c2ln").digest()
FILES = (Attachment("装箱单.pdf", "application/pdf", b"%PDF" * 100), Attachment("empty", "text/plain", b""))


def sealed(envelope: str = ENVELOPE, files: tuple[Attachment, ...] = FILES) -> Sealed:
    digest = sha256(envelope.split("~")[0].encode()).digest()
    return sealing.seal(envelope, files, digest, REGISTRANT.public_key)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(Invalid) as raised:
        call()
    assert "eyJ" not in str(raised.value)
    return raised.value.code


def test_it_opens() -> None:
    made = sealed()
    assert sealing.open_payload(made.payload, made.content_key, DIGEST) == (ENVELOPE, FILES)


def test_the_registrant_opens_it_with_what_is_inside() -> None:
    made = sealed()
    entry = sealing.registrant_entry(made.payload)
    assert reader_entry.open_entry(entry, REGISTRANT, DIGEST) == made.content_key


files = st.builds(Attachment, st.text(st.characters(codec="utf-8")), st.text(max_size=9), st.binary(max_size=300))


@given(st.text("ab.~_-", max_size=200), st.lists(files, max_size=4).map(tuple))
def test_everything_comes_back(envelope: str, attachments: tuple[Attachment, ...]) -> None:
    made = sealed(envelope, attachments)
    digest = sha256(envelope.split("~")[0].encode()).digest()
    assert sealing.open_payload(made.payload, made.content_key, digest) == (envelope, attachments)


def test_nothing_of_the_document_stands_in_it() -> None:
    secret = b"CONSIGNEE-AND-PRICE-0123456789"
    made = sealed("head.body.sig~" + secret.decode() + "~", (Attachment(secret.decode(), "a/b", secret),))
    assert secret not in made.payload
    assert made.content_key not in made.payload
    assert secret.decode() not in repr(made)
    assert made.content_key.hex() not in repr(made)


def test_keys_and_nonces_are_fresh() -> None:
    made = [sealed() for _ in range(50)]
    assert len({one.content_key for one in made}) == 50
    assert len({cbor2.loads(one.payload)["nonce"] for one in made}) == 50


def test_the_digest_must_be_the_envelopes() -> None:
    for digest in (bytes(32), b"", DIGEST[:31], sha256(ENVELOPE.encode()).digest()):
        call = lambda wrong=digest: sealing.seal(ENVELOPE, (), wrong, REGISTRANT.public_key)  # noqa: E731
        assert code_of(call) == "payload.digest"


def test_a_wrong_key_or_digest_does_not_open() -> None:
    made = sealed()
    for key, digest in (
        (bytes(32), DIGEST),
        (made.content_key[:31], DIGEST),
        (b"", DIGEST),
        (made.content_key + b"\0", DIGEST),
        (made.content_key, bytes(32)),
        (made.content_key, b""),
        (sealed().content_key, DIGEST),
    ):
        call = lambda k=key, d=digest: sealing.open_payload(made.payload, k, d)  # noqa: E731
        assert code_of(call) == "payload.sealed-wrong"


MADE = sealed()


@given(st.data())
def test_a_changed_byte_does_not_open(data: st.DataObject) -> None:
    changed = bytearray(MADE.payload)
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        opened = sealing.open_payload(bytes(changed), MADE.content_key, DIGEST)
    except Invalid:
        return
    # Only the registrant's entry may differ: it takes no part in opening with a key that one has.
    assert opened == (ENVELOPE, FILES)
    assert code_of(
        lambda: reader_entry.open_entry(sealing.registrant_entry(bytes(changed)), REGISTRANT, DIGEST)
    ).startswith("entry.")


@given(st.integers(0, len(MADE.payload) - 1))
def test_a_cut_payload_does_not_open(size: int) -> None:
    assert code_of(lambda: sealing.open_payload(MADE.payload[:size], MADE.content_key, DIGEST)) == "payload.form"


def resealed(content: Any, **changes: Any) -> bytes:
    """What a hostile registrant could make, who may seal whatever he likes under his own key."""
    plain = content if isinstance(content, bytes) else cbor2.dumps(content, canonical=True)
    nonce, ciphertext = content_cipher.encrypt(MADE.content_key, plain, DIGEST)
    entry = reader_entry.make(MADE.content_key, REGISTRANT.public_key, DIGEST)
    payload = {"v": 1, "digest": DIGEST, "nonce": nonce, "ciphertext": ciphertext, "entry": entry}
    return cbor2.dumps(payload | changes, canonical=True)


CONTENT = {"v": 1, "envelope": ENVELOPE, "attachments": [{"name": "n", "media_type": "a/b", "content": b"c"}]}


def test_the_hostile_maker_can_make_a_good_one() -> None:
    assert sealing.open_payload(resealed(CONTENT), MADE.content_key, DIGEST)[0] == ENVELOPE


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (resealed(CONTENT | {"envelope": "other~"}), "payload.sealed-wrong"),
        (resealed(CONTENT | {"envelope": b"bytes"}), "payload.form"),
        (resealed(CONTENT | {"v": 2}), "payload.form"),
        (resealed(CONTENT | {"v": True}), "payload.form"),
        (resealed(CONTENT | {"more": 1}), "payload.form"),
        (resealed(CONTENT | {"attachments": {}}), "payload.form"),
        (resealed(CONTENT | {"attachments": ["file"]}), "payload.form"),
        (resealed(CONTENT | {"attachments": [{"name": "n", "media_type": "a/b"}]}), "payload.form"),
        (resealed(CONTENT | {"attachments": [{"name": "n", "media_type": "a/b", "content": "c"}]}), "payload.form"),
        (resealed([CONTENT]), "payload.form"),
        (resealed(b""), "payload.form"),
        (resealed(b"\x81" * 100_000), "payload.form"),
        (resealed(cbor2.dumps(CONTENT) + b"\0"), "payload.form"),
        (resealed(CONTENT, v=2), "payload.form"),
        (resealed(CONTENT, more=2), "payload.form"),
        (resealed(CONTENT, digest="text"), "payload.form"),
        (resealed(CONTENT, nonce=b""), "payload.sealed-wrong"),
        (resealed(CONTENT, nonce=bytes(16)), "payload.sealed-wrong"),
        (resealed(CONTENT, nonce=bytes(12)), "payload.sealed-wrong"),
        (resealed(CONTENT, ciphertext=b""), "payload.sealed-wrong"),
        (resealed(CONTENT, ciphertext=bytes(16)), "payload.sealed-wrong"),
        (resealed(CONTENT, entry="rubbish"), "entry.form"),
        (
            resealed(
                CONTENT,
                digest=bytes(32),
                entry=reader_entry.make(bytes(32), REGISTRANT.public_key, bytes(32)),
            ),
            "payload.sealed-wrong",
        ),
        (
            resealed(CONTENT, entry=reader_entry.make(bytes(32), REGISTRANT.public_key, bytes(32))),
            "payload.sealed-wrong",
        ),
        (b"", "payload.form"),
        (b"\x81" * 1_000_000, "payload.form"),
        (bytes(MAX_PAYLOAD + 1), "payload.too-large"),
    ],
)
def test_a_payload_made_with_malice_is_refused(payload: bytes, code: str) -> None:
    assert code_of(lambda: sealing.open_payload(payload, MADE.content_key, DIGEST)) == code


def test_the_limit_counts_the_whole_payload() -> None:
    small = sealed(files=(Attachment("f", "a/b", b""),))
    room = MAX_PAYLOAD - len(small.payload) - 8  # lengths take up to four bytes more, twice
    made = sealed(files=(Attachment("f", "a/b", bytes(room)),))
    assert MAX_PAYLOAD - 16 < len(made.payload) <= MAX_PAYLOAD
    assert sealing.open_payload(made.payload, made.content_key, DIGEST)[1][0].content == bytes(room)
    for size in (room + 16, MAX_PAYLOAD + 1):
        call = lambda size=size: sealed(files=(Attachment("f", "a/b", bytes(size)),))  # noqa: E731
        assert code_of(call) == "payload.too-large"


def test_the_registrant_needs_a_key_that_decrypts() -> None:
    signer = PrivateKey.generate(Algorithm.ED25519).public_key
    assert code_of(lambda: sealing.seal(ENVELOPE, (), DIGEST, signer)) == "entry.reader-key"
