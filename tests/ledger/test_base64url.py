import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import base64url
from ledger.errors import Invalid
from tests.ledger.envelope_cases import refusal


@given(st.binary(max_size=200))
def test_there_and_back(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data


@given(st.text(alphabet="ABab09-_+/= \n\r\tzZé", max_size=12))
def test_no_two_texts_give_the_same_bytes(text: str) -> None:
    try:
        data = base64url.decode(text)
    except Invalid:
        return
    assert base64.urlsafe_b64encode(data).decode().rstrip("=") == text


BAD = ["AA==", "A", "AAAAA", "AB", "AA ", "AA\n", "\nAA", "A+", "A/", "A.", "AAé", "٠٠", "AA\0"]


@pytest.mark.parametrize("text", BAD)
def test_refused(text: str) -> None:
    assert refusal(base64url.decode, text) == "base64url.form"


def test_stray_bits_are_refused_and_none_are_not() -> None:
    assert base64url.decode("AA") == b"\0"
    assert [refusal(base64url.decode, "A" + last) for last in "BCDEFGHIJKLMNOP"] == ["base64url.form"] * 15


@given(st.text(alphabet="AQgwEUcskoBhz059-_+/=. \n\0é٠", max_size=9) | st.text(max_size=6))
def test_taken_is_what_the_lenient_library_reads_and_writes_back(text: str) -> None:
    try:
        lenient = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        lenient = None
    if lenient is not None and base64url.encode(lenient) == text:
        assert base64url.decode(text) == lenient
    else:
        assert refusal(base64url.decode, text) == "base64url.form"


def test_of_all_texts_of_two_characters_those_of_one_byte_are_taken() -> None:
    texts = {chr(one) + chr(two) for one in range(128) for two in range(128)}
    taken = {text for text in texts if accepts(text)}
    assert taken == {base64url.encode(bytes([byte])) for byte in range(256)}


def accepts(text: str) -> bool:
    try:
        base64url.decode(text)
    except Invalid:
        return False
    return True
