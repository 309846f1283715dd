"""Manifests: one form, and nothing in them that a batch cannot be."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchors import manifest
from anchors.cid import CHUNK, Cid, Codec, cid_of
from anchors.manifest import Leaf, LeafType, Manifest
from ledger.errors import Invalid

digests = st.binary(min_size=32, max_size=32)
cids = st.builds(Cid, st.sampled_from(Codec), digests)
issuers = st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,30}[a-z0-9])?", fullmatch=True)
leaves = st.builds(Leaf, digests, issuers, cids)
pairs = st.builds(lambda one, digest: [one, Leaf(digest, one.issuer, None, LeafType.GATE)], leaves, digests)
reports = st.lists(st.builds(lambda digest, issuer: Leaf(digest, issuer, None, LeafType.REPORT), digests, issuers))
batches = (
    st.lists(st.lists(leaves, min_size=1, max_size=3) | pairs, min_size=1, max_size=10).map(
        lambda groups: [leaf for group in groups for leaf in group]
    )
    | reports.filter(bool)
).filter(lambda batch: len({leaf.digest for leaf in batch}) == len(batch))


@given(st.integers(1, 2**64 - 1), batches)
def test_a_manifest_comes_back(chain_id: int, batch: list[Leaf]) -> None:
    data = manifest.encode(chain_id, batch)
    assert manifest.decode(data) == Manifest(chain_id, tuple(batch))


def leaf(number: int, **changes: Any) -> Leaf:
    digest = sha256(number.to_bytes(4, "big")).digest()
    return replace(Leaf(digest, "cn.cosco", cid_of(digest)), **changes)


def test_the_exact_bytes() -> None:
    cid = Cid(Codec.RAW, b"\2" * 32)
    data = manifest.encode(7, [Leaf(b"\1" * 32, "sg.x", cid), Leaf(b"\3" * 32, "sg.x", None, 1)])
    assert data.hex() == (
        "a3" + "6176" + "01" + "65" + b"chain".hex() + "07" + "66" + b"leaves".hex() + "82"
        "84" + "5820" + "01" * 32 + "64" + b"sg.x".hex() + "5824" + "01551220" + "02" * 32 + "00"
        "84" + "5820" + "03" * 32 + "64" + b"sg.x".hex() + "f6" + "01"
    )
    assert manifest.manifest_digest(data) == sha256(data).digest()


def test_a_full_batch() -> None:
    batch = [Leaf(os.urandom(32), "x" * 32, Cid(Codec.DAG_PB, os.urandom(32))) for _ in range(65_536)]
    data = manifest.encode(2**64 - 1, batch)
    assert len(data) <= manifest.MAX_BYTES
    assert manifest.decode(data).leaves == tuple(batch)
    assert len(data) > CHUNK
    assert manifest.manifest_digest(data) == cid_of(data).digest != sha256(data).digest()


def test_a_gate_statement_keeps_its_batch_small() -> None:
    gate, others = leaf(0, payload_cid=None, leaf_type=1), [leaf(number) for number in range(1, 4_097)]
    assert len(manifest.decode(manifest.encode(1, [*others[:-1], gate])).leaves) == 4_096
    assert code_of(lambda: manifest.encode(1, [*others, gate])) == "manifest.size"


def test_a_gate_statement_follows_its_document() -> None:
    gate, another = (leaf(number, payload_cid=None, leaf_type=1) for number in (0, 9))
    for batch in ([gate], [gate, leaf(1)], [leaf(1), gate, another], [leaf(1, issuer="cn.other"), gate]):
        assert code_of(lambda batch=batch: manifest.encode(1, batch)) == "manifest.leaf"  # type: ignore[misc]
    assert len(manifest.decode(manifest.encode(1, [leaf(1), gate, leaf(2), another])).leaves) == 4


def test_reports_are_among_themselves() -> None:
    report, another = (leaf(number, payload_cid=None, leaf_type=2) for number in (0, 9))
    gate = leaf(5, payload_cid=None, leaf_type=1)
    for batch in ([report, leaf(1)], [leaf(1), report], [leaf(1), gate, report], [report, gate]):
        assert code_of(lambda batch=batch: manifest.encode(1, batch)) == "manifest.leaf"  # type: ignore[misc]
    assert manifest.decode(manifest.encode(1, [report, another])).leaves == (report, another)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(Invalid) as raised:
        call()
    return raised.value.code


@pytest.mark.parametrize(
    ("chain_id", "batch", "code"),
    [
        (0, [leaf(1)], "manifest.chain"),
        (2**64, [leaf(1)], "manifest.chain"),
        (True, [leaf(1)], "manifest.chain"),
        (1, [], "manifest.size"),
        (1, [leaf(number) for number in range(65_537)], "manifest.size"),
        (1, [leaf(1), leaf(2), leaf(1)], "manifest.duplicate"),
        (1, [leaf(1), leaf(1, payload_cid=None, leaf_type=1)], "manifest.duplicate"),
        (1, [leaf(1, digest=bytes(31))], "manifest.leaf"),
        (1, [leaf(1, issuer="")], "manifest.leaf"),
        (1, [leaf(1, issuer="CN.COSCO")], "manifest.leaf"),
        (1, [leaf(1, issuer="x" * 33)], "manifest.leaf"),
        (1, [leaf(1, leaf_type=2)], "manifest.leaf"),
        (1, [leaf(1, payload_cid=None, leaf_type=3)], "manifest.leaf"),
        (1, [leaf(1, leaf_type=False)], "manifest.leaf"),
        (1, [leaf(1, leaf_type=1)], "manifest.leaf"),
        (1, [leaf(1, payload_cid=None)], "manifest.leaf"),
    ],
)
def test_what_no_batch_can_be_is_not_written(chain_id: int, batch: list[Leaf], code: str) -> None:
    assert code_of(lambda: manifest.encode(chain_id, batch)) == code


ROW = [b"\1" * 32, "cn.cosco", bytes(Cid(Codec.RAW, b"\2" * 32)), 0]


def written(rows: object = (), **changes: object) -> bytes:
    return cbor2.dumps({"v": 1, "chain": 7, "leaves": rows} | changes, canonical=True)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "manifest.form"),
        (written([ROW]) + b"\0", "manifest.form"),
        (cbor2.dumps({"leaves": [ROW], "v": 1, "chain": 7}), "manifest.form"),
        (cbor2.dumps([ROW], canonical=True), "manifest.form"),
        (written([ROW], more=1), "manifest.form"),
        (written({"a": ROW}), "manifest.form"),
        (written([ROW], v=2), "manifest.version"),
        (written([ROW], v=True), "manifest.version"),
        (written([ROW], v=1.0), "manifest.version"),
        (written([ROW], chain="7"), "manifest.chain"),
        (written([ROW], chain=-7), "manifest.chain"),
        (written([ROW], chain=2**64), "manifest.form"),
        (written([]), "manifest.size"),
        (written([[*ROW[:3], 7]]), "manifest.leaf"),
        (written([[*ROW[:3], True]]), "manifest.leaf"),
        (written([[*ROW[:3], None]]), "manifest.leaf"),
        (written([ROW[:3]]), "manifest.leaf"),
        (written([[*ROW, 0]]), "manifest.leaf"),
        (written([ROW, ROW]), "manifest.duplicate"),
        (written([["1" * 32, *ROW[1:]]]), "manifest.leaf"),
        (written([[[1], *ROW[1:]]]), "manifest.leaf"),
        (written([[ROW[0], b"cn.cosco", *ROW[2:]]]), "manifest.leaf"),
        (written([[ROW[0], ["cn.cosco"], *ROW[2:]]]), "manifest.leaf"),
        (written([[*ROW[:2], "bafk", 0]]), "manifest.leaf"),
        (written([[*ROW[:2], b"\x01\x55\x12\x20", 0]]), "manifest.leaf"),
        (written([[*ROW[:2], None, 0]]), "manifest.leaf"),
        (written([7]), "manifest.leaf"),
        (bytes(manifest.MAX_BYTES + 1), "manifest.too-large"),
        (b"\x81" * manifest.MAX_BYTES, "manifest.form"),
        (b"\x9b" + b"\xff" * 100, "manifest.form"),
    ],
)
def test_what_no_manifest_is_is_not_read(data: bytes, code: str) -> None:
    start = time.process_time()
    assert code_of(lambda: manifest.decode(data)) == code
    assert time.process_time() - start < 5


@given(st.data())
def test_a_changed_byte_is_another_manifest_or_none(data: st.DataObject) -> None:
    before = manifest.encode(7, [leaf(1), leaf(2, payload_cid=None, leaf_type=1)])
    changed = bytearray(before)
    changed[data.draw(st.integers(0, len(before) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        read = manifest.decode(bytes(changed))
    except Invalid:
        return
    assert manifest.encode(read.chain_id, read.leaves) == bytes(changed) != before
