"""The text of a QR code by value: what was put in comes out, and nothing else leads to the root of the hour."""

import tracemalloc
import zlib
from dataclasses import replace
from typing import Any

import base45
import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchors import gate_code
from anchors.gate_code import MAX_CONTENT, PREFIX, GateCode
from ledger.errors import Invalid
from tests.anchors.gate_cases import ANCHORED_AT, HOUR, Printed, printed, statement
from tests.ledger.code_of import code_of

STATEMENT = statement()
OTHER = statement(iat=ANCHORED_AT - 59)
ALPHABET = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
sizes = st.tuples(st.integers(1, 40), st.integers(1, 40))


def text_of(content: bytes, prefix: str = PREFIX) -> str:
    return prefix + base45.b45encode(zlib.compress(content, 9)).decode()


def parts(code: GateCode) -> list[Any]:
    found: list[Any] = cbor2.loads(zlib.decompress(base45.b45decode(code.text()[len(PREFIX) :])))
    return found


@given(sizes)
def test_what_was_put_in_comes_out(size: tuple[int, int]) -> None:
    made = printed(STATEMENT, *size)
    read = gate_code.read(made.code.text())
    assert read == made.code
    assert read.hour == HOUR
    assert read.leads_to(made.hour)


def test_the_text_is_what_a_qr_code_holds_in_alphanumeric_mode() -> None:
    text = printed(STATEMENT).code.text()
    assert text.startswith("PS1:")
    assert set(text) <= ALPHABET


@given(sizes, st.data())
def test_no_changed_character_leads_there_with_another_claim(size: tuple[int, int], data: st.DataObject) -> None:
    made = printed(STATEMENT, *size)
    text = made.code.text()
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(sorted(ALPHABET - {text[at]})))
    try:
        read = gate_code.read(text[:at] + other + text[at + 1 :])
    except Invalid as error:
        refused = error.code
    else:
        refused = "" if read != made.code and read.leads_to(made.hour) else "gate.nowhere"
    assert refused.startswith("gate.")


def flip(data: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8 if place == bit // 8 else 0) for place, byte in enumerate(data))


def changed(made: Printed, data: st.DataObject) -> GateCode:
    """Change one thing that is not signed."""
    code, bit = made.code, data.draw(st.integers(0, 255))
    moves: list[GateCode] = [
        replace(code, index=code.index + 1),
        replace(code, size=code.size + 1),
        replace(code, anchored_at=code.anchored_at + 1),
        replace(code, anchored_at=code.anchored_at - 3_600),
        replace(code, hour_index=code.hour_index + 1),
        replace(code, statement=OTHER),
        replace(code, path=(*code.path, bytes(32))),
        replace(code, hour_path=(*code.hour_path, bytes(32))),
    ]
    for name in ("path", "hour_path"):
        path = getattr(code, name)
        for place in range(len(path)):
            flipped = (*path[:place], flip(path[place], bit), *path[place + 1 :])
            moves += [replace(code, **{name: path[:place]}), replace(code, **{name: flipped})]
    return data.draw(st.sampled_from(moves))


@given(sizes, st.data())
def test_nothing_unsigned_can_be_changed(size: tuple[int, int], data: st.DataObject) -> None:
    made = printed(STATEMENT, *size)
    read = gate_code.read(changed(made, data).text())
    assert not read.leads_to(made.hour)


def test_a_code_replayed_with_another_documents_statement_leads_nowhere() -> None:
    made, other = printed(STATEMENT), printed(OTHER)
    stolen = replace(made.code, statement=OTHER)
    assert not gate_code.read(stolen.text()).leads_to(made.hour)
    assert not made.code.leads_to(other.hour)


def test_an_inner_node_is_no_leaf() -> None:
    """The path of a node above the statement's leaf, with the statement's bytes: hashed as a leaf, it is another."""
    code = printed(STATEMENT, leaves=8).code
    higher = replace(code, index=code.index // 2, size=4, path=code.path[1:])
    assert higher.root != code.root


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "gate.code"),
        ("https://example.com", "gate.code"),
        ("HC1:6BF", "gate.code"),
        ("ps1:", "gate.code"),
        ("PS2:ABC", "gate.version"),
        ("PS10:ABC", "gate.version"),
        ("PS1:", "gate.code"),
        ("PS1:A", "gate.code"),
        ("PS1:abc", "gate.code"),
        ("PS1:::::::", "gate.code"),
        ("PS1:ééé", "gate.code"),
        ("PS1:" + "A" * 4_293, "gate.code"),
        (text_of(b""), "gate.form"),
        (text_of(b"\x80"), "gate.code"),
        (text_of(b"\x9f\xff"), "gate.form"),
        (text_of(cbor2.dumps([1] * 7)), "gate.code"),
        (text_of(cbor2.dumps([STATEMENT.data, 0, 1, b"", 1, 0])), "gate.code"),
        (text_of(cbor2.dumps([STATEMENT.data, 0, 1, b"", 1, 0, b"", 0])), "gate.code"),
        (text_of(cbor2.dumps([STATEMENT.data, True, 1, b"", 1, 0, b""])), "gate.code"),
        (text_of(cbor2.dumps([STATEMENT.data, -1, 1, b"", 1, 0, b""])), "gate.code"),
        (text_of(cbor2.dumps([STATEMENT.data, 0, 2**64 - 1 + 1, b"", 1, 0, b""])), "gate.form"),
        (text_of(cbor2.dumps([STATEMENT.data, 0, 1, b"\0" * 31, 1, 0, b""])), "gate.code"),
        (text_of(cbor2.dumps([STATEMENT.data, 0, 1, "", 1, 0, b""])), "gate.code"),
        (text_of(cbor2.dumps([STATEMENT.data, 0, 1, b"\0" * 32 * 65, 1, 0, b""])), "gate.code"),
        (text_of(cbor2.dumps([STATEMENT.data.hex(), 0, 1, b"", 1, 0, b""])), "gate.code"),
        (text_of(cbor2.dumps([STATEMENT.data[:-1], 0, 1, b"", 1, 0, b""])), "gate.form"),
        (text_of(cbor2.dumps([b"", 0, 1, b"", 1, 0, b""])), "gate.form"),
        (text_of(cbor2.dumps([STATEMENT.data, 0, 1, b"", 1, 0, b""]) + b"\0"), "gate.form"),
    ],
)
def test_what_is_no_code_is_refused(text: str, code: str) -> None:
    assert code_of(gate_code.read, text) == code


def test_a_code_that_is_cut_off_or_followed_by_something_is_refused() -> None:
    packed = zlib.compress(cbor2.dumps(parts(printed(STATEMENT).code)), 9)
    for wrong in (packed[:-1], packed[:-4], packed + b"\0", packed + packed):
        assert code_of(gate_code.read, PREFIX + base45.b45encode(wrong).decode()) == "gate.code"


def test_a_bomb_is_refused_before_it_is_large() -> None:
    """What fits into a QR code may stand for a thousand times as much."""
    bomb = text_of(bytes(2_000_000))
    assert len(bomb) < 4_000
    tracemalloc.start()
    try:
        assert code_of(gate_code.read, bomb) == "gate.code"
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()
    assert code_of(gate_code.read, text_of(bytes(MAX_CONTENT + 1))) == "gate.code"


@pytest.mark.parametrize("text", ["GGW", "::", "5R", "A:"])
def test_base45_beyond_its_range_is_refused(text: str) -> None:
    """RFC 9285 §6: three characters above 65535, two above 255, and what another text stands for."""
    assert code_of(gate_code.read, PREFIX + text) == "gate.code"
