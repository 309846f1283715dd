"""Clique proofs gathered from a node that gives headers: right ones, wrong ones, none, and others."""

from typing import Any

import pytest
from eth_utils import keccak

from anchors.clique_finality import CliqueFinality
from anchors.database import Database
from anchors.finality import FinalityProof
from anchors.finality_proofs import FinalityProofs
from anchors.proof_content import LONGEST, headers_of
from ledger.errors import Invalid, Unavailable
from ledger.finality import clique
from ledger.finality.form import Clique
from tests.anchors.headers_chain import HeadersNode, stated
from tests.anchors.mined_batch import add_mined_batch, own_proof
from tests.ledger.sealed_headers import Sealer, clique_chain, sealers
from tests.ledger.sealed_headers import clique as sealed

MEMBERS = sealers(3)
FORM = Clique(tuple(one.address for one in MEMBERS))


def chain_of(count: int, members: list[Sealer] = MEMBERS, start: int = 1) -> list[dict[str, Any]]:
    """So many blocks, each by the signer whose turn it is."""
    turns = [members[number % len(members)] for number in range(start, start + count)]
    return [stated(header) for header in clique_chain(turns, members, start)]


def test_a_block_is_proved_once_enough_signers_built_upon_it(migrated: Database) -> None:
    blocks = chain_of(40)
    node = HeadersNode(blocks[:20])
    finality = CliqueFinality(migrated, node.chain, FORM)
    assert finality.collect() == 1, "a new node proves one of the latest blocks"
    add_mined_batch(migrated, 20)
    for head in (20, 21, 22):
        node.replace(blocks[:head])
        assert finality.collect() == 0
        assert finality.proof_for(20) is None
    node.replace(blocks[:23])
    assert finality.collect() == 1
    proof = own_proof(finality, 20)
    assert proof is not None
    assert proof.form == "clique"
    assert f"0x{proof.block_hash.hex()}" == blocks[19]["hash"]
    assert clique.verify(headers_of(proof.content), FORM.signers).number == 20
    assert finality.newest() == proof
    assert finality.collect() == 0


def test_a_head_that_was_looked_at_costs_nothing(migrated: Database) -> None:
    node = HeadersNode(chain_of(20))
    finality = CliqueFinality(migrated, node.chain, FORM)
    add_mined_batch(migrated, 19)
    finality.collect()
    node.asked.clear()
    assert [finality.collect() for _ in range(5)] == [0] * 5
    assert node.asked == []
    add_mined_batch(migrated, 15)
    assert finality.collect() == 1, "what begins to wait is looked at, although the head is the same"


def test_only_what_is_awaited_and_one_each_minute(migrated: Database) -> None:
    blocks = chain_of(200)
    node = HeadersNode(blocks[:20])
    finality = CliqueFinality(migrated, node.chain, FORM)
    kept = []
    for head in range(20, 200):
        node.replace(blocks[:head])
        finality.collect()
        newest = finality.newest()
        assert newest is not None
        kept.append(newest.number)
    assert sorted(set(kept)) == [12, 64, 116, 168], "eight blocks behind the head, and then no sooner than a minute on"


def test_a_signer_away_for_long_leaves_no_block_without_a_proof_and_no_proof_too_long(migrated: Database) -> None:
    """Two of three go on alone for 300 blocks; then the third is back."""
    alone = [MEMBERS[number % 2] for number in range(1, 301)]
    turns = [*alone, *(MEMBERS[number % 3] for number in range(301, 321))]
    blocks = [stated(header) for header in clique_chain(turns, MEMBERS)]
    node = HeadersNode(blocks[:10])
    finality = CliqueFinality(migrated, node.chain, FORM)
    for number in (5, 100, 200, 280, 299):
        add_mined_batch(migrated, number)
    for head in (10, 50, 150, 299):
        node.replace(blocks[:head])
        assert finality.collect() == 0
    node.replace(blocks)
    restarted = CliqueFinality(migrated, node.chain, FORM)
    assert restarted.collect() == 2
    for number in (280, 299):
        assert own_proof(restarted, number) is not None
    for number in (5, 100, 200):
        proof = restarted.proof_for(number)
        assert proof is not None
        assert proof.number >= 280
        assert clique.verify(headers_of(proof.content), FORM.signers).number == proof.number
    assert all(len(headers_of(row.content)) <= LONGEST for row in (restarted.newest(), proof) if row)


def test_a_long_gap_is_bridged_without_reading_what_lies_in_it(migrated: Database) -> None:
    blocks = chain_of(2000)
    node = HeadersNode(blocks[:20])
    finality = CliqueFinality(migrated, node.chain, FORM)
    finality.collect()
    add_mined_batch(migrated, 21)
    node.replace(blocks)
    node.asked.clear()
    restarted = CliqueFinality(migrated, node.chain, FORM)
    assert restarted.collect() == 1
    assert len(node.asked) <= 8
    proof = restarted.proof_for(21)
    assert proof is not None
    assert proof.number > 1900


def test_a_node_that_changes_its_mind_while_it_is_asked_gives_no_proof(migrated: Database) -> None:
    """The headers of two branches do not make one proof; once the chain has settled, its block is proved."""
    one = chain_of(30)
    other = one[:15] + _branch(one[14], 16, 30)
    node = HeadersNode(one)
    finality = CliqueFinality(migrated, node.chain, FORM)
    finality.collect()
    add_mined_batch(migrated, 26)

    class Torn(HeadersNode):
        def request(self, method: str, params: list[Any]) -> dict[str, Any]:
            if params[0] == hex(28):
                self.replace(other)
            return super().request(method, params)

    torn = Torn(one)
    finality = CliqueFinality(migrated, torn.chain, FORM)
    with pytest.raises(Invalid) as caught:
        finality.collect()
    assert caught.value.code == "finality.header"
    assert finality.proof_for(26) is None
    assert finality.collect() == 1
    proof = own_proof(finality, 26)
    assert proof is not None
    assert f"0x{proof.block_hash.hex()}" == other[25]["hash"]


