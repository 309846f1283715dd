"""A database deleted and rebuilt: the same roots, places, paths, transactions, proofs and verdicts."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from anchors.database import State
from anchors.database.models import BatchRow, DocumentRow, GateStatementRow, TransactionRow
from anchors.lane import Lane
from anchors.pipeline import batch, sign, store
from anchors.pipeline.registration import Accepted
from anchors.rebuild.finality import prove
from anchors.rebuild.orphans import orphans
from anchors.rebuild.rebuild import Rebuild, Rebuilt
from anchors.receipt import full_receipt
from anchors.stores.known_store import KnownStore
from ledger import failpoint
from ledger.authority_registry import Role
from ledger.envelope import Envelope
from ledger.errors import PortsealError, Refused
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.anchors.examined import codes, examine, scene_of
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.real_chain import verdict
from tests.consortium import Consortium

FOUND = ("digest", "issuer", "payload_cid", "leaf_index", "path", "state")
OF_BATCH = ("root", "size", "manifest_digest", "manifest_cid", "state")
OF_GATE = ("digest", "path")
OF_TRANSACTION = ("sender", "nonce", "raw", "hash", "gas_price", "state", "block_number", "block_hash", "block_time")


pytestmark = pytest.mark.usefixtures("on_each_database")


@dataclass
class Lost:
    """A node whose database is gone, and what it had."""

    consortium: Consortium
    directory: Path
    tenant_key: PrivateKey
    envelopes: Sequence[Envelope]
    before: dict[bytes, dict[str, Any]]
    receipts: dict[bytes, dict[str, Any]]
    verdicts: dict[bytes, Any]
    unanchored: set[bytes]

    @contextmanager
    def node(self, directory: Path) -> Iterator[PipelineNode]:
        """The node with an empty database, in a copy of its folder."""
        shutil.copytree(self.directory / "payloads", directory / "node" / "payloads")
        with self.consortium.copy(directory) as consortium:
            for guard in self.consortium.directory.glob("*.guard"):
                shutil.copy(guard, directory)
            with opened(consortium, directory / "node") as node:
                yield node


@pytest.fixture(scope="module")
def lost(on_each_database: None, consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Lost:
    directory = tmp_path_factory.mktemp("lost")
    with consortium_template.copy(directory) as consortium, opened(consortium, directory / "node") as node:
        node.resources = replace(node.resources, limits=replace(node.resources.limits, batch_size=40))
        envelopes = [node.bill() for _ in range(300)]
        for start in range(0, 300, 60):
            part = envelopes[start : start + 60]
            node.accept(
                *[
                    (node.gated if place % 4 else node.registration)(one, lane=Lane(place % 3))
                    for place, one in enumerate(part)
                ]
            )
            node.run()
        unanchored = waiting_in_several_states(node)
        final = [one.digest for one in envelopes]
        receipts = {digest: full_receipt(node.record(digest)) for digest in final}
        verdicts = {one.digest: found(node, one) for one in envelopes[:20]}
        before = rows_of(node)
    return Lost(consortium, directory / "node", node.tenant_key, envelopes, before, receipts, verdicts, unanchored)


def waiting_in_several_states(node: PipelineNode) -> set[bytes]:
    """Documents that are accepted, stored, batched and signed, when the database is lost."""
    digests: set[bytes] = set()
    for steps in ((store, batch, sign), (store, batch), (store,), ()):
        digests |= {one.digest for one in node.accept(*[node.registration() for _ in range(3)])}
        for step in steps:
            node.step(step.step)
    return digests


def rows_of(node: PipelineNode) -> dict[bytes, dict[str, Any]]:
    """Everything of each anchored document that the chain and the manifests say."""
    query = (
        select(DocumentRow, BatchRow, TransactionRow, GateStatementRow)
        .outerjoin(GateStatementRow, GateStatementRow.document_number == DocumentRow.number)
        .join(BatchRow, BatchRow.id == DocumentRow.batch_id)
        .join(TransactionRow, TransactionRow.id == BatchRow.transaction_id)
        .where(BatchRow.state.in_((State.MINED, State.FINAL)))
    )
    with node.database.read() as session:
        return {
            document.digest: members(document, FOUND)
            | members(one, OF_BATCH, "batch ")
            | members(transaction, OF_TRANSACTION, "transaction ")
            | (members(gate, OF_GATE, "gate ") if gate else {})
            for document, one, transaction, gate in session.execute(query)
        }


def members(row: object, names: Sequence[str], prefix: str = "") -> dict[str, Any]:
    return {prefix + name: getattr(row, name) for name in names}


def found(node: PipelineNode, envelope: Envelope) -> tuple[str, str, set[tuple[str, str]]]:
    judged = verdict(node, envelope.serialize())
    return judged.authentic.value, judged.usable.value, {(one.code, one.outcome.value) for one in judged.findings}


def rebuild(node: PipelineNode, **replaced: Any) -> Rebuilt:
    scene = scene_of(node)
    arguments = {"fetch": scene.fetch, "accounts": scene.accounts, "deployed_at": scene.deployed_at} | replaced
    rebuilt = Rebuild(node.database, node.chain, node.registries.document, **arguments).run()
    assert prove(node.database, node.chain, node.finality, int(node.consortium.clock())) == 0
    return rebuilt


def test_row_by_row_the_same_and_whole(lost: Lost, tmp_path: Path) -> None:
    with lost.node(tmp_path) as node:
        rebuilt = rebuild(node)
        assert (rebuilt.documents, rebuilt.wrong, rebuilt.others) == (300, [], {})
        assert rows_of(node) == lost.before
        assert len(lost.before) == 300
        assert examine(node) == []
        for envelope in lost.envelopes:
            receipt, now = lost.receipts[envelope.digest], full_receipt(node.record(envelope.digest))
            for part in ("digest", "issuer", "state", "batch", "transaction", "finality"):
                assert now[part] == receipt[part]
        assert {one.digest: found(node, one) for one in lost.envelopes[:20]} == lost.verdicts
        assert all(node.archive.find(digest) is None for digest in lost.unanchored)


def test_what_was_sealed_and_never_anchored_is_listed(lost: Lost, tmp_path: Path) -> None:
    with lost.node(tmp_path) as node:
        rebuild(node)
        left = list(orphans(node.database, [KnownStore(node.store)]))
        payloads = {one.digest for one in left if one.digest}
        assert payloads < lost.unanchored
        assert len(payloads) == 9
        assert sorted(one.size for one in left if one.size) == [3, 3]
        assert {one.kid for one in left if one.digest} == {lost.tenant_key.public_key.kid}


def test_one_that_was_interrupted_goes_on(lost: Lost, tmp_path: Path) -> None:
    with lost.node(tmp_path) as node:
        for armed in ("rebuild.commit.before=raise@3", "rebuild.commit.after=raise@2"):
            failpoint.arm({failpoint.VARIABLE: armed})
            with pytest.raises(failpoint.FailpointError):
                rebuild(node)
        failpoint.arm({})
        rebuild(node)
        assert rows_of(node) == lost.before
        assert examine(node) == []
        with pytest.raises(Refused) as caught:
            rebuild(node)
        assert caught.value.code == "rebuild.not-empty"


def test_a_manifest_that_is_gone_is_said_and_the_rest_is_found(lost: Lost, tmp_path: Path) -> None:
    with lost.node(tmp_path) as node:
        scene = scene_of(node)
        gone = next(iter(lost.before.values()))["batch manifest_digest"]
        rebuilt = rebuild(node, fetch=lambda cid: None if cid.digest == gone else scene.fetch(cid))
        assert [error.code for _, error in rebuilt.wrong] == ["manifest.missing"]
        missing = {d for d, row in lost.before.items() if row["batch manifest_digest"] == gone}
        assert rows_of(node) == {d: row for d, row in lost.before.items() if d not in missing}
        assert codes(examine(node)) == ["anchoring.unknown"]
        examine(node, repair=True)
        assert rows_of(node).keys() == lost.before.keys()
        node.run()
        assert rows_of(node) == lost.before


def test_what_others_anchored_is_told_apart(lost: Lost, tmp_path: Path) -> None:
    with lost.node(tmp_path) as node:
        other = node.consortium.account("sg.customs", Role.ANCHOR)
        node.consortium.submit(other, node.registries.document.anchor(b"\1" * 32, 7, b"\2" * 32))
        rebuilt = rebuild(node)
        assert rebuilt.wrong == []
        assert vars(rebuilt.others[other.address]) == {"batches": 1, "found": 0, "missing": 1, "wrong": 0}
        assert examine(node) == []


def test_an_anchored_root_that_its_manifest_does_not_give_is_said(lost: Lost, tmp_path: Path) -> None:
    with lost.node(tmp_path) as node:
        digest = next(iter(lost.before.values()))["batch manifest_digest"]
        call = node.registries.document.anchor(b"\1" * 32, 7, digest)
        node.consortium.submit(node.resources.account, call)
        rebuilt = rebuild(node)
        assert [error.code for _, error in rebuilt.wrong] == ["manifest.root"]
        assert rows_of(node) == lost.before


def test_its_registrant_fills_in_what_was_missing(lost: Lost, tmp_path: Path) -> None:
    with lost.node(tmp_path) as node:
        rebuild(node)
        node.tenant_key = lost.tenant_key
        envelope = lost.envelopes[0]
        [accepted] = node.accept(node.registration(envelope))
        assert accepted.repeated
        assert accepted.state is State.FINAL
        record = node.record(envelope.digest)
        assert (record.tenant, record.kind) == ("sea-lines", "bill-of-lading")
        assert record.accepted_receipt == accepted.receipt != ""
        [again] = node.accept(node.registration(envelope))
        assert (again.repeated, again.receipt) == (True, accepted.receipt)
        assert rows_of(node) == lost.before
        assert examine(node) == []


def test_nobody_else_takes_it(lost: Lost, tmp_path: Path) -> None:
    with lost.node(tmp_path) as node:
        rebuild(node)
        stranger = PrivateKey.generate(Algorithm.X25519).public_key
        tenant = node.tenants.create("stranger", ["cn.carrier"], stranger)
        results = node.registrar.accept([node.registration(lost.envelopes[0], tenant=tenant), node.registration()])
        assert isinstance(results[0], PortsealError)
        assert results[0].code == "document.registered-by-another"
        assert isinstance(results[1], Accepted)
        assert node.record(lost.envelopes[0].digest).tenant is None
