"""Clique proofs (EIP-225): a chain sealed with real keys holds, and no mutation of it does."""

import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from ledger.block_header import FIELDS, BlockHeader
from ledger.chain import Chain
from ledger.finality import clique as verifier
from ledger.finality.clique import quorum, verify
from tests.ledger.code_of import code_of
from tests.ledger.sealed_headers import Sealer, clique_chain, malleated, sealers
from tests.ledger.sealed_headers import clique as sealed
from tests.servers.clique import CliqueNetwork

A, B, C = THREE = sealers(3)
STRANGER = Sealer(99)
PINNED = [one.address for one in THREE]
CHAIN = clique_chain([B, C, A, B], THREE)
FAULTS = {"finality.form", "finality.header", "finality.seal", "finality.set", "finality.too-few"}


def fault(headers: Sequence[bytes], signers: Sequence[str] = PINNED) -> str | None:
    return code_of(verify, headers, signers)


def with_seal(raw: bytes, seal: bytes) -> bytes:
    read = BlockHeader.from_rlp(raw)
    return read.with_extra_data(read.extra_data[:-65] + seal).rlp


def seal_of(raw: bytes) -> bytes:
    return BlockHeader.from_rlp(raw).extra_data[-65:]


@pytest.mark.parametrize("base_fee", [False, True])
def test_a_block_is_final_once_all_three_built_upon_it(base_fee: bool) -> None:
    headers = clique_chain([B, C, A, B], THREE, start=7, base_fee=base_fee)
    found = verify(headers, PINNED)
    block = BlockHeader.from_rlp(headers[0])
    assert (found.form, found.number, found.of) == ("clique", 7, 3)
    assert (found.block_hash, found.state_root, found.time) == (keccak(headers[0]), block.state_root, block.time)
    assert found.signers == tuple(PINNED)
    assert verify(headers, PINNED[::-1]) == found


@pytest.mark.parametrize("count", [1, 2, 3])
def test_fewer_descendants(count: int) -> None:
    """The signer of the block itself does not count."""
    assert fault(CHAIN[:count]) == "finality.too-few"


def test_two_of_three_signers_are_never_enough() -> None:
    assert fault(clique_chain([A, B] * 20, THREE)) == "finality.too-few"
    assert fault(clique_chain([*[A, B] * 20, C], THREE)) is None


@pytest.mark.parametrize(("size", "needed"), [(1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5), (7, 5), (10, 7)])
def test_the_quorum_leaves_out_less_than_a_third(size: int, needed: int) -> None:
    members = sealers(size)
    pinned = [one.address for one in members]
    assert quorum(size) == needed
    # whoever comes after the quorum has signed may be down
    turns = [members[-1], *members[: needed if size > 1 else 0], members[-1]]
    assert fault(clique_chain(turns[: needed + 1], members), pinned) is None
    assert fault(clique_chain(turns[:needed], members), pinned) == "finality.too-few"


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("field", range(15))
def test_each_field_of_each_header_changed(place: int, field: int) -> None:
    fields = list(BlockHeader.from_rlp(CHAIN[place]).fields)
    value = fields[field]
    fields[field] = bytes([value[0] ^ 0x40]) + value[1:] if value else b"\x01"
    headers = [*CHAIN[:place], BlockHeader(tuple(fields)).rlp, *CHAIN[place + 1 :]]
    # The last header has no child that names its hash: there, unless it lies, only its seal tells.
    breaks_a_link = place < 3 or FIELDS[field].name in ("parentHash", "number", "timestamp")
    assert fault(headers) == ("finality.header" if breaks_a_link else "finality.seal")


@pytest.mark.parametrize("place", range(4))
def test_each_byte_flipped(place: int) -> None:
    raw = CHAIN[place]
    for at in range(len(raw)):
        flipped = raw[:at] + bytes([raw[at] ^ 0x01]) + raw[at + 1 :]
        assert fault([*CHAIN[:place], flipped, *CHAIN[place + 1 :]]) in {
            "finality.form",
            "finality.header",
            "finality.seal",
        }, at


