"""Headers: one form only, every field of its shape, and the chain's own hash over them."""

from collections.abc import Callable
from typing import Any

import pytest
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from ledger import strict_rlp
from ledger.block_header import FIELDS, LONGEST_HEADER, BlockHeader
from ledger.chain import Chain
from ledger.header_answer import header_of
from tests.consortium import Consortium
from tests.ledger import recorded_qbft
from tests.ledger.code_of import code_of
from tests.ledger.sealed_headers import plain

HEADER = plain(7, keccak(b"parent"), b"extra", base_fee=True)
LATER = (bytes(32), b"\x01", b"", bytes(32), bytes(32))


def refused(raw: bytes) -> None:
    assert code_of(BlockHeader.from_rlp, raw) == "finality.form"


def test_what_a_header_says() -> None:
    header = BlockHeader.from_rlp(HEADER.rlp)
    assert header == HEADER
    assert (header.number, header.time, header.difficulty) == (7, 1_700_000_007, 1)
    assert (header.parent_hash, header.extra_data) == (keccak(b"parent"), b"extra")
    assert header.state_root == keccak(b"state 7")
    assert header.hash() == keccak(header.rlp)
    assert header.with_extra_data(b"other").extra_data == b"other"
    assert header.with_extra_data(b"other").with_extra_data(b"extra") == header


@pytest.mark.parametrize("count", range(15, 22))
def test_the_forks_fields(count: int) -> None:
    fields = (*HEADER.fields, *LATER)[:count]
    assert BlockHeader.from_rlp(strict_rlp.encode(list(fields))).fields == fields


@pytest.mark.parametrize("count", [0, 1, 14, 22])
def test_other_counts_of_fields(count: int) -> None:
    refused(strict_rlp.encode([*HEADER.fields, *LATER, b""][:count]))


@pytest.mark.parametrize("place", range(len(FIELDS)))
def test_each_field_has_its_shape(place: int) -> None:
    fields: list[strict_rlp.Item] = [*HEADER.fields, *LATER]
    bad: list[strict_rlp.Item] = [[b"a"]]
    if FIELDS[place].is_number:
        bad += [b"\0", b"\0\x01", b"\x01" + bytes(32)]
    elif FIELDS[place].size is not None:
        bad += [b"", bytes(FIELDS[place].size - 1), bytes(FIELDS[place].size + 1)]
    for value in bad:
        refused(strict_rlp.encode([*fields[:place], value, *fields[place + 1 :]]))


def test_sizes_of_numbers() -> None:
    difficulty = (*HEADER.fields[:7], b"\xff" * 32, *HEADER.fields[8:])
    assert BlockHeader.from_rlp(strict_rlp.encode(list(difficulty))).difficulty == 2**256 - 1
    refused(strict_rlp.encode([*HEADER.fields[:8], b"\x01" + bytes(8), *HEADER.fields[9:]]))


@pytest.mark.parametrize("raw", [b"", b"\x80", b"\xc0", b"a", HEADER.rlp + b"\0", HEADER.rlp[:-1], b"\xf9" * 500])
def test_no_list_of_fields(raw: bytes) -> None:
    refused(raw)


def test_too_long() -> None:
    refused(HEADER.with_extra_data(bytes(LONGEST_HEADER)).rlp)


@given(st.integers(0, len(HEADER.rlp) - 1), st.integers(1, 255))
def test_a_changed_byte_changes_the_hash_or_is_refused(place: int, change: int) -> None:
    raw = bytearray(HEADER.rlp)
    raw[place] ^= change
    if code_of(BlockHeader.from_rlp, bytes(raw)) != "finality.form":
        header = BlockHeader.from_rlp(bytes(raw))
        assert header.rlp == bytes(raw)
        assert header.hash() != HEADER.hash()


@given(st.binary(max_size=700))
def test_any_bytes(raw: bytes) -> None:
    assert code_of(BlockHeader.from_rlp, raw) == "finality.form" or BlockHeader.from_rlp(raw).rlp == raw


def test_headers_of_the_embedded_chain(consortium: Consortium) -> None:
    chain = consortium.chain
    for number in range(chain.head().number + 1):
        block, header = chain.block(number), BlockHeader.from_rlp(chain.header(number))
        assert block is not None
        assert (header.hash(), header.number, header.time) == (block.hash, number, block.timestamp)
        assert (header.parent_hash, header.state_root) == (block.parent_hash, block.state_root)


def test_a_block_that_is_not_there(consortium: Consortium) -> None:
    assert code_of(consortium.chain.header, 10**6) == "chain.no-block"


@recorded_qbft.needed
def test_recorded_headers_have_the_hash_that_the_node_states() -> None:
    for number, block in enumerate(recorded_qbft.BLOCKS):
        assert header_of(block, number).number == number


def _lying(consortium: Consortium, change: Callable[[dict[str, Any]], object]) -> Chain:
    def transport(method: str, params: list[Any]) -> dict[str, Any]:
        response = consortium.chain.transport(method, params)
        changed = change(dict(response["result"]))
        return {**response, "result": changed}

    return Chain(transport)


@pytest.mark.parametrize("name", [field.name for field in FIELDS[:16]])
def test_each_field_of_an_answer_changed(consortium: Consortium, name: str) -> None:
    true = consortium.chain.transport("eth_getBlockByNumber", ["0x1", False])["result"][name]
    for value in ("0x" + "12" * 20, "0x1", "0x", "12", "0x123456zz", "-0x1", None, 7, [], {}):
        if value != true:
            chain = _lying(consortium, lambda block, value=value: {**block, name: value})  # type: ignore[misc]
            assert code_of(chain.header, 1) == "chain.answer", value


@pytest.mark.parametrize("answer", [[], "block", 7, {}, {"hash": "0x"}, True])
def test_an_answer_that_is_no_block(consortium: Consortium, answer: object) -> None:
    assert code_of(_lying(consortium, lambda _: answer).header, 1) == "chain.answer"


def test_another_block_than_the_one_asked_for(consortium: Consortium) -> None:
    other = consortium.chain.transport("eth_getBlockByNumber", ["0x2", False])["result"]
    assert code_of(_lying(consortium, lambda _: other).header, 1) == "chain.answer"


def test_another_hash_than_that_of_the_header(consortium: Consortium) -> None:
    assert code_of(_lying(consortium, lambda block: {**block, "hash": "0x" + "12" * 32}).header, 1) == "chain.answer"
