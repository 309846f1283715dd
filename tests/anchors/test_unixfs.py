"""The node of a file: one form, everything else refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchors.unixfs import MAX_NODE, Link, decode_node, encode_node, read_varint, varint
from ledger.errors import Invalid

numbers = st.integers(0, 2**62)
links = st.builds(Link, st.binary(min_size=36, max_size=36), numbers, numbers.map(lambda n: n >> 6))


@given(st.lists(links, min_size=1, max_size=40))
def test_a_node_comes_back(children: list[Link]) -> None:
    assert decode_node(encode_node(children)) == tuple(children)


@given(st.lists(links, min_size=1, max_size=4), st.data())
def test_a_changed_node_is_another_one_or_refused(children: list[Link], data: st.DataObject) -> None:
    node = bytearray(encode_node(children))
    node[data.draw(st.integers(0, len(node) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        read = decode_node(bytes(node))
    except Invalid:
        return
    assert read != tuple(children)
    assert encode_node(read) == bytes(node)


@given(st.binary(max_size=200))
def test_rubbish_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        decode_node(data)


NODE = encode_node([Link(bytes(36), 5, 5)])


@pytest.mark.parametrize(
    "block",
    [
        b"",
        NODE[:-1],
        NODE + b"\0",
        NODE + NODE,
        b"\x12" * 40,
        b"\x12" + b"\xff" * 60,
        bytes(MAX_NODE + 1),
        NODE.replace(b"\x12\x00\x18", b"\x12\x01x\x18"),  # a name
        b"\x0a\x04\x08\x02\x18\x00",  # a file without blocks
    ],
)
def test_other_forms_are_refused(block: bytes) -> None:
    with pytest.raises(Invalid) as raised:
        decode_node(block)
    assert raised.value.code == "unixfs.form"


@given(numbers)
def test_varint_comes_back(number: int) -> None:
    assert read_varint(b"x" + varint(number) + b"x", 1) == (number, 1 + len(varint(number)))


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff" * 9 + b"\x01"])
def test_an_endless_varint_is_refused(data: bytes) -> None:
    with pytest.raises(IndexError):
        read_varint(data, 0)
