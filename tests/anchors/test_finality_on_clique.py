"""From accepted to final on three geth signers, and what a verifier makes of the proofs that are kept then."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from anchors.database import State
from anchors.database.models import FinalityProofRow
from anchors.pipeline.worker import Worker
from anchors.proof_content import headers_of
from ledger.envelope import Envelope
from ledger.errors import Unavailable
from ledger.finality import clique as clique_form
from ledger.finality.form import Clique
from tests.anchors.pipeline_node import PipelineNode
from tests.anchors.real_chain import founded_at, opened_at, verdict
from tests.ledger.sealed_headers import clique_chain, sealers
from tests.servers.clique import CliqueNetwork
from tests.verifier.world import codes
from verifier.axes import Authentic, Usable


@pytest.fixture(scope="module")
def node(clique: CliqueNetwork, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PipelineNode]:
    directory = tmp_path_factory.mktemp("on-clique")
    consortium = founded_at(clique.rpc[0], directory, Clique(tuple(clique.signers)))
    with opened_at(consortium, directory / "node") as node:
        yield node
    consortium.chain.close()


@pytest.fixture(scope="module")
def final(node: PipelineNode) -> Envelope:
    """A bill that is final."""
    envelope = node.bill()
    node.accept(node.registration(envelope))
    node.run()
    return envelope


def test_final_by_headers_and_verified(node: PipelineNode, final: Envelope, clique: CliqueNetwork) -> None:
    record = node.record(final.digest)
    assert record.state is State.FINAL
    assert record.block
    assert record.proof
    assert (record.proof.form, record.proof.number >= record.block.number) == ("clique", True)
    proved = clique_form.verify(headers_of(record.proof.content), clique.signers)
    assert (proved.number, proved.block_hash) == (record.proof.number, record.proof.block_hash)
    found = verdict(node, final.serialize())
    assert (found.authentic, found.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert found.finality
    assert (found.finality.form, set(found.finality.signers), found.finality.of) == ("clique", set(clique.signers), 3)


def _without_the_last(headers: list[str]) -> list[str]:
    return headers[: clique_form.quorum(3)]


def _of_another_network(headers: list[str]) -> list[str]:
    others = sealers(3, 7)
    return [f"0x{one.hex()}" for one in clique_chain([*others, others[0]], others, 2)]


def _changed(place: int, at: int) -> Callable[[list[str]], list[str]]:
    def change(headers: list[str]) -> list[str]:
        raw = bytearray.fromhex(headers[place][2:])
        raw[at] ^= 1
        return [*headers[:place], f"0x{raw.hex()}", *headers[place:][1:]]

    return change


MUTATIONS: list[tuple[Callable[[list[str]], list[str]], str]] = [
    (_without_the_last, "anchoring.proof-too-few"),
    (_of_another_network, "anchoring.proof-seal"),
    (lambda headers: headers[::-1], "anchoring.proof-header"),
    (lambda headers: [headers[0], *headers[2:]], "anchoring.proof-header"),
    (_changed(0, 100), "anchoring.proof-header"),
    (_changed(-1, 120), "anchoring.proof-seal"),
    (_changed(-1, 0), "anchoring.proof-form"),
    (lambda headers: [headers[0][:-2], *headers[1:]], "anchoring.proof-form"),
    (lambda headers: [], "anchoring.proof-form"),
]


@pytest.mark.parametrize(("mutate", "code"), MUTATIONS)
def test_a_stored_proof_that_was_changed(
    node: PipelineNode, final: Envelope, mutate: Callable[[list[str]], list[str]], code: str
) -> None:
    proof = node.record(final.digest).proof
    assert proof
    headers = proof.content["headers"]
    _store(node, proof.number, content=json.dumps({"headers": mutate(headers)}))
    try:
        found = verdict(node, final.serialize())
    finally:
        _store(node, proof.number, content=json.dumps(proof.content))
    assert found.authentic is Authentic.INDETERMINATE
    assert code in codes(found)
    assert found.finality is None
    assert verdict(node, final.serialize()).authentic is Authentic.VALID


def test_a_proof_of_another_form_is_as_if_there_were_none(node: PipelineNode, final: Envelope) -> None:
    proof = node.record(final.digest).proof
    assert proof
    with node.database.write() as session:
        rows = session.query(FinalityProofRow).all()
        forms = {row.number: row.form for row in rows}
        for row in rows:
            row.form = "qbft"
    try:
        found = verdict(node, final.serialize())
    finally:
        for number, form in forms.items():
            _store(node, number, form=form)
    assert "anchoring.not-final" in codes(found)
    assert (found.authentic, found.usable) == (Authentic.INDETERMINATE, Usable.PENDING)


def _store(node: PipelineNode, number: int, **members: Any) -> None:
    with node.database.write() as session:
        session.execute(update(FinalityProofRow).where(FinalityProofRow.number == number).values(**members))


def test_a_signer_away_delays_final_and_loses_nothing(tmp_path: Path) -> None:
    """Two of three go on; the document stays mined until the third has signed again."""
    with CliqueNetwork(tmp_path / "network") as network:
        consortium = founded_at(network.rpc[0], tmp_path, Clique(tuple(network.signers)))
        with opened_at(consortium, tmp_path / "node") as node:
            network.stop_node(2)
            head = node.chain.head().number
            while node.chain.head().number < head + 3:
                time.sleep(0.5)
            [accepted] = node.accept(node.registration())
            deadline = time.monotonic() + 120
            while node.record(accepted.digest).state is not State.MINED:
                assert time.monotonic() < deadline
                Worker(node.resources).run_once()
                time.sleep(0.1)
            with pytest.raises(Unavailable):
                Worker(node.resources).run_until_idle(5)
            assert node.record(accepted.digest).state is State.MINED
            network.start_node(2)
            Worker(node.resources).run_until_idle(120)
            record = node.record(accepted.digest)
            assert record.state is State.FINAL
            assert record.proof
            assert len(clique_form.verify(headers_of(record.proof.content), network.signers).signers) == 3
        consortium.chain.close()
