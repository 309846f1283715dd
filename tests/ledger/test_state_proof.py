"""State proofs: what was recorded and what the embedded chain gives holds, and no mutation of it does."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from eth_utils import keccak, to_canonical_address, to_checksum_address
from hypothesis import given
from hypothesis import strategies as st
from trie.hexary import HexaryTrie

from ledger import strict_rlp
from ledger.account_proof import AccountProof, SlotProof
from ledger.block_header import BlockHeader
from ledger.chain import Chain
from ledger.state_proof import EMPTY_ROOT, verify_account, verify_state, verify_storage
from tests.consortium import Consortium
from tests.ledger import recorded_qbft
from tests.ledger.code_of import code_of
from tests.ledger.recorded_qbft import RECORDED, header, proof
from tests.servers.anvil import Anvil

CASES = [pytest.param(case, id=str(int(case["block"]["number"], 16))) for case in RECORDED["cases"]]
CONTRACT_AND_SLOTS = [(place, slot) for place in range(len(CASES)) for slot in range(7)]
BAD_NODES = {"proof.form", "proof.nodes"}
PARTING_LATE = (40_364, 105_566)
NOBODY = to_checksum_address("0x" + "5a" * 20)

recorded = recorded_qbft.needed


def state_root(case: dict[str, Any]) -> bytes:
    return BlockHeader.from_rlp(header(int(case["block"]["number"], 16))).state_root


def slot_of(place: int, which: int) -> tuple[bytes, int, SlotProof]:
    found = proof(RECORDED["cases"][place])
    number = list(found.slots)[which]
    return found.storage_root, number, found.slots[number]


@recorded
@pytest.mark.parametrize("case", CASES)
def test_each_recorded_proof_holds(case: dict[str, Any]) -> None:
    found = proof(case)
    assert verify_state(state_root(case), found) is True
    assert len(found.slots) == 7
    values = [int.from_bytes(one.value, "big") for one in found.slots.values()]
    height = int(case["block"]["number"], 16)
    anchored = [at <= height for at in RECORDED["anchored_at_block"]]
    assert [value > 0 for value in values] == [*anchored, False]


@recorded
@pytest.mark.parametrize("case", CASES)
def test_the_account_changed(case: dict[str, Any]) -> None:
    root, found = state_root(case), proof(case)
    changes: list[dict[str, Any]] = [
        {"nonce": found.nonce + 1},
        {"balance": 1},
        {"code_hash": bytes(32)},
        {"code_hash": b""},
        {"storage_root": EMPTY_ROOT},
        {"storage_root": found.storage_root + b"\0"},
        {"nonce": 0, "balance": 0, "code_hash": keccak(b""), "storage_root": EMPTY_ROOT},
    ]
    for change in changes:
        assert code_of(verify_account, root, replace(found, **change)) == "proof.value"
        assert code_of(verify_state, root, replace(found, **change)) == "proof.value"
    for change in ({"nonce": -1}, {"nonce": 2**64}, {"balance": -1}, {"balance": 2**256}, {"address": "0x12"}):
        assert code_of(verify_account, root, replace(found, **change)) == "proof.form"
    for address in (found.address.lower(), found.address[2:], ""):
        assert code_of(verify_account, root, replace(found, address=address)) == "proof.form"
    assert code_of(verify_account, root, replace(found, address=NOBODY)) in {"proof.nodes", "proof.value"}


@recorded
def test_another_root() -> None:
    found = proof(RECORDED["cases"][0])
    assert code_of(verify_account, state_root(RECORDED["cases"][1]), found) == "proof.nodes"
    assert code_of(verify_account, EMPTY_ROOT, found) == "proof.nodes"
    assert code_of(verify_account, b"", found) == "proof.form"
    root, slot, one = slot_of(0, 0)
    assert code_of(verify_storage, slot_of(1, 0)[0], slot, one) == "proof.nodes"
    assert code_of(verify_storage, EMPTY_ROOT, slot, one) == "proof.nodes"
    assert code_of(verify_storage, root[1:], slot, one) == "proof.form"


@recorded
@pytest.mark.parametrize(("place", "which"), CONTRACT_AND_SLOTS)
def test_another_value(place: int, which: int) -> None:
    root, slot, found = slot_of(place, which)
    there = found.value != bytes(32)
    others = [bytes(31) + b"\x01", b"\x01" + found.value[1:], bytes(32) if there else b"\xff" * 32]
    for value in others:
        assert code_of(verify_storage, root, slot, replace(found, value=value)) == "proof.value"
    for value in (b"", found.value[1:], b"\0" + found.value):
        assert code_of(verify_storage, root, slot, replace(found, value=value)) == "proof.form"


@recorded
@pytest.mark.parametrize(("place", "which"), CONTRACT_AND_SLOTS)
def test_another_slot(place: int, which: int) -> None:
    root, slot, found = slot_of(place, which)
    others = [number for number in proof(RECORDED["cases"][place]).slots if number != slot]
    for number in (*others, slot ^ 1, 0):
        fault = code_of(verify_storage, root, number, found)
        # The same nodes can show the absence of two slots, and rightly so.
        assert fault in {"proof.nodes", "proof.value"} or (fault is None and found.value == bytes(32))
    for number in (-1, 2**256):
        assert code_of(verify_storage, root, number, found) == "proof.form"


@recorded
@pytest.mark.parametrize(("place", "which"), CONTRACT_AND_SLOTS)
def test_each_byte_of_a_storage_proof_flipped(place: int, which: int) -> None:
    root, slot, found = slot_of(place, which)
    each_byte_flipped(found.nodes, lambda nodes: code_of(verify_storage, root, slot, replace(found, nodes=nodes)))


@recorded
@pytest.mark.parametrize("case", CASES)
def test_each_byte_of_an_account_proof_flipped(case: dict[str, Any]) -> None:
    root, found = state_root(case), proof(case)
    each_byte_flipped(found.nodes, lambda nodes: code_of(verify_account, root, replace(found, nodes=nodes)))


def each_byte_flipped(nodes: tuple[bytes, ...], fault: Callable[[tuple[bytes, ...]], str | None]) -> None:
    for number, node in enumerate(nodes):
        for at in range(len(node)):
            flipped = node[:at] + bytes([node[at] ^ 0x01]) + node[at + 1 :]
            assert fault((*nodes[:number], flipped, *nodes[number + 1 :])) in BAD_NODES, (number, at)


@recorded
@pytest.mark.parametrize(("place", "which"), CONTRACT_AND_SLOTS)
def test_nodes_dropped_added_reordered(place: int, which: int) -> None:
    root, slot, found = slot_of(place, which)

    def fault(*nodes: bytes) -> str | None:
        return code_of(verify_storage, root, slot, replace(found, nodes=nodes))

    nodes = found.nodes
    assert fault() == "proof.nodes"
    for number in range(len(nodes)):
        assert fault(*nodes[:number], *nodes[number + 1 :]) == "proof.nodes"
        assert fault(*nodes[: number + 1], *nodes[number:]) == "proof.nodes"
    for extra in (b"\x80", b"\xc0", nodes[-1], strict_rlp.encode([b"\x20", b"a"])):
        assert fault(*nodes, extra) == "proof.nodes"
        assert fault(extra, *nodes) == "proof.nodes"
    if len(nodes) > 1:
        assert fault(*nodes[::-1]) == "proof.nodes"
    assert fault(*nodes, b"") == "proof.form"
    assert fault(*nodes, bytes(601)) == "proof.form"
    assert fault(*nodes * 66) == "proof.form"


@given(st.binary(min_size=32, max_size=32), st.lists(st.binary(max_size=120), max_size=4))
def test_any_nodes(root: bytes, nodes: list[bytes]) -> None:
    assert code_of(verify_storage, root, 7, SlotProof(bytes(32), tuple(nodes))) in BAD_NODES


@given(st.recursive(st.binary(max_size=34), lambda inner: st.lists(inner, min_size=1, max_size=17), max_leaves=25))
def test_any_root_node(item: strict_rlp.Item) -> None:
    """Even under a root that a stranger made up nothing but our own errors comes out."""
    node = strict_rlp.encode(item)
    for key in (0, 7, 2**255):
        fault = code_of(verify_storage, keccak(node), key, SlotProof(bytes(32), (node,)))
        assert fault in {None, "proof.form", "proof.nodes", "proof.value"}


@pytest.mark.parametrize(
    "item",
    [
        [b"\x00", [b"\x00", [b"\x00", [b"\x00", b"a"]]]],
        [b"", b""],
        [b"\x20", [b"a"]],
        [b"\x20" + keccak((7).to_bytes(32, "big")), [b"a"]],
        [b"\xf0", b"a"],
        [[b"\x20"], b"a"],
        [[b"a"]] * 17,
        [b""] * 16,
        [b"a"] * 17,
        [bytes(33)] * 17,
        b"",
        b"a",
    ],
)
def test_root_nodes_that_are_none(item: strict_rlp.Item) -> None:
    node = strict_rlp.encode(item)
    value = b"a".rjust(32, b"\0")
    fault = code_of(verify_storage, keccak(node), 7, SlotProof(value, (node,)))
    assert fault in {"proof.form", "proof.nodes", "proof.value"}


def test_nodes_within_nodes() -> None:
    """A tower of nodes, each of which stands in the one above, is not climbed."""
    node: strict_rlp.Item = [b"\x20", b"a"]
    for _ in range(30):
        node = [b"\x11", node]
    raw = strict_rlp.encode(node)
    assert code_of(verify_storage, keccak(raw), 7, SlotProof(bytes(32), (raw,))) == "proof.form"


def test_a_leaf_that_stands_in_its_parent() -> None:
    """Leaves of less than 32 bytes: two slots whose keys part at the ninth half byte, found by trying."""
    trie = HexaryTrie({})
    for number in PARTING_LATE:
        trie[keccak(number.to_bytes(32, "big"))] = b"\x07"
    for number in PARTING_LATE:
        key = keccak(number.to_bytes(32, "big"))
        *nodes, leaf = [strict_rlp.encode(node) for node in trie.get_proof(key)]  # type: ignore[no-untyped-call]
        assert len(leaf) < 32
        found = SlotProof(b"\x07".rjust(32, b"\0"), tuple(nodes))
        assert code_of(verify_storage, trie.root_hash, number, found) is None
        assert code_of(verify_storage, trie.root_hash, number, replace(found, value=bytes(32))) == "proof.value"
        for others in ((*nodes, leaf), nodes[:1], nodes[1:], nodes[::-1]):
            assert code_of(verify_storage, trie.root_hash, number, replace(found, nodes=tuple(others))) == "proof.nodes"


def test_a_zero_that_was_written() -> None:
    """anvil's tries hold it as a leaf with an empty value; it is zero all the same, and nothing else."""
    trie = HexaryTrie({})
    trie[keccak((7).to_bytes(32, "big"))] = b"\x80"
    trie[keccak((8).to_bytes(32, "big"))] = b"\x07"
    for number, value in ((7, 0), (8, 7), (9, 0)):
        path = trie.get_proof(keccak(number.to_bytes(32, "big")))  # type: ignore[no-untyped-call]
        found = SlotProof(value.to_bytes(32, "big"), tuple(strict_rlp.encode(node) for node in path))
        assert code_of(verify_storage, trie.root_hash, number, found) is None
        other = replace(found, value=(value ^ 1).to_bytes(32, "big"))
        assert code_of(verify_storage, trie.root_hash, number, other) == "proof.value"


