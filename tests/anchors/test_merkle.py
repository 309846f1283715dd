"""The tree against its definition in RFC 9162 and against other people's proofs."""

import json
import os
from base64 import b64decode
from collections.abc import Sequence
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchors import merkle
from ledger.errors import Invalid

VECTORS = Path(__file__).parents[3] / "shared/vectors/merkle"
needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason="../shared/vectors is not here")


# The definitions of RFC 9162 §2.1, word for word, as the model.
def split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def defined_root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return sha256(b"\x01" + defined_root(leaves[:k]) + defined_root(leaves[k:])).digest()


def defined_path(index: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    if len(leaves) == 1:
        return ()
    k = split(len(leaves))
    if index < k:
        return (*defined_path(index, leaves[:k]), defined_root(leaves[k:]))
    return (*defined_path(index - k, leaves[k:]), defined_root(leaves[:k]))


def defined_subproof(first: int, leaves: Sequence[bytes], complete: bool) -> tuple[bytes, ...]:
    if first == len(leaves):
        return () if complete else (defined_root(leaves),)
    k = split(len(leaves))
    if first <= k:
        return (*defined_subproof(first, leaves[:k], complete), defined_root(leaves[k:]))
    return (*defined_subproof(first - k, leaves[k:], False), defined_root(leaves[:k]))


def digests(size: int) -> list[bytes]:
    return [sha256(number.to_bytes(4, "big")).digest() for number in range(size)]


SIZES = sorted({*range(1, 34), 63, 64, 65, 100, 127, 128, 129, 255, 257})


@pytest.mark.parametrize("size", SIZES)
def test_root_and_every_path_are_the_defined_ones(size: int) -> None:
    leaves = digests(size)
    root = merkle.root(leaves)
    assert root == defined_root(leaves)
    paths = merkle.inclusion_paths(leaves)
    assert len(paths) == size
    for index, path in enumerate(paths):
        assert path == defined_path(index, leaves) == merkle.inclusion_path(leaves, index)
        assert merkle.verify_inclusion(leaves[index], index, size, path, root)


@pytest.mark.parametrize("size", [size for size in SIZES if size < 128])
def test_every_consistency_path_is_the_defined_one(size: int) -> None:
    leaves = digests(size)
    for first in range(1, size + 1):
        path = merkle.consistency_path(leaves, first)
        assert path == defined_subproof(first, leaves, True)
        assert merkle.verify_consistency(first, size, path, merkle.root(leaves[:first]), merkle.root(leaves))


def test_no_leaf_has_the_root_of_nothing() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.inclusion_paths([]) == []


@given(st.integers(1, 70), st.data())
def test_a_path_holds_at_its_place_only(size: int, data: st.DataObject) -> None:
    leaves = digests(size)
    index = data.draw(st.integers(0, size - 1))
    root, path = merkle.root(leaves), merkle.inclusion_path(leaves, index)
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index)) if size > 1 else -1
    assert not merkle.verify_inclusion(leaves[index], other, size, path, root)
    assert not merkle.verify_inclusion(leaves[other], index, size, path, root) or size == 1
    assert not merkle.verify_inclusion(sha256(b"else").digest(), index, size, path, root)
    assert not merkle.verify_inclusion(leaves[index], index, size, (*path, root), root)
    assert not merkle.verify_inclusion(leaves[index], index, size, path, sha256(root).digest())
    if path:
        assert not merkle.verify_inclusion(leaves[index], index, size, path[:-1], root)


@pytest.mark.parametrize("size", range(1, 10))
def test_a_path_is_refused_wherever_another_length_belongs(size: int) -> None:
    leaves = digests(size)
    root, paths = merkle.root(leaves), merkle.inclusion_paths(leaves)
    for claimed in range(1, 18):
        for index, place in product(range(size), range(claimed)):
            if len(defined_path(place, digests(claimed))) != len(paths[index]):
                assert not merkle.verify_inclusion(leaves[index], place, claimed, paths[index], root)


