"""CIDs against Kubo's (the shared vectors), and the one spelling that is read."""

import json
from base64 import b32encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchors.cid import CHUNK, Cid, Codec, blocks, cid_of
from anchors.unixfs import decode_node
from ledger.errors import Invalid

CASES = Path(__file__).parents[3] / "shared/vectors/cid/cases.json"
needs_vectors = pytest.mark.skipif(not CASES.is_file(), reason="../shared/vectors is not here")

HELLO = "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq"  # of b"hello", as IPFS gives it


def vectors() -> dict[str, Any]:
    return json.loads(CASES.read_bytes()) if CASES.is_file() else {"patterned": {"cases": []}, "dag_pb_blocks": []}


def patterned(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


@needs_vectors
@pytest.mark.parametrize("case", vectors()["patterned"]["cases"], ids=lambda case: f"{case['bytes']}-{case['chunk']}")
def test_patterned_bytes_have_the_cid_that_kubo_gives(case: dict[str, Any]) -> None:
    data = patterned(case["bytes"])
    assert sha256(data).hexdigest() == case["sha256"]
    made = list(blocks(data, case["chunk"], max_links=174))
    assert str(made[-1][0]) == case["cid"]
    assert sum(cid.codec is Codec.RAW for cid, _ in made) == case["leaves"]
    assert all(cid.matches(block) for cid, block in made)
    if case["chunk"] == CHUNK or case["bytes"] <= case["chunk"]:
        assert str(cid_of(data)) == case["cid"]


@needs_vectors
@pytest.mark.parametrize("case", vectors()["dag_pb_blocks"], ids=lambda case: case["name"])
def test_dag_pb_block_hashes_to_its_cid(case: dict[str, Any]) -> None:
    cid = Cid.parse(case["cid"])
    assert cid == Cid.of_block(Codec.DAG_PB, bytes.fromhex(case["hex"]))
    with pytest.raises(Invalid):  # none of them is a file of ours
        decode_node(bytes.fromhex(case["hex"]))


def test_a_known_one() -> None:
    assert str(cid_of(b"hello")) == HELLO
    assert Cid.parse(HELLO) == cid_of(b"hello")


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 20 * CHUNK + 7])
def test_the_blocks_hold_the_bytes_and_end_with_the_root(size: int) -> None:
    data = patterned(size)
    made = list(blocks(data))
    assert b"".join(block for cid, block in made if cid.codec is Codec.RAW) == data
    assert made[-1][0] == cid_of(data)
    assert cid_of(data).codec is (Codec.RAW if size <= CHUNK else Codec.DAG_PB)
    assert size > CHUNK or cid_of(data).digest == sha256(data).digest()


def test_a_second_level_begins_behind_1024_links() -> None:
    one, two = list(blocks(patterned(1024), 1)), list(blocks(patterned(1025), 1))
    assert len(one) == 1024 + 1
    assert len(two) == 1025 + 2 + 1
    assert [link.size for link in decode_node(two[-1][1])] == [1024, 1]


@given(st.binary(min_size=32, max_size=32), st.sampled_from(Codec))
def test_text_and_bytes_come_back(digest: bytes, codec: Codec) -> None:
    cid = Cid(codec, digest)
    assert Cid.parse(str(cid)) == cid
    assert Cid.from_bytes(bytes(cid)) == cid


def spelled(data: bytes) -> str:
    return "b" + b32encode(data).decode().rstrip("=").lower()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "b",
        HELLO.upper(),
        HELLO[1:],
        "B" + HELLO[1:],
        HELLO + "=",
        HELLO + "======",
        HELLO[:-1],
        HELLO[:-1] + "f",  # a stray bit behind the last byte
        HELLO[:-1] + "=",
        HELLO[:-1] + "1",
        " " + HELLO[:-1],
        HELLO.replace("i", "ı", 1),  # upper() makes an I of it
        HELLO[:-1] + "é",
        "f" + bytes(cid_of(b"hello")).hex(),
        "z" + HELLO[1:],
        "QmZULkCELmmk5XNfCgTnCyFgAVxBRBXyDHGGMVoLFLiXEN",
        "bafkrgqhhyivzstcz3hhswshfjgy6ertgmnqeleynhwt4dlfsthi4hn7zgh4uvlsb5xncykzapi3ocd4lzogukir6ksdy6wzrnz6ohnv4aglcs",
        spelled(b"\x01\x71\x12\x20" + bytes(32)),  # dag-cbor
        spelled(b"\x02\x55\x12\x20" + bytes(32)),  # version 2
        spelled(b"\x01\x55\x13\x20" + bytes(32)),  # another hash
        spelled(b"\x01\x55\x12\x1f" + bytes(32)),
        spelled(b"\x01\x55\x12\x20" + bytes(31)),
        spelled(b"\x01\x55\x12\x20" + bytes(33)),
        spelled(b"\x01\x55\x00\x20" + bytes(32)),  # identity
        spelled(b"\x01\xd5\x00\x12\x20" + bytes(31)),
    ],
)
def test_every_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as raised:
        Cid.parse(text)
    assert raised.value.code == "cid.form"


@given(st.text(max_size=70) | st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=58, max_size=60))
def test_rubbish_is_refused_or_is_the_one_spelling(text: str) -> None:
    try:
        spelling = str(Cid.parse(text))
    except Invalid:
        return
    assert spelling == text
