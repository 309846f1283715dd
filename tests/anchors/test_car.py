"""CAR version 1: other people's files, our own, and damaged ones."""

import io
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchors import car
from anchors.cid import Cid, Codec, blocks
from anchors.reassembly import Reassembly
from anchors.unixfs import varint
from ledger.errors import Invalid

VECTORS = Path(__file__).parents[3] / "shared/vectors/cid"
CARS = sorted(VECTORS.rglob("*.car"))
FOREIGN = {"symlink.car", "subdomain_gateway/fixtures.car"}  # they hold CIDs of version 0 and SHA-512


def is_foreign(path: Path) -> bool:
    return any(str(path).endswith(name) for name in FOREIGN)


def all_blocks(file: io.BytesIO) -> dict[Cid, bytes]:
    return {section.cid: car.read_block(file, section) for section in car.sections(file)}


@pytest.mark.skipif(not CARS, reason="../shared/vectors is not here")
@pytest.mark.parametrize("path", CARS, ids=lambda path: "/".join(path.parts[-2:]))
def test_vector(path: Path) -> None:
    data = path.read_bytes()
    if is_foreign(path):
        with pytest.raises(Invalid) as raised:
            list(car.sections(io.BytesIO(data)))
        assert raised.value.code == "cid.form"
        return
    roots, found = car.read_header(io.BytesIO(data)), all_blocks(io.BytesIO(data))
    assert all(cid.matches(block) for cid, block in found.items())
    assert set(roots) <= set(found)
    again = io.BytesIO()
    car.write(again, roots, [(s.cid, car.read_block(io.BytesIO(data), s)) for s in car.sections(io.BytesIO(data))])
    assert again.getvalue() == data
    for file in files_of(path):
        content = Reassembly(found.__getitem__, 10_000, chunk=256).read(Cid.parse(file["cid"]))
        assert sha256(content).hexdigest() == file["sha256"]


def files_of(path: Path) -> list[dict[str, Any]]:
    files = json.loads((VECTORS / "cases.json").read_bytes())["files"]
    named = [file for file in files if str(path).endswith(file["car"]) and "sha256" in file]
    assert named
    return named


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_what_is_written_is_read(payloads: list[bytes]) -> None:
    file = io.BytesIO()
    made = [pair for payload in payloads for pair in blocks(payload, 16, 3)]
    roots = [list(blocks(payload, 16, 3))[-1][0] for payload in payloads]
    written = car.write(file, roots, made)
    assert list(car.sections(file)) == written
    assert [car.read_block(file, section) for section in written] == [block for _, block in made]
    assert car.read_header(io.BytesIO(file.getvalue())) == roots


def example() -> bytes:
    file = io.BytesIO()
    made = list(blocks(bytes(range(40)), 16, 3))
    car.write(file, [made[-1][0]], made)
    return file.getvalue()


def test_every_cut_is_noticed_or_ends_between_two_sections() -> None:
    whole = example()
    ends = {section.offset + section.length for section in car.sections(io.BytesIO(whole))}
    first = min(ends) - 16 - 37  # where the header ends
    for size in range(len(whole)):
        if size in ends | {first}:
            continue
        with pytest.raises(Invalid) as raised:
            list(car.sections(io.BytesIO(whole[:size])))
        assert raised.value.code == "car.form"


@given(st.data())
def test_a_changed_byte_raises_invalid_at_most(data: st.DataObject) -> None:
    changed = bytearray(example())
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    file = io.BytesIO(bytes(changed))
    try:
        found = all_blocks(file)
    except Invalid:
        return
    intact = all_blocks(io.BytesIO(example()))
    assert any(not cid.matches(block) for cid, block in found.items()) or found == intact


@given(st.binary(max_size=100))
def test_rubbish_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        list(car.sections(io.BytesIO(data)))


ROOT = cbor2.CBORTag(42, b"\0" + bytes(Cid(Codec.RAW, bytes(32))))


def head(value: object, canonical: bool = True) -> bytes:
    content = cbor2.dumps(value, canonical=canonical)
    return varint(len(content)) + content


@pytest.mark.parametrize(
    "data",
    [
        b"",
        head({"roots": [ROOT], "version": 2}),
        head({"roots": [ROOT], "version": True}),
        head({"roots": [ROOT]}),
        head({"version": 1}),
        head({"roots": [ROOT], "version": 1, "more": 1}),
        head({"roots": ROOT, "version": 1}),
        head({"roots": [cbor2.CBORTag(42, bytes(Cid(Codec.RAW, bytes(32))))], "version": 1}),
        head({"roots": [cbor2.CBORTag(43, ROOT.value)], "version": 1}),
        head({"roots": [cbor2.CBORTag(42, "text")], "version": 1}),
        head({"roots": ["text"], "version": 1}),
        head({"version": 1, "roots": [ROOT]}, canonical=False),
        head([1]),
        varint(2**40),
        varint(car.MAX_HEADER + 1) + bytes(100),
        car.header([]) + b"\xa5\x00" + bytes(Cid(Codec.RAW, bytes(32))) + b"x",  # 37 in two bytes
        b"\x80\x00" + head({"roots": [], "version": 1})[1:],
        car.header([]) + varint(2**62),
        car.header([]) + varint(35) + bytes(35),
        car.header([]) + varint(36 + car.MAX_BLOCK + 1) + bytes(Cid(Codec.RAW, bytes(32))),
    ],
)
def test_other_forms_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        list(car.sections(io.BytesIO(data)))
