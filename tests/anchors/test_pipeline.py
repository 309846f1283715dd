"""From accepted to final on a real chain, database and store."""

from dataclasses import replace
from pathlib import Path

import pytest

from anchors import merkle
from anchors.cid import Cid
from anchors.database import State
from anchors.manifest import decode
from anchors.pipeline import batch, broadcast, confirm, finalize, sign, store
from anchors.pipeline.accepted_receipt import TYPE
from anchors.proof_content import checkpoint_of
from anchors.reader_entry import open_entry
from anchors.receipt import full_receipt
from anchors.sealing import open_payload, registrant_entry
from ledger.checkpoint import holds
from ledger.errors import Refused
from ledger.jws import read_statement
from ledger.rosters import roster_at
from tests.anchors.pipeline_node import AUTHORITY, CARRIER, PipelineNode, opened
from tests.consortium import Consortium

pytestmark = pytest.mark.usefixtures("on_each_database")


@pytest.fixture
def node(consortium: Consortium, tmp_path: Path):
    with opened(consortium, tmp_path / "node") as node:
        yield node


def test_every_state_in_its_order(node: PipelineNode) -> None:
    [accepted] = node.accept(node.registration())
    states = [node.record(accepted.digest).state]
    for step in (store.step, batch.step, sign.step, broadcast.step, confirm.step):
        assert node.step(step) == 1
        states.append(node.record(accepted.digest).state)
    assert node.finality.collect() >= 1
    assert node.step(finalize.step) == 1
    states.append(node.record(accepted.digest).state)
    assert states == [
        State.ACCEPTED,
        State.STORED,
        State.BATCHED,
        State.SIGNED,
        State.BROADCAST,
        State.MINED,
        State.FINAL,
    ]


def test_a_step_made_again_moves_nothing(node: PipelineNode) -> None:
    node.accept(node.registration())
    node.run()
    for step in (store.step, batch.step, sign.step, broadcast.step, confirm.step, finalize.step):
        assert node.step(step) == 0


def test_what_is_final_is_on_the_chain_and_proved(node: PipelineNode) -> None:
    accepted = node.accept(*[node.registration() for _ in range(5)])
    node.run()
    for index, one in enumerate(accepted):
        record = node.record(one.digest)
        place, block, proof = record.batch, record.block, record.proof
        assert record.state is State.FINAL
        assert place is not None
        assert block is not None
        assert proof is not None
        assert (place.index, place.size) == (index, 5)
        assert merkle.verify_inclusion(one.digest, place.index, place.size, place.path, place.root)
        anchoring = node.registries.document.anchoring(place.root, place.size, place.manifest_digest)
        assert anchoring is not None
        assert anchoring.anchored_at == block.time
        checkpoint, cosignatures = checkpoint_of(proof.content)
        assert (checkpoint.number, checkpoint.block_hash) == (block.number, block.hash)
        roster = roster_at(node.registries.authority, checkpoint.time, checkpoint.number)
        assert holds(checkpoint, cosignatures, roster)


def test_the_manifest_names_every_leaf(node: PipelineNode) -> None:
    accepted = node.accept(*[node.registration() for _ in range(3)])
    node.run()
    place = node.record(accepted[0].digest).batch
    assert place is not None
    cid = Cid.parse(place.manifest_cid)
    manifest = decode(node.store.get(cid))
    assert cid.digest == place.manifest_digest
    assert manifest.chain_id == node.chain.chain_id
    assert [leaf.digest for leaf in manifest.leaves] == [one.digest for one in accepted]
    assert {leaf.issuer for leaf in manifest.leaves} == {CARRIER}
    for leaf in manifest.leaves:
        assert leaf.payload_cid is not None
        assert node.payloads.get(leaf.digest) == node.store.get(leaf.payload_cid)


