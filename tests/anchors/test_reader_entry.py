"""Reader entries: opened by their reader only, in one form only."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe as joserfc_jwe
from joserfc.jwk import ECKey, OKPKey

from anchors import jwe, reader_entry
from ledger import base64url
from ledger.errors import Invalid
from ledger.jwk import Algorithm, PublicKey
from ledger.private_key import PrivateKey

KEY, DIGEST = bytes(range(32)), b"\7" * 32
READERS = {algorithm: PrivateKey.generate(algorithm) for algorithm in (Algorithm.X25519, Algorithm.ECDH_P256)}
# Made once: what Hypothesis draws from must not change between two examples.
ENTRIES = {reader.public_key.kid: reader_entry.make(KEY, reader.public_key, DIGEST) for reader in READERS.values()}
both = pytest.mark.parametrize("reader", READERS.values(), ids=lambda key: key.public_key.algorithm.name)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(Invalid) as raised:
        call()
    assert "00010203" not in str(raised.value)
    return raised.value.code


@both
def test_the_reader_opens_it(reader: PrivateKey) -> None:
    entry = reader_entry.make(KEY, reader.public_key, DIGEST)
    reader_entry.check_form(entry)
    assert reader_entry.kid_of(entry) == reader.public_key.kid
    assert reader_entry.digest_of(entry) == DIGEST
    assert reader_entry.open_entry(entry, reader) == reader_entry.open_entry(entry, reader, DIGEST) == KEY


@both
def test_no_two_entries_are_alike(reader: PrivateKey) -> None:
    assert len({reader_entry.make(KEY, reader.public_key, DIGEST) for _ in range(20)}) == 20


@both
def test_nobody_else_opens_it(reader: PrivateKey) -> None:
    entry = reader_entry.make(KEY, reader.public_key, DIGEST)
    other = PrivateKey.generate(reader.public_key.algorithm)
    assert code_of(lambda: reader_entry.open_entry(entry, other)) == "entry.other-reader"
    assert code_of(lambda: reader_entry.open_entry(entry, reader, b"\6" * 32)) == "entry.other-digest"
    assert code_of(lambda: jwe.decrypt(entry, other)) == "entry.sealed-wrong"
    for wrong in READERS.values():
        if wrong is not reader:
            assert code_of(lambda key=wrong: jwe.decrypt(entry, key)) == "entry.sealed-wrong"  # type: ignore[misc]


def test_the_private_key_may_come_from_a_jwk() -> None:
    for reader in READERS.values():
        again = PrivateKey.from_jwk(reader.private_jwk())
        assert reader_entry.open_entry(reader_entry.make(KEY, again.public_key, DIGEST), again) == KEY


def test_a_signing_key_reads_nothing() -> None:
    for algorithm in (Algorithm.ES256, Algorithm.ED25519):
        signer = PrivateKey.generate(algorithm)
        assert code_of(lambda key=signer: reader_entry.make(KEY, key.public_key, DIGEST)) == "entry.reader-key"  # type: ignore[misc]
    signer = PrivateKey.generate(Algorithm.ES256)
    entry = jwe.encrypt(KEY, READERS[Algorithm.ECDH_P256].public_key, "kid", "")
    assert code_of(lambda: jwe.decrypt(entry, signer)) == "entry.reader-key"


@pytest.mark.parametrize(
    "key",
    [
        PublicKey(Algorithm.X25519, bytes(32)),
        PublicKey(Algorithm.X25519, b"\1" + bytes(31)),
        PublicKey(Algorithm.ECDH_P256, b"\1" * 32, b"\1" * 32),
    ],
)
def test_a_key_that_is_no_point_gets_no_entry(key: PublicKey) -> None:
    assert code_of(lambda: reader_entry.make(KEY, key, DIGEST)) == "jwk.point"


def test_wrong_lengths_make_no_entry() -> None:
    reader = READERS[Algorithm.X25519].public_key
    for key, digest in ((KEY[:31], DIGEST), (KEY + b"\0", DIGEST), (KEY, b""), (KEY, DIGEST * 2)):
        assert code_of(lambda k=key, d=digest: reader_entry.make(k, reader, d)) == "entry.content-key"  # type: ignore[misc]


@both
def test_joserfc_alone_opens_it_and_makes_the_same(reader: PrivateKey) -> None:
    kind = OKPKey if reader.public_key.algorithm is Algorithm.X25519 else ECKey
    entry = reader_entry.make(KEY, reader.public_key, DIGEST)
    assert joserfc_jwe.decrypt_compact(entry, kind.import_key({**reader.private_jwk()})).plaintext == KEY
    header = {"alg": jwe.ALG, "enc": jwe.ENC, "kid": reader.public_key.kid, "apv": base64url.encode(DIGEST)}
    theirs = joserfc_jwe.encrypt_compact(header, KEY, kind.import_key({**reader.public_key.jwk()}))
    assert reader_entry.open_entry(theirs, reader, DIGEST) == KEY


@both
@given(plaintext=st.binary(max_size=200), kid=st.text(max_size=50), apv=st.binary(max_size=80))
def test_joserfc_opens_whatever_is_written(reader: PrivateKey, plaintext: bytes, kid: str, apv: bytes) -> None:
    kind = OKPKey if reader.public_key.algorithm is Algorithm.X25519 else ECKey
    kid = kid.encode("utf-8", "replace").decode()
    written = jwe.encrypt(plaintext, reader.public_key, kid, base64url.encode(apv))
    opened = joserfc_jwe.decrypt_compact(written, kind.import_key({**reader.private_jwk()}))
    assert opened.plaintext == plaintext
    assert opened.protected["kid"] == kid


@both
def test_every_entry_has_a_fresh_key_and_nonce(reader: PrivateKey) -> None:
    entries = [reader_entry.make(KEY, reader.public_key, DIGEST).split(".") for _ in range(20)]
    headers = [json.loads(base64url.decode(entry[0])) for entry in entries]
    assert len({header["epk"]["x"] for header in headers}) == 20
    assert all(len({entry[part] for entry in entries}) == 20 for part in (1, 2, 3, 4))
    assert {tuple(header) for header in headers} == {("alg", "apv", "enc", "epk", "kid")}


@both
@given(data=st.data())
def test_a_changed_character_spoils_it(reader: PrivateKey, data: st.DataObject) -> None:
    entry = ENTRIES[reader.public_key.kid]
    place = data.draw(st.integers(0, len(entry) - 1))
    other = data.draw(st.characters(max_codepoint=300).filter(lambda c: c != entry[place]))
    changed = entry[:place] + other + entry[place + 1 :]
    assert code_of(lambda: reader_entry.open_entry(changed, reader, DIGEST)).startswith("entry.")
    assert code_of(lambda: jwe.decrypt(changed, reader)).startswith("entry.")


@given(st.text(max_size=80) | st.lists(st.binary(max_size=40), min_size=5, max_size=5).map(
    lambda parts: ".".join(map(base64url.encode, parts))
))  # fmt: skip
def test_rubbish_is_refused(entry: str) -> None:
    for call in (reader_entry.check_form, reader_entry.kid_of, reader_entry.digest_of):
        assert code_of(lambda call=call: call(entry)) == "entry.form"  # type: ignore[misc]


def with_header(entry: str, change: Callable[[dict[str, Any]], object]) -> str:
    first, rest = entry.split(".", 1)
    header = json.loads(base64url.decode(first))
    change(header)
    return base64url.encode(json.dumps(header).encode()) + "." + rest


POINT = PrivateKey.generate(Algorithm.X25519).public_key.jwk()["x"]


@pytest.mark.parametrize(
    "change",
    [
        lambda h: h.update(alg="ECDH-ES"),
        lambda h: h.update(alg="dir"),
        lambda h: h.update(alg="none"),
        lambda h: h.update(alg=["ECDH-ES+A256KW"]),
        lambda h: h.update(enc="A128GCM"),
        lambda h: h.update(enc=None),
        lambda h: h.update(zip="DEF"),
        lambda h: h.update(crit=["exp"], exp=1),
        lambda h: h.update(jku="https://example.com/keys"),
        lambda h: h.update(jwk={}),
        lambda h: h.update(x5u="https://example.com/cert"),
        lambda h: h.update(apu="AA"),
        lambda h: h.pop("alg"),
        lambda h: h.pop("epk"),
        lambda h: h.pop("kid"),
        lambda h: h.pop("apv"),
        lambda h: h.update(kid=7),
        lambda h: h.update(kid="me"),
        lambda h: h.update(apv="AA"),
        lambda h: h.update(apv="=" * 43),
        lambda h: h.update(epk="none"),
        lambda h: h.update(epk={}),
        lambda h: h.update(epk={"kty": ["OKP"], "crv": "X25519", "x": POINT}),
        lambda h: h.update(epk={"kty": "OKP", "crv": ["X25519"], "x": POINT}),
        lambda h: h.update(epk={"kty": "OKP", "crv": "X25519", "x": 7}),
        lambda h: h.update(epk={"kty": "OKP", "crv": "X25519", "x": "A" * 43}),
        lambda h: h.update(epk={"kty": "OKP", "crv": "X448", "x": POINT}),
        lambda h: h.update(epk={"kty": "OKP", "crv": "Ed25519", "x": POINT}),
        lambda h: h.update(epk={"kty": "OKP", "crv": "X25519", "x": POINT, "d": POINT}),
        lambda h: h.update(epk={"kty": "EC", "crv": "P-256", "x": POINT, "y": POINT}),
        lambda h: h.update(epk={"kty": "EC", "crv": "P-384", "x": POINT, "y": POINT}),
    ],
)
def test_another_header_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    reader = READERS[Algorithm.X25519]
    entry = with_header(reader_entry.make(KEY, reader.public_key, DIGEST), change)
    assert code_of(lambda: reader_entry.check_form(entry)) == "entry.form"
    assert code_of(lambda: reader_entry.open_entry(entry, reader)) == "entry.form"


def test_a_member_twice_is_refused() -> None:
    entry = reader_entry.make(KEY, READERS[Algorithm.X25519].public_key, DIGEST)
    first, rest = entry.split(".", 1)
    header = base64url.decode(first)
    twice = base64url.encode(header[:-1] + b',"alg":"ECDH-ES+A256KW"}') + "." + rest
    assert code_of(lambda: reader_entry.check_form(twice)) == "entry.form"


def test_another_key_length_is_refused() -> None:
    reader = READERS[Algorithm.X25519].public_key
    for size in (0, 16, 31, 33, 5000):
        entry = jwe.encrypt(bytes(size), reader, reader.kid, base64url.encode(DIGEST))
        assert code_of(lambda entry=entry: reader_entry.check_form(entry)) == "entry.form"  # type: ignore[misc]
    assert code_of(lambda: reader_entry.check_form("A" * 10_000_000)) == "entry.form"


def test_the_digest_is_bound_by_the_key_derivation() -> None:
    reader = READERS[Algorithm.X25519]
    entry = reader_entry.make(KEY, reader.public_key, DIGEST)
    moved = with_header(entry, lambda header: header.update(apv=base64url.encode(b"\6" * 32)))
    assert code_of(lambda: reader_entry.open_entry(moved, reader, b"\6" * 32)) == "entry.sealed-wrong"


@pytest.mark.parametrize("extra", [{"zip": "DEF"}, {"crit": ["exp"]}, {"jku": "https://example.com"}, {"typ": "x"}])
def test_a_header_member_of_no_use_is_refused_in_every_jwe(extra: dict[str, Any]) -> None:
    reader = READERS[Algorithm.X25519]
    more = with_header(reader_entry.make(KEY, reader.public_key, DIGEST), lambda header: header.update(extra))
    assert code_of(lambda: jwe.parse(more)) == "entry.form"


@pytest.mark.parametrize("part", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [0, 8, 12, 15, 17, 24])
def test_a_part_of_another_length_is_refused(part: int, size: int) -> None:
    parts = reader_entry.make(KEY, READERS[Algorithm.X25519].public_key, DIGEST).split(".")
    if len(base64url.decode(parts[part])) != size:
        parts[part] = base64url.encode((base64url.decode(parts[part]) * 2)[:size])
        assert code_of(lambda: reader_entry.check_form(".".join(parts))) == "entry.form"
