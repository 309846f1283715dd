"""What the node's archive tells becomes a record; nothing of it is lost or believed."""

from dataclasses import replace
from typing import Any

import pytest

from anchors.archive import AnchorRecord, BatchPlace, BlockPlace
from anchors.database import State
from anchors.lane import Lane
from tests.verifier.world import World, bill
from verifier.node_archive import NodeArchive

WORLD = World()
RECORD = WORLD.anchor(bill())


def found() -> AnchorRecord:
    assert RECORD.batch
    assert RECORD.proof
    root, size, manifest_digest = RECORD.batch
    proof = RECORD.proof
    return AnchorRecord(
        digest=bill().digest,
        tenant="cosco",
        issuer=RECORD.issuer,
        kind=RECORD.kind,
        state=State.FINAL,
        lane=Lane.NORMAL,
        accepted_at=1,
        anchored_by=2,
        warnings=(),
        supersedes=None,
        failure=None,
        payload_cid="bafk",
        accepted_receipt="",
        batch=BatchPlace(root, size, manifest_digest, "bafk", RECORD.index, RECORD.path),
        transaction_hash=b"t" * 32,
        block=BlockPlace(b"t" * 32, proof.number, proof.block_hash, proof.time),
        final_at=3,
        proof=proof,
    )


class Told:
    """An archive that tells one thing."""

    def __init__(self, record: AnchorRecord | None) -> None:
        self.record = record

    def find(self, digest: bytes) -> AnchorRecord | None:
        return self.record


def archive(record: AnchorRecord | None) -> NodeArchive:
    told: Any = Told(record)
    return NodeArchive(told)


def test_a_final_document() -> None:
    assert archive(found()).find(bill().digest) == RECORD


def test_a_document_that_is_not_known() -> None:
    assert archive(None).find(bill().digest) is None


@pytest.mark.parametrize("state", [State.ACCEPTED, State.STORED, State.FAILED])
def test_a_document_that_is_in_no_batch(state: State) -> None:
    record = archive(replace(found(), state=state, batch=None, block=None, proof=None, transaction_hash=None)).find(
        bill().digest
    )
    assert record
    assert record.stopped is (state is State.FAILED)
    assert (record.batch, record.path, record.block_number, record.proof) == (None, (), None, None)
