"""One envelope, one string of bytes: nobody but the issuer can make a second one that verifies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.envelope import MAX_BYTES, MAX_DISCLOSURES, Envelope, parse, verify
from ledger.errors import Invalid
from ledger.private_key import PrivateKey
from tests.ledger.envelope_cases import ED25519, ES256, issued, refusal

ENVELOPES = [(issued(key), key) for key in (ES256, ED25519)]
TEXT = ENVELOPES[0][0].serialize()
JWT = ENVELOPES[0][0].jwt


def accepted(text: bytes | str, key: PrivateKey = ES256) -> Envelope | None:
    try:
        envelope = parse(text)
        verify(envelope, key.public_key)
    except Invalid:
        return None
    return envelope


@given(st.sampled_from(ENVELOPES), st.integers(0), st.integers(0, 7))
def test_no_flipped_bit_is_accepted(case: tuple[Envelope, PrivateKey], place: int, bit: int) -> None:
    data = bytearray(case[0].serialize().encode())
    data[place % len(data)] ^= 1 << bit
    assert accepted(bytes(data), case[1]) is None


@given(st.sampled_from(ENVELOPES), st.integers(0))
def test_nothing_shorter_is_accepted_but_whole_disclosures_fewer(case: tuple[Envelope, PrivateKey], end: int) -> None:
    text = case[0].serialize()
    cut = text[: end % len(text)]
    envelope = accepted(cut, case[1])
    assert (envelope is not None) == (cut.endswith("~"))
    assert envelope is None or envelope.digest == case[0].digest


@given(st.integers(0), st.text(alphabet="A_-=~. \r\n\tAé\0", min_size=1, max_size=3))
def test_nothing_longer_is_accepted(place: int, more: str) -> None:
    place %= len(TEXT) + 1
    assert accepted(TEXT[:place] + more + TEXT[place:]) is None


@given(st.permutations(range(len(TEXT.split("~")) - 1)))
def test_disclosures_in_another_order_are_the_same_document(order: list[int]) -> None:
    parts = TEXT.split("~")
    text = "~".join([parts[index] for index in order] + [""])
    envelope = accepted(text)
    assert (envelope is not None) == (order[0] == 0)
    assert envelope is None or (envelope.serialize(), envelope.digest) == (text, ENVELOPES[0][0].digest)


@given(st.text(alphabet="eyJhbGciOi.~ _-", max_size=60) | st.text(max_size=30) | st.binary(max_size=60))
def test_noise_is_refused_and_never_crashes(noise: str | bytes) -> None:
    assert refusal(parse, noise).startswith("envelope.")


@given(st.integers(0, 2), st.integers(0, 2))
def test_parts_in_another_order_are_refused(one: int, other: int) -> None:
    parts = JWT.split(".")
    parts[one], parts[other] = parts[other], parts[one]
    assert (accepted(".".join(parts) + "~") is None) == (one != other)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "form"),
        (JWT, "form"),
        ("~", "form"),
        ("~~", "form"),
        (JWT + "~~", "form"),
        (TEXT + "~", "form"),
        (TEXT + "\n", "key-binding"),
        (TEXT + "\r\n", "key-binding"),
        (TEXT + JWT, "key-binding"),
        (TEXT[:-1], "key-binding"),
        (" " + TEXT, "base64url"),
        ("\ufeff" + TEXT, "form"),
        (TEXT.replace("~", "\r\n~", 1), "base64url"),
        (TEXT.replace("~", "=~", 1), "base64url"),
        (TEXT.replace("~", "==~"), "base64url"),
        (TEXT.replace(".", "=."), "base64url"),
        (JWT.rpartition(".")[0] + ".~", "signature"),
        (JWT.rpartition(".")[0] + "~", "form"),
        (JWT + ".AAAA~", "form"),
        (JWT[:-2] + "~", "signature"),
        (JWT + "AAAA~", "signature"),
        ('{"payload":"x"}', "form"),
    ],
)
def test_other_forms_are_refused(text: str, code: str) -> None:
    assert refusal(parse, text) == f"envelope.{code}"
    assert refusal(parse, text.encode()) == f"envelope.{code}"


def test_stray_bits_in_the_last_character_are_refused() -> None:
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twins = [JWT[:-1] + character for character in last if character != JWT[-1]]
    codes = [refusal(lambda text=twin: verify(parse(text), ES256.public_key), *()) for twin in (t + "~" for t in twins)]
    # 64 bytes are 86 characters, the last of which carries two bits and leaves four.
    assert codes.count("envelope.base64url") == 60
    assert set(codes) <= {"envelope.base64url", "envelope.signature", "envelope.high-s"}


def test_too_much_is_refused_before_it_is_read() -> None:
    assert refusal(parse, b"\xff" * (MAX_BYTES + 1)) == "envelope.size"
    assert refusal(parse, JWT + "~" * (MAX_DISCLOSURES + 2)) == "envelope.disclosure-count"
    assert refusal(parse, JWT + "~" * (MAX_DISCLOSURES + 1)) == "envelope.form"
