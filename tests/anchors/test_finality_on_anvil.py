"""From accepted to final on anvil, whose blocks nobody seals: the members' cosignatures make them final."""

from collections.abc import Iterator

import pytest

from anchors.database import State
from anchors.proof_content import checkpoint_of
from ledger.checkpoint import holds
from ledger.finality.form import CHECKPOINT
from ledger.rosters import roster_at
from tests.anchors.pipeline_node import PipelineNode
from tests.anchors.real_chain import founded_at, opened_at, verdict
from tests.servers.anvil import Anvil
from verifier.axes import Authentic, Usable


@pytest.fixture(scope="module")
def node(anvil: Anvil, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PipelineNode]:
    directory = tmp_path_factory.mktemp("on-anvil")
    consortium = founded_at(anvil.rpc, directory, CHECKPOINT)
    with opened_at(consortium, directory / "node") as node:
        yield node
    consortium.chain.close()


def test_final_by_cosignatures_and_verified(node: PipelineNode) -> None:
    envelopes = [node.bill() for _ in range(3)]
    node.accept(*(node.registration(envelope) for envelope in envelopes))
    node.run()
    for envelope in envelopes:
        record = node.record(envelope.digest)
        assert record.state is State.FINAL
        assert record.block
        assert record.proof
        checkpoint, cosignatures = checkpoint_of(record.proof.content)
        assert (checkpoint.number, checkpoint.block_hash) == (record.block.number, record.block.hash)
        roster = roster_at(node.registries.authority, checkpoint.time, checkpoint.number)
        assert holds(checkpoint, cosignatures, roster)
        found = verdict(node, envelope.serialize())
        assert (found.authentic, found.usable) == (Authentic.VALID, Usable.ACTIVE)
        assert found.finality
        assert (found.finality.form, found.finality.signers, found.finality.of) == ("checkpoint", ("CN", "KR", "SG"), 4)