@given(st.integers(1, 40), st.integers(0, 31), st.integers(0, 7), st.data())
def test_one_bit_spoils_a_proof(size: int, byte: int, bit: int, data: st.DataObject) -> None:
    leaves = digests(size)
    first = data.draw(st.integers(1, size))
    path = list(merkle.consistency_path(leaves, first))
    roots = [merkle.root(leaves[:first]), merkle.root(leaves)]
    place = data.draw(st.integers(0, len(path) + 1))
    parts = [*roots, *path]
    parts[place] = bytes(v ^ (1 << bit) if i == byte else v for i, v in enumerate(parts[place]))
    assert not merkle.verify_consistency(first, size, parts[2:], parts[0], parts[1])


hashes = st.binary(min_size=31, max_size=33) | st.binary(min_size=32, max_size=32)
numbers = st.integers(-3, 20) | st.sampled_from([2**31, 2**64, 2**64 + 1, 2**5000])


@given(hashes, numbers, numbers, st.lists(hashes, max_size=70), hashes)
def test_rubbish_is_refused_without_an_exception(
    leaf: bytes, index: int, size: int, path: list[bytes], root: bytes
) -> None:
    assert not merkle.verify_inclusion(leaf, index, size, path, root)
    assert not merkle.verify_consistency(index, size, path, leaf, root) or (index == size and leaf == root)


@pytest.mark.parametrize("bad", [None, "00" * 16, 7, bytearray(32), b"", b"\0" * 31, b"\0" * 33])
def test_what_is_no_hash_is_refused(bad: Any) -> None:
    leaf = digests(1)[0]
    assert not merkle.verify_inclusion(bad, 0, 1, (), merkle.root([leaf]))
    assert not merkle.verify_inclusion(leaf, 0, 2, (bad,), merkle.root([leaf]))
    assert not merkle.verify_inclusion(leaf, 0, 1, (), bad)
    assert not merkle.verify_consistency(1, 2, (leaf,), bad, leaf)
    assert not merkle.verify_consistency(1, 2, (leaf,), leaf, bad)
    assert not merkle.verify_consistency(1, 2, (bad,), leaf, leaf)
    assert not merkle.verify_inclusion(leaf, bad, 1, (), merkle.root([leaf]))


def test_wrong_use_is_named() -> None:
    leaves = digests(3)
    for call, code in (
        (lambda: merkle.root([b"short"]), "merkle.leaf"),
        (lambda: merkle.inclusion_path(leaves, 3), "merkle.index"),
        (lambda: merkle.inclusion_path(leaves, -1), "merkle.index"),
        (lambda: merkle.consistency_path(leaves, 0), "merkle.size"),
        (lambda: merkle.consistency_path(leaves, 4), "merkle.size"),
    ):
        with pytest.raises(Invalid) as raised:
            call()
        assert raised.value.code == code


def cases(kind: str) -> list[Any]:
    files = sorted((VECTORS / kind).rglob("*.json")) if VECTORS.is_dir() else []
    return [pytest.param(json.loads(file.read_bytes()), id=str(file.relative_to(VECTORS))) for file in files]


def path_of(case: dict[str, Any]) -> list[bytes]:
    return [b64decode(part) for part in case["proof"] or []]


@needs_vectors
def test_all_vectors_are_here() -> None:
    assert len(cases("inclusion")) == len(cases("consistency")) == 98


@needs_vectors
@pytest.mark.parametrize("case", cases("inclusion"))
def test_inclusion_vector(case: dict[str, Any]) -> None:
    reached = merkle.root_from_leaf_hash(
        b64decode(case["leafHash"] or ""), case["leafIdx"], case["treeSize"], path_of(case)
    )
    wanted = b64decode(case["root"] or "")
    assert (reached is not None and reached == wanted) is not case["wantErr"]


@needs_vectors
@pytest.mark.parametrize("case", cases("consistency"))
def test_consistency_vector(case: dict[str, Any]) -> None:
    roots = b64decode(case["root1"] or ""), b64decode(case["root2"] or "")
    holds = merkle.verify_consistency(case["size1"], case["size2"], path_of(case), *roots)
    assert holds is not case["wantErr"]


def test_a_full_batch() -> None:
    leaves = [os.urandom(32) for _ in range(65_536)]
    paths = merkle.inclusion_paths(leaves)
    root = merkle.root(leaves)
    for index in (0, 1, 32_767, 32_768, 65_535):
        assert merkle.verify_inclusion(leaves[index], index, 65_536, paths[index], root)
