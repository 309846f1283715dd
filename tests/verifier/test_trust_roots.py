"""Trust roots: read strictly, and finality by them alone, in each of the three forms."""

import json
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.keccak import keccak
from ledger.address import address_bytes
from ledger.block_header import BlockHeader
from ledger.dated_list import Entry, code_at
from ledger.errors import Invalid
from ledger.finality.form import Clique, Qbft
from ledger.finality.validator_sets import ValidatorRange, ValidatorSets
from ledger.trie_walk import walk
from tests.consortium import Consortium
from tests.ledger import recorded_qbft
from tests.ledger.code_of import code_of
from tests.ledger.recorded_qbft import RECORDED
from tests.ledger.sealed_headers import clique_chain, qbft, sealers
from verifier.hand_over import follow
from verifier.pinned_finality import final_block
from verifier.pinned_roster import covers, spans_of
from verifier.trust_making import trust_roots
from verifier.trust_reading import read_trust
from verifier.trust_roots import Pinned, TrustRoots


@pytest.fixture(scope="module")
def roots(consortium: Consortium) -> TrustRoots:
    return trust_roots(consortium.network, consortium.registries.authority, consortium.chain.head())


def written(members: Any) -> bytes:
    return json.dumps(members).encode()


def test_written_and_read_again(roots: TrustRoots) -> None:
    read = read_trust(written(roots.to_json()))
    assert read == roots
    assert read.fingerprint == roots.fingerprint
    assert replace(roots, chain_id=roots.chain_id + 1).fingerprint != roots.fingerprint


def test_the_roster_is_the_registrys(roots: TrustRoots, consortium: Consortium) -> None:
    from ledger.rosters import roster_at

    head = consortium.chain.head()
    pinned: Any = roots.finality
    for time in (0, head.timestamp - 1, head.timestamp, head.timestamp + 10**6):
        assert pinned.at(time) == roster_at(consortium.registries.authority, time, head.number)


PLACES: list[tuple[tuple[str, ...], Any]] = [
    (("v",), 2),
    (("v",), None),
    (("network",), 1),
    (("chain_id",), -1),
    (("chain_id",), True),
    (("genesis_hash",), "0x00"),
    (("contracts",), {}),
    (("contracts", "IssuerRegistry", "address"), "0x00"),
    (("contracts", "IssuerRegistry", "code_hash"), "0x" + "AB" * 32),
    (("contracts", "IssuerRegistry", "layout_hash"), None),
    (("contracts", "IssuerRegistry", "more"), 1),
    (("finality",), {"form": "checkpoint"}),
    (("finality", "form"), "other"),
    (("finality", "members"), {}),
    (("finality", "members", "cn"), []),
    (("finality", "members", "CN"), [{"from": 2, "until": 2}]),
    (("finality", "members", "CN"), [{"from": 2}]),
    (("finality", "authorities", "cn.customs", "country"), "China"),
    (("finality", "authorities", "cn.customs", "country"), 1),
    (("finality", "authorities", "cn.customs", "keys"), {}),
    (("finality", "authorities", "cn.customs", "keys"), [{"jwk": {}, "in_service": []}]),
    (("finality", "authorities", "cn.customs", "keys"), [{"jwk": [], "in_service": []}]),
    (("finality", "authorities", "CN CUSTOMS"), {}),
    (("as_of", "block"), "1"),
    (("more",), 1),
]


@pytest.mark.parametrize(("place", "value"), PLACES)
def test_a_file_that_is_none(roots: TrustRoots, place: tuple[str, ...], value: Any) -> None:
    members = deepcopy(roots.to_json())
    inner = members
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    assert code_of(read_trust, written(members)) == "trust.form"


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b'{"v": 1, "v": 1}', b"\xff", b"[" * 100])
def test_bytes_that_are_no_file(data: bytes) -> None:
    assert code_of(read_trust, data).partition(".")[0] in {"trust", "json"}