def test_nobodys_account() -> None:
    """An empty state proves everybody absent, without a node."""
    nobody = AccountProof(NOBODY, 0, 0, keccak(b""), EMPTY_ROOT, (), {7: SlotProof(bytes(32), ())})
    assert verify_state(EMPTY_ROOT, nobody) is False
    assert verify_state(EMPTY_ROOT, replace(nobody, code_hash=bytes(32), storage_root=bytes(32))) is False
    for change in ({"nonce": 1}, {"balance": 1}, {"code_hash": keccak(b"a")}, {"storage_root": keccak(b"a")}):
        assert code_of(verify_state, EMPTY_ROOT, replace(nobody, **change)) == "proof.value"  # type: ignore[arg-type]
    full = {7: SlotProof(b"\x01".rjust(32, b"\0"), ())}
    assert code_of(verify_state, EMPTY_ROOT, replace(nobody, slots=full)) == "proof.value"
    assert verify_state(EMPTY_ROOT, replace(nobody, nodes=(b"\x80",))) is False
    for nodes in ((b"\x80", b"\x80"), (b"\xc0",), (b"\x00",)):
        assert code_of(verify_state, EMPTY_ROOT, replace(nobody, nodes=nodes)) == "proof.nodes"


def check(chain: Chain, address: str, slots: list[int]) -> AccountProof:
    number = chain.head().number
    found = chain.proof(address, slots, number)
    root = BlockHeader.from_rlp(chain.header(number)).state_root
    there = verify_state(root, found)
    assert there is (found.code_hash != keccak(b"") or found.balance > 0 or found.nonce > 0)
    for slot, one in found.slots.items():
        assert one.value == chain.storage(address, slot, number)
        other = replace(one, value=bytes(31) + (b"\x01" if one.value[-1] != 1 else b"\x02"))
        assert code_of(verify_state, root, replace(found, slots={slot: other})) == "proof.value"
    if there:
        each_byte_flipped(found.nodes, lambda nodes: code_of(verify_account, root, replace(found, nodes=nodes)))
    return found


def test_proofs_of_the_embedded_chain(consortium: Consortium) -> None:
    for contract in consortium.network.contracts.values():
        found = check(consortium.chain, contract.address, [*range(12), 2**256 - 1])
        assert found.code_hash == contract.code_hash
    assert len(to_canonical_address(NOBODY)) == 20
    check(consortium.chain, NOBODY, [0, 7])


def test_proofs_of_anvil(anvil: Anvil) -> None:
    chain = Chain.http(anvil.rpc)
    # anvil's block 0 has fields of later rules without those before them, so that its header has no standard form
    while chain.head().number < 1:
        time.sleep(0.1)
    check(chain, NOBODY, [0, 7])
    # a precompiled contract, and the account that the node gives the blocks' fees to
    for address in (to_checksum_address("0x" + "00" * 19 + "01"), to_checksum_address("0x" + "00" * 20)):
        check(chain, address, [0])
    chain.close()