@given(st.integers(0, 3), st.data())
def test_bytes_cut_out_put_in_and_replaced(place: int, data: st.DataObject) -> None:
    raw = CHAIN[place]
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    other = raw[:start] + data.draw(st.binary(max_size=80)) + raw[end:]
    if other != raw:
        assert fault([*CHAIN[:place], other, *CHAIN[place + 1 :]]) in {
            "finality.form",
            "finality.header",
            "finality.seal",
        }


@pytest.mark.parametrize("place", range(4))
def test_each_seal_mutated(place: int) -> None:
    def put(seal: bytes) -> str | None:
        return fault([*CHAIN[:place], with_seal(CHAIN[place], seal), *CHAIN[place + 1 :]])

    seal = seal_of(CHAIN[place])
    assert put(malleated(seal)) == "finality.seal"
    assert put(seal[:64] + bytes([seal[64] + 27])) == "finality.seal"
    assert put(bytes(65)) == "finality.seal"
    assert put(b"\xff" * 64 + b"\0") == "finality.seal"
    assert put(seal_of(CHAIN[place - 1])) in {"finality.header", "finality.seal"}
    assert put(seal[:64]) == "finality.form"


@pytest.mark.parametrize("place", range(4))
def test_a_header_by_somebody_outside_the_set(place: int) -> None:
    turns = [B, C, A, B]
    turns[place] = STRANGER
    assert fault(clique_chain(turns, THREE)) == "finality.seal"


@pytest.mark.parametrize("place", range(4))
def test_a_header_dropped_doubled_swapped(place: int) -> None:
    others = [*CHAIN[:place], *CHAIN[place + 1 :]]
    assert fault(others) == ("finality.too-few" if place in (0, 3) else "finality.header")
    assert fault([*CHAIN[: place + 1], *CHAIN[place:]]) == "finality.header"
    swapped = list(CHAIN)
    swapped[place], swapped[place - 1] = swapped[place - 1], swapped[place]
    assert fault(swapped) == "finality.header"


def test_headers_of_another_branch() -> None:
    other = clique_chain([C, A, B, C], THREE)
    assert fault([CHAIN[0], *other[1:]]) == "finality.header"
    assert fault(CHAIN[::-1]) == "finality.header"


def test_a_child_that_lies_before_its_parent() -> None:
    """The seal is genuine, and so is the link."""
    early = BlockHeader.from_rlp(sealed(3, keccak(CHAIN[1]), A, THREE))
    fields = (*early.fields[:11], b"\x01", *early.fields[12:])
    bare = BlockHeader(fields).with_extra_data(bytes(32))
    assert fault([*CHAIN[:2], bare.with_extra_data(bytes(32) + A.seal(bare.hash())).rlp]) == "finality.header"


def test_a_number_left_out() -> None:
    """The seal is genuine, and so is the parent's hash."""
    assert fault([*CHAIN[:2], sealed(4, keccak(CHAIN[1]), A, THREE)]) == "finality.header"


@pytest.mark.parametrize("difficulty", [0, 1, 3])
def test_a_difficulty_that_is_not_the_turns(difficulty: int) -> None:
    assert THREE[4 % 3] is B
    last = sealed(4, keccak(CHAIN[2]), B, THREE, difficulty=difficulty)
    assert fault([*CHAIN[:3], last]) == "finality.header"


def test_who_signed_must_wait() -> None:
    """Of floor(n/2) + 1 blocks in a row a signer may sign one."""
    assert fault(clique_chain([A, B, B, C, A], THREE)) == "finality.seal"
    assert fault(clique_chain([A, A, B, C], THREE)) == "finality.seal"
    assert fault(clique_chain([A, B, A, C], THREE)) is None
    five = sealers(5)
    pinned = [one.address for one in five]
    soon, late = [five[place] for place in (0, 1, 2, 1, 3, 4)], [five[place] for place in (0, 1, 2, 3, 1, 4)]
    assert fault(clique_chain(soon, five), pinned) == "finality.seal"
    assert fault(clique_chain(late, five), pinned) is None