TIMES = st.integers(1, 12)
ENTRIES = st.lists(
    st.builds(
        lambda code, start, length, known: Entry(code, 0, start, start + length if length else 0, known),
        st.integers(0, 1),
        TIMES,
        st.integers(0, 5),
        TIMES,
    ),
    max_size=6,
)


@given(ENTRIES)
def test_spans_say_what_the_list_says(entries: list[Entry]) -> None:
    spans = spans_of(entries)
    assert [covers(spans, time) for time in range(20)] == [code_at(entries, time) > 0 for time in range(20)]
    assert all(end == 0 or start < end for start, end in spans)
    assert all(one[1] < two[0] for one, two in pairwise(spans))


# --- finality of headers


def pinning(roots: TrustRoots, finality: Pinned) -> TrustRoots:
    return read_trust(written(replace(roots, finality=finality).to_json()))


def failing(roots: TrustRoots, packed: dict[str, Any], *hand_overs: bytes) -> str:
    return code_of(final_block, follow(roots, hand_overs, {}).roots, packed)


@recorded_qbft.needed
def test_the_recorded_qbft_network(roots: TrustRoots) -> None:
    pinned = pinning(roots, Qbft(recorded_qbft.sets()))
    for case in RECORDED["cases"]:
        number = int(case["block"]["number"], 16)
        header = recorded_qbft.header(number)
        found = final_block(pinned, {"form": "qbft", "header": header})
        assert (found.number, found.of) == (number, 4)
        proof = recorded_qbft.proof(case)
        nodes = {keccak(node): node for one in (proof, *proof.slots.values()) for node in one.nodes}
        account = walk(found.state_root, keccak(address_bytes(proof.address)), nodes.__getitem__)
        assert proof.storage_root in account
        for slot, one in proof.slots.items():
            value = walk(proof.storage_root, keccak(slot.to_bytes(32)), nodes.__getitem__)
            assert value[-1:] == (one.value[-1:] if any(one.value) else b"")
        for place in range(0, len(header), 41):
            flipped = header[:place] + bytes([header[place] ^ 1]) + header[place + 1 :]
            with pytest.raises(Invalid, match=r".+"):
                final_block(pinned, {"form": "qbft", "header": flipped})


def test_new_validators_are_followed_by_their_hand_over(roots: TrustRoots) -> None:
    old, new = sealers(4), sealers(5, first=2)
    pinned = pinning(roots, Qbft(ValidatorSets((ValidatorRange(0, tuple(one.address for one in old)),))))
    hand_over, after = qbft(10, new, new), {"form": "qbft", "header": qbft(20, new, new[:4])}
    assert failing(pinned, after) == "finality.set"
    assert final_block(follow(pinned, [hand_over], {}).roots, after).of == 5
    strangers = sealers(4, first=50)
    for wrong in (qbft(10, strangers, strangers), qbft(10, new, new[:2]), b"", hand_over[:-1]):
        assert failing(pinned, after, wrong) == "finality.set"
    # Roots that know the new set already need no hand-over, and one does not hurt.
    ranges = (ValidatorRange(0, tuple(s.address for s in old)), ValidatorRange(10, tuple(s.address for s in new)))
    newer = pinning(roots, Qbft(ValidatorSets(ranges)))
    assert final_block(newer, after) == final_block(follow(newer, [hand_over], {}).roots, after)


def test_clique(roots: TrustRoots) -> None:
    members = sealers(3)
    pinned = pinning(roots, Clique(tuple(one.address for one in members)))
    headers = clique_chain([members[place % 3] for place in range(1, 6)], members)
    found = final_block(pinned, {"form": "clique", "headers": headers})
    assert found.state_root == BlockHeader.from_rlp(headers[0]).state_root
    assert failing(pinned, {"form": "clique", "headers": headers[:2]}) == "finality.too-few"
    assert failing(pinned, {"form": "clique", "headers": headers[::-1]}) == "finality.header"
    assert failing(pinned, {"form": "clique", "headers": []}) == "finality.form"
    assert failing(pinned, {"form": "qbft", "header": headers[0]}) == "finality.form"
