"""QBFT proofs gathered from a node that replays the recorded network (../shared/vectors/chain)."""

from typing import Any

import pytest

from anchors.database import Database
from anchors.qbft_finality import QbftFinality
from ledger.block_header import FIELDS, BlockHeader
from ledger.errors import Invalid, Unavailable
from ledger.finality.form import Qbft
from ledger.finality.qbft_extra_data import QbftExtraData
from ledger.finality.validator_sets import ValidatorRange, ValidatorSets
from tests.anchors.headers_chain import HeadersNode
from tests.anchors.mined_batch import add_mined_batch, own_proof
from tests.ledger import recorded_qbft
from tests.ledger.sealed_headers import number as as_bytes
from tests.ledger.sealed_headers import sealers

RECORDED_FORM = Qbft(recorded_qbft.sets())


@recorded_qbft.needed
def test_every_recorded_block_is_proved_by_its_own_header(migrated: Database) -> None:
    node = HeadersNode(recorded_qbft.BLOCKS)
    finality = QbftFinality(migrated, node.chain, RECORDED_FORM)
    for number in range(1, 61):
        node.blocks = {one: recorded_qbft.BLOCKS[one] for one in range(number + 1)}
        add_mined_batch(migrated, number)
        finality.collect()
        proof = own_proof(finality, number)
        assert proof is not None
        assert (proof.form, f"0x{proof.block_hash.hex()}") == ("qbft", recorded_qbft.BLOCKS[number]["hash"])
        assert proof.content == {"header": f"0x{recorded_qbft.header(number).hex()}"}


@recorded_qbft.needed
def test_recorded_blocks_by_other_validators_prove_nothing(migrated: Database) -> None:
    node = HeadersNode(recorded_qbft.BLOCKS)
    others = recorded_qbft.sets(*(one.address for one in sealers(4)))
    finality = QbftFinality(migrated, node.chain, Qbft(others))
    add_mined_batch(migrated, 30)
    with pytest.raises(Invalid) as caught:
        finality.collect()
    assert caught.value.code == "finality.set"
    assert finality.newest() is None


@recorded_qbft.needed
def test_validators_that_changed_stop_only_what_comes_after(migrated: Database) -> None:
    """What is pinned ends at block 40, as if another set had taken over: awaited blocks before are proved."""
    others = ValidatorRange(40, tuple(one.address for one in sealers(4)))
    pinned = ValidatorSets((*recorded_qbft.sets().ranges, others))
    finality = QbftFinality(migrated, HeadersNode(recorded_qbft.BLOCKS).chain, Qbft(pinned))
    for number in (39, 40):
        add_mined_batch(migrated, number)
    with pytest.raises(Invalid) as caught:
        finality.collect()
    assert caught.value.code == "finality.set"
    assert own_proof(finality, 39) is not None
    assert finality.proof_for(40) is None


@recorded_qbft.needed
@pytest.mark.parametrize("member", ["stateRoot", "timestamp", "parentHash", "receiptsRoot", "miner", "gasUsed"])
@pytest.mark.parametrize("number", [1, 30, 60])
def test_a_recorded_block_that_was_changed_has_no_proof(migrated: Database, number: int, member: str) -> None:
    block = recorded_qbft.BLOCKS[number]
    changed = hex(int(block[member], 16) ^ 1)
    changed = (
        "0x" + changed[2:].rjust(len(block[member]) - 2, "0") if member not in ("timestamp", "gasUsed") else changed
    )
    lie = block | {member: changed}
    node = HeadersNode([lie])
    finality = QbftFinality(migrated, node.chain, RECORDED_FORM)
    add_mined_batch(migrated, number)
    with pytest.raises(Unavailable) as unavailable:
        finality.collect()
    assert unavailable.value.code == "chain.answer"
    node.replace([lie | {"hash": f"0x{_hash(lie).hex()}"}])
    with pytest.raises(Invalid) as invalid:
        finality.collect()
    assert invalid.value.code == "finality.seal"
    assert finality.newest() is None


def _hash(block: dict[str, Any]) -> bytes:
    """The hash that a QBFT block of these members has."""
    stated_fields = [(field, block[field.name]) for field in FIELDS[:15]]
    header = BlockHeader(
        tuple(as_bytes(int(one, 16)) if field.is_number else bytes.fromhex(one[2:]) for field, one in stated_fields)
    )
    return QbftExtraData.of(header).block_hash(header)