def test_only_ciphertext_reaches_the_disk_and_the_registrant_opens_it(node: PipelineNode, tmp_path: Path) -> None:
    envelope = node.bill()
    [accepted] = node.accept(node.registration(envelope))
    before = node.payloads.get(accepted.digest)
    node.run()
    payload = node.payloads.get(accepted.digest)
    assert payload == before
    key = open_entry(registrant_entry(payload), node.tenant_key)
    assert open_payload(payload, key, accepted.digest) == (envelope.serialize(), ())
    disk = b"".join(path.read_bytes() for path in (tmp_path / "node").rglob("*") if path.is_file())
    assert accepted.digest in disk
    assert envelope.jwt.encode() not in disk
    assert all(text.encode() not in disk for text in envelope.disclosures)


def test_the_local_copy_goes_when_the_store_has_it(node: PipelineNode) -> None:
    [accepted] = node.accept(node.registration())
    payload = node.payloads.get(accepted.digest)
    node.step(store.step)
    with node.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sealed_payloads").scalar() == 0
    assert node.payloads.get(accepted.digest) == payload


def test_the_receipt_is_signed_and_grows(node: PipelineNode) -> None:
    [accepted] = node.accept(node.registration())
    claims = read_statement(accepted.receipt, node.office.signer.public_key, TYPE)
    assert claims["digest"] == accepted.digest.hex()
    assert claims["iss"] == AUTHORITY
    assert claims["anchored_by"] == accepted.anchored_by > claims["accepted_at"]
    assert set(full_receipt(node.record(accepted.digest))) >= {"digest", "state", "accepted"}
    assert "batch" not in full_receipt(node.record(accepted.digest))
    node.run()
    receipt = full_receipt(node.record(accepted.digest))
    assert receipt["state"] == "final"
    assert receipt["accepted"] == accepted.receipt
    assert set(receipt["batch"]) == {"root", "size", "index", "path", "manifest", "manifest_digest"}
    assert receipt["transaction"]["block_number"] == receipt["finality"]["claims"]["number"]
    assert len(receipt["finality"]["cosignatures"]) == 3


def test_several_batches_go_in_one_transaction(node: PipelineNode) -> None:
    digests = []
    for _ in range(3):
        digests += [one.digest for one in node.accept(node.registration(), node.registration())]
        node.step(store.step)
        node.step(batch.step)
    assert node.step(sign.step) == 3
    node.run()
    records = [node.record(digest) for digest in digests]
    assert len({record.transaction_hash for record in records}) == 1
    assert len({record.batch.root for record in records if record.batch}) == 3
    assert all(record.state is State.FINAL for record in records)


def test_a_full_batch_does_not_wait_and_the_rest_makes_another(node: PipelineNode) -> None:
    node.resources = replace(node.resources, limits=replace(node.resources.limits, batch_size=4))
    accepted = node.accept(*[node.registration() for _ in range(10)])
    node.run()
    sizes = sorted(place.size for one in accepted if (place := node.record(one.digest).batch))
    assert sizes == [2] * 2 + [4] * 8


def test_the_unknown_is_not_found(node: PipelineNode) -> None:
    assert node.archive.find(b"\1" * 32) is None


def test_the_store_is_given_no_more_than_its_limit_but_always_one(node: PipelineNode) -> None:
    accepted = node.accept(*[node.registration() for _ in range(4)])
    size = len(node.payloads.get(accepted[0].digest))
    node.resources = replace(node.resources, limits=replace(node.resources.limits, store_bytes=2 * size + 100))
    assert [node.step(store.step) for _ in range(3)] == [2, 2, 0]
    node.accept(node.registration(), node.registration())
    node.resources = replace(node.resources, limits=replace(node.resources.limits, store_bytes=1))
    assert [node.step(store.step) for _ in range(3)] == [1, 1, 0]


def test_a_batch_waits_for_what_is_on_its_way_and_not_for_long(node: PipelineNode) -> None:
    node.accept(node.registration())
    node.step(store.step)
    node.accept(node.registration())
    assert node.step(batch.step) == 0
    node.consortium.clock.advance(1)
    assert node.step(batch.step) == 1


def test_unknown_payloads_are_refused(node: PipelineNode) -> None:
    with pytest.raises(Refused) as caught:
        node.payloads.get(b"\1" * 32)
    assert caught.value.code == "document.unknown"