def test_a_checkpoint_block_lists_the_signers() -> None:
    def proof(*listed: Sealer) -> list[bytes]:
        first = sealed(30_000, bytes(32), A, THREE, listed=listed)
        second = sealed(30_001, keccak(first), B, THREE)
        third = sealed(30_002, keccak(second), C, THREE)
        return [first, second, third, sealed(30_003, keccak(third), A, THREE)]

    assert fault(proof(*THREE)) is None
    for listed in ([A, B], [B, A, C], [A, B, STRANGER], [A, B, C, STRANGER], [A, B, C, C]):
        assert fault(proof(*listed)) == "finality.set"


def test_another_set_is_pinned() -> None:
    assert fault(CHAIN, PINNED[:2]) == "finality.seal"
    assert fault(CHAIN, [*PINNED[:2], STRANGER.address]) in {"finality.seal", "finality.header"}
    assert fault(CHAIN, [*PINNED, STRANGER.address]) in {"finality.header", "finality.too-few"}


@pytest.mark.parametrize("signers", [[], ["0x12"], [PINNED[0]] * 2, [PINNED[0].lower()], [""]])
def test_pinned_signers_that_are_none(signers: list[str]) -> None:
    assert fault(CHAIN, signers) == "finality.set"


def test_no_headers_and_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fault([]) == "finality.form"
    monkeypatch.setattr(verifier, "MOST_HEADERS", 3)
    assert fault(CHAIN) == "finality.form"


def test_headers_of_no_clique_chain() -> None:
    read = BlockHeader.from_rlp(CHAIN[3])
    for length in (0, 32, 64, 65, 96, 98, 116, 118):
        assert fault([*CHAIN[:3], read.with_extra_data(bytes(length)).rlp]) == "finality.form"
    assert fault([*CHAIN[:3], BlockHeader((*read.fields, b"", bytes(32))).rlp]) == "finality.form"


def test_the_genesis_block_has_no_seal() -> None:
    genesis = BlockHeader.from_rlp(CHAIN[0]).with_extra_data(bytes(32) + b"".join(one.raw for one in THREE) + bytes(65))
    assert fault([genesis.rlp, *CHAIN]) in {"finality.header", "finality.seal"}


@given(st.lists(st.binary(max_size=700), max_size=4))
def test_any_bytes(headers: list[bytes]) -> None:
    assert fault(headers) == "finality.form"


def test_headers_of_geth(clique: CliqueNetwork) -> None:
    """Each block of a running chain is final with the fewest descendants by all three, and by two it is not."""
    chain = Chain.http(clique.rpc[0])
    headers = _linked(chain)
    assert fault([chain.header(0), *headers], clique.signers) == "finality.seal"
    deadline = time.monotonic() + 120
    while fault(headers, clique.signers) == "finality.too-few":
        assert time.monotonic() < deadline
        time.sleep(0.2)
        headers = _linked(chain)
    found, block = verify(headers, clique.signers), chain.block(1)
    assert block is not None
    assert (found.block_hash, found.state_root, found.time) == (block.hash, block.state_root, block.timestamp)
    assert set(found.signers) == set(clique.signers)
    fewest = next(count for count in range(1, len(headers) + 1) if fault(headers[:count], clique.signers) is None)
    assert fault(headers[: fewest - 1], clique.signers) == "finality.too-few"
    assert fault(headers, [*clique.signers[:2], STRANGER.address]) in {"finality.seal", "finality.header"}
    for place in range(fewest):
        other = with_seal(headers[place], malleated(seal_of(headers[place])))
        assert fault([*headers[:place], other, *headers[place + 1 :]], clique.signers) == "finality.seal"
    chain.close()


def _linked(chain: Chain) -> list[bytes]:
    """The headers after block 0, read again where a block was replaced by another meanwhile."""
    while True:
        headers = [chain.header(number) for number in range(1, chain.head().number + 1)]
        if all(BlockHeader.from_rlp(child).parent_hash == keccak(one) for one, child in pairwise(headers)):
            return headers
