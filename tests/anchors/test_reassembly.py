"""Reading a payload back: right blocks in the right shape, or nothing."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchors.cid import Cid, Codec, blocks
from anchors.reassembly import Reassembly
from anchors.unixfs import Link, encode_node
from ledger.errors import Invalid


def reading(found: dict[Cid, bytes], limit: int = 10_000, chunk: int = 16, max_links: int = 3) -> Reassembly:
    return Reassembly(found.__getitem__, limit, chunk, max_links)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Invalid) as raised:
        call()
    return raised.value.code


@given(st.binary(max_size=900))
def test_what_was_taken_apart_comes_back(data: bytes) -> None:
    made = list(blocks(data, 16, 3))
    assert reading(dict(made)).read(made[-1][0]) == data


@given(st.binary(min_size=17, max_size=400), st.data())
def test_a_wrong_block_is_refused(data: bytes, draw: st.DataObject) -> None:
    made = list(blocks(data, 16, 3))
    victim = draw.draw(st.sampled_from(made))[0]
    wrong = draw.draw(st.binary(max_size=80).filter(lambda block: not victim.matches(block)))
    assert refusal(lambda: reading(dict(made) | {victim: wrong}).read(made[-1][0])) == "block.hash"


def test_a_file_over_the_limit_is_refused_by_its_root_alone() -> None:
    made = list(blocks(bytes(100), 16, 3))
    assert refusal(lambda: reading(dict(made[-1:]), limit=99).read(made[-1][0])) == "payload.too-large"
    assert reading(dict(made), limit=100).read(made[-1][0]) == bytes(100)
    raw = list(blocks(bytes(11), 16))
    assert refusal(lambda: reading(dict(raw), limit=10).read(raw[0][0])) == "payload.too-large"


def leaf(data: bytes) -> tuple[Link, Cid, bytes]:
    cid = Cid.of_block(Codec.RAW, data)
    return Link(bytes(cid), len(data), len(data)), cid, data


FULL, REST = leaf(b"sixteen bytes...")[0], leaf(b"rest")[0]


@pytest.mark.parametrize(
    "links",
    [
        [REST, FULL],  # a short chunk first
        [FULL],  # one chunk needs no node
        [FULL, FULL, FULL, REST],  # more links than a node has
        [FULL, Link(REST.cid, REST.total, 5)],  # states more than is there
        [FULL, Link(REST.cid, REST.total, 3)],
        [FULL, Link(REST.cid, REST.total + 1, REST.size)],
        [FULL, Link(FULL.cid, 16, 0)],  # a child of no size
        [FULL, Link(bytes(Cid.of_block(Codec.DAG_PB, b"rest")), 4, 4)],
        [FULL, Link(b"\x01\x55\x13\x20" + bytes(32), 4, 4)],  # another hash function
        [Link(FULL.cid, 16, 2**62), REST],
    ],
)
def test_a_tree_of_another_shape_is_refused(links: list[Link]) -> None:
    node = encode_node(links)
    root = Cid.of_block(Codec.DAG_PB, node)
    found = {root: node}
    for data in (b"sixteen bytes...", b"rest"):
        for codec in Codec:
            found[Cid.of_block(codec, data)] = data
    code = refusal(lambda: reading(found, limit=1000).read(root))
    assert code in ("unixfs.form", "cid.form", "payload.too-large")


def test_a_node_is_never_taken_for_the_bytes_of_a_file() -> None:
    node = encode_node([Link(FULL.cid, 52, 52)])
    root = Cid.of_block(Codec.DAG_PB, node)
    assert len(node) == 52
    assert refusal(lambda: reading({root: node}, chunk=100).read(root)) == "unixfs.form"


def test_the_bytes_of_a_file_are_never_taken_for_a_node() -> None:
    node = encode_node([Link(FULL.cid, 60, 60), Link(FULL.cid, 38, 38)])
    root = Cid.of_block(Codec.RAW, node)
    assert len(node) == 98
    assert refusal(lambda: reading({root: node}, chunk=60).read(root)) == "unixfs.form"


def test_a_lying_root_costs_one_block() -> None:
    asked = []
    node = encode_node([Link(FULL.cid, 60, 20)] * 3)
    root = Cid.of_block(Codec.DAG_PB, node)

    def get_block(cid: Cid) -> bytes:
        asked.append(cid)
        return node

    assert refusal(lambda: Reassembly(get_block, 1000, 16, 3).read(root)) == "unixfs.form"
    assert asked == [root]


def test_what_the_source_raises_comes_through() -> None:
    made = list(blocks(bytes(40), 16, 3))
    with pytest.raises(KeyError):
        reading(dict(made[-1:])).read(made[-1][0])