def _branch(parent: dict[str, Any], start: int, end: int) -> list[dict[str, Any]]:
    """Other blocks upon the same parent: each by the signer after the one whose turn it is."""
    headers, before = [], bytes.fromhex(parent["hash"][2:])
    for number in range(start, end + 1):
        headers.append(sealed(number, before, MEMBERS[(number + 1) % 3], MEMBERS))
        before = keccak(headers[-1])
    return [stated(header) for header in headers]


def _wrong_hash(block: dict[str, Any]) -> dict[str, Any]:
    return block | {"hash": "0x" + "ab" * 32}


def _wrong_state(block: dict[str, Any]) -> dict[str, Any]:
    return block | {"stateRoot": "0x" + "ab" * 32}


def _resealed(block: dict[str, Any]) -> dict[str, Any]:
    """Another signer's block of the same number, upon the same parent."""
    number, stranger = int(block["number"], 16), sealers(1, 99)[0]
    return stated(sealed(number, bytes.fromhex(block["parentHash"][2:]), stranger, [*MEMBERS, stranger]))


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (_wrong_hash, "chain.answer"),
        (_wrong_state, "chain.answer"),
        (lambda block: block | {"number": hex(int(block["number"], 16) + 1)}, "chain.answer"),
        (lambda block: block | {"extraData": 5}, "chain.answer"),
        (lambda block: "nonsense", "chain.answer"),
        (lambda block: None, "chain.no-block"),
        (_resealed, "finality.header"),
    ],
)
@pytest.mark.parametrize("number", [25, 26])
def test_a_node_that_lies_gives_no_proof_and_is_asked_again(
    migrated: Database, lie: Any, code: str, number: int
) -> None:
    blocks = chain_of(30)
    node = HeadersNode(blocks)
    finality = CliqueFinality(migrated, node.chain, FORM)
    finality.collect()
    add_mined_batch(migrated, 25)
    node.blocks[number] = lie(node.blocks[number])
    for _ in range(2):
        with pytest.raises((Invalid, Unavailable)) as caught:
            finality.collect()
        assert caught.value.code == code
    assert finality.proof_for(25) is None
    node.replace(blocks)
    assert finality.collect() == 1
    assert own_proof(finality, 25) is not None


def test_a_node_that_fell_behind_the_awaited_block(migrated: Database) -> None:
    blocks = chain_of(30)
    node = HeadersNode(blocks[:10])
    finality = CliqueFinality(migrated, node.chain, FORM)
    add_mined_batch(migrated, 25)
    finality.collect()
    assert finality.proof_for(25) is None
    assert max(node.asked) <= 10


def test_another_chains_signers_prove_nothing(migrated: Database) -> None:
    others = sealers(3, 50)
    node = HeadersNode(chain_of(30, others))
    finality = CliqueFinality(migrated, node.chain, FORM)
    add_mined_batch(migrated, 20)
    with pytest.raises(Invalid) as caught:
        finality.collect()
    assert caught.value.code == "finality.seal"
    assert finality.newest() is None


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8])
def test_a_chain_that_has_just_begun(migrated: Database, count: int) -> None:
    node = HeadersNode(chain_of(count))
    finality = CliqueFinality(migrated, node.chain, FORM)
    add_mined_batch(migrated, 1)
    assert finality.collect() == (1 if count >= 4 else 0)


def test_proofs_of_another_form_are_none(migrated: Database) -> None:
    proofs = FinalityProofs(migrated, "checkpoint")
    proofs.keep(FinalityProof("checkpoint", 25, b"h" * 32, 2**40, {"claims": {}, "cosignatures": []}))
    node = HeadersNode(chain_of(30))
    finality = CliqueFinality(migrated, node.chain, FORM)
    assert finality.proof_for(1) is None
    assert finality.newest() is None
    add_mined_batch(migrated, 25)
    assert finality.collect() == 1
    proof = own_proof(finality, 25)
    assert proof is not None
    assert proof.form == "clique"
    assert proofs.at_or_after(0) is None, "the number has one proof, and it is the one of the chain's form"


def test_a_wrong_header_of_an_awaited_block_holds_up_no_later_one(migrated: Database) -> None:
    """Within a minute a later block is proved, and the awaited one with it."""
    blocks = chain_of(100)
    node = HeadersNode(blocks[:20])
    finality = CliqueFinality(migrated, node.chain, FORM)
    finality.collect()
    add_mined_batch(migrated, 25)
    for head in (40, 72):
        node.replace(blocks[:head])
        node.blocks[25] = _wrong_state(node.blocks[25])
        with pytest.raises(Unavailable):
            finality.collect()
    proof = finality.proof_for(25)
    assert proof is not None
    assert proof.number == 64


def test_more_signers_than_a_proof_has_room_for(migrated: Database) -> None:
    addresses = tuple(one.address for one in sealers(95))
    CliqueFinality(migrated, HeadersNode(chain_of(1)).chain, Clique(addresses[:94]))
    with pytest.raises(Invalid) as caught:
        CliqueFinality(migrated, HeadersNode(chain_of(1)).chain, Clique(addresses))
    assert caught.value.code == "network.form"
