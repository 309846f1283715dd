"""Gate statements from registration to the chain, through every step, a rebuild, fsck, and into a QR code."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from anchors import merkle
from anchors.anchored_hours import AnchoredHours
from anchors.cid import Cid
from anchors.database import State
from anchors.database.models import BatchRow, DocumentRow, GateStatementRow
from anchors.fsck.examination import CHECKS, Told
from anchors.gate_archive import GateArchive
from anchors.manifest import LeafType, decode
from anchors.pipeline import batch, sign, store
from anchors.sealing import gate_of
from ledger.errors import Invalid, PortsealError, Refused
from ledger.gate_statement import GateStatement
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.anchors.examined import codes
from tests.anchors.examined import examine as examine_all
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.consortium import Consortium

pytestmark = pytest.mark.usefixtures("on_each_database")


@pytest.fixture
def node(consortium: Consortium, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path / "node") as node:
        yield node


def examine(node: PipelineNode, *, repair: bool = False) -> list[Told]:
    """What fsck finds, but for what the nodes of other tests have anchored on the same chain."""
    return examine_all(node, repair=repair, checks=[one for one in CHECKS if one[0] != "anchorings"])


def gates(node: PipelineNode) -> GateArchive:
    return GateArchive(node.database, node.archive, node.payloads)


def hours(node: PipelineNode) -> AnchoredHours:
    network = node.consortium.network
    return AnchoredHours(node.chain, node.registries.document, node.finality, network.deployed_at)


def rows(node: PipelineNode) -> list[GateStatementRow]:
    with node.database.read() as session:
        return list(session.scalars(select(GateStatementRow).order_by(GateStatementRow.document_number)))


def manifests(node: PipelineNode) -> list[tuple[BatchRow, list[tuple[bytes, int]]]]:
    with node.database.read() as session:
        batches = list(session.scalars(select(BatchRow).order_by(BatchRow.id)))
    return [
        (one, [(leaf.digest, leaf.leaf_type) for leaf in decode(node.store.get(Cid.parse(one.manifest_cid))).leaves])
        for one in batches
    ]


def test_a_statement_is_the_leaf_after_its_document(node: PipelineNode) -> None:
    registrations = [node.gated(), node.registration(), node.gated()]
    accepted = node.accept(*registrations)
    node.run()
    [(row, leaves)] = manifests(node)
    expected: list[tuple[bytes, int]] = []
    for registration in registrations:
        expected.append((registration.envelope.digest, LeafType.ENVELOPE))
        if registration.gate:
            expected.append((registration.gate.leaf, LeafType.GATE))
    assert leaves == expected
    assert row.size == 5
    for registration, one in zip(registrations, accepted, strict=True):
        place = node.record(one.digest).batch
        assert place is not None
        assert merkle.verify_inclusion(one.digest, place.index, place.size, place.path, place.root)
        if registration.gate is None:
            with pytest.raises(Refused, match=r"gate\.none"):
                gates(node).find(one.digest)
            continue
        record = gates(node).find(one.digest)
        assert (record.statement, record.is_final) == (registration.gate, True)
        assert record.place is not None
        path = record.place.path
        assert merkle.verify_inclusion(registration.gate.leaf, record.place.index, record.place.size, path, row.root)
        assert gate_of(node.payloads.get(one.digest)) == registration.gate.data
    assert examine(node) == []


def refused(node: PipelineNode, gate: GateStatement | None, **members: object) -> str:
    envelope = node.bill()
    [result] = node.registrar.accept([node.registration(envelope, gate=gate, **members)])
    assert isinstance(result, PortsealError)
    assert node.archive.find(envelope.digest) is None
    return result.code


def test_what_was_not_made_beside_the_envelope_is_refused(node: PipelineNode) -> None:
    other = node.gated().gate
    assert other is not None
    assert refused(node, other) == "gate.document"
    envelope = node.bill()
    stranger = PrivateKey.generate(Algorithm.ES256)
    forged = node.gated(envelope, key=stranger).gate
    [result] = node.registrar.accept([node.registration(envelope, gate=forged)])
    assert isinstance(result, Invalid)
    assert result.code == "gate.key"


def test_one_document_has_one_statement(node: PipelineNode) -> None:
    with_, without = node.gated(), node.registration()
    node.accept(with_, without)
    again, bare = node.accept(with_, replace(with_, gate=None))
    assert again.repeated
    assert bare.repeated
    later = node.gated(without.envelope)
    [result] = node.registrar.accept([later])
    assert isinstance(result, Refused)
    assert result.code == "gate.registered-without"
    both = node.gated()
    [first, second] = node.registrar.accept([replace(both, gate=None), both])
    assert not isinstance(first, PortsealError)
    assert isinstance(second, Refused)
    assert len(rows(node)) == 1


@pytest.mark.parametrize("gated", [0, 3, 7])
def test_a_batch_with_a_gate_leaf_is_kept_small(
    node: PipelineNode, monkeypatch: pytest.MonkeyPatch, gated: int
) -> None:
    """The limit of 4,096 stands for 6 here, that of 65,536 for 10; the manifest itself refuses more."""
    monkeypatch.setattr("anchors.manifest.MAX_LEAVES_WITH_GATE", 6)
    monkeypatch.setattr("anchors.pipeline.leaves.MAX_LEAVES_WITH_GATE", 6)
    registrations = [node.gated() if place < gated else node.registration() for place in range(16)]
    node.accept(*reversed(registrations))
    node.resources = replace(node.resources, limits=replace(node.resources.limits, batch_size=10))
    node.run()
    sizes = [(row.size, any(kind == LeafType.GATE for _, kind in leaves)) for row, leaves in manifests(node)]
    assert all(size <= (6 if has_gate else 10) for size, has_gate in sizes)
    assert sum(size for size, _ in sizes) == 16 + gated
    assert sizes[0] == ((10, False) if gated < 7 else (9, False))
    assert all(node.record(one.envelope.digest).state is State.FINAL for one in registrations)
    assert examine(node) == []


def test_the_real_limit_is_4096_leaves_in_all(node: PipelineNode) -> None:
    from anchors.pipeline.leaves import StoredDocument, fitting

    def document(number: int, gate: bool) -> StoredDocument:
        digest = hashlib.sha256(number.to_bytes(4)).digest()
        return StoredDocument(number, digest, "cn.carrier", None, None, False, "", digest[::-1] if gate else None)

    plain = [document(number, False) for number in range(70_000)]
    assert len(fitting(plain, 65_536)) == 65_536
    gated = [document(number, True) for number in range(70_000)]
    assert len(fitting(gated, 65_536)) == 2_048
    assert len(fitting(plain[:4_094] + gated[5_000:], 65_536)) == 4_095
    assert len(fitting(plain[:4_095] + gated[5_000:], 65_536)) == 4_095
    assert len(fitting(plain[:5_000] + gated[5_000:], 65_536)) == 5_000
    assert len(fitting(gated, 1)) == 1


def test_a_batch_that_is_taken_apart_frees_the_statement_too(node: PipelineNode) -> None:
    registration = node.gated()
    node.accept(registration)
    node.step(store.step)
    node.step(batch.step)
    assert rows(node)[0].path is not None
    with node.database.read() as session:
        ids = list(session.scalars(select(BatchRow.id)))
    node.resources.leases.hold(node.resources.account_work)
    sign._take_apart(node.resources, ids)
    assert rows(node)[0].path is None
    node.run()
    assert gates(node).find(registration.envelope.digest).is_final
    assert examine(node) == []


def test_after_a_rebuild_the_statement_comes_from_the_payload(node: PipelineNode) -> None:
    registration = node.gated()
    node.accept(registration)
    node.run()
    with node.database.write() as session:
        session.execute(update(GateStatementRow).values(content=None))
    assert examine(node) == []
    digest = registration.envelope.digest
    assert gates(node).find(digest).statement == registration.gate
    assert rows(node)[0].content == registration.gate.data if registration.gate else False


def test_what_is_wrong_with_a_statement_is_found_and_mended(node: PipelineNode) -> None:
    registration = node.gated()
    node.accept(registration, node.gated())
    node.run()

    def broken(*found: str, **values: object) -> None:
        number = rows(node)[0].document_number
        with node.database.write() as session:
            session.execute(update(GateStatementRow).where(GateStatementRow.document_number == number).values(**values))
        assert codes(examine(node)) == list(found)
        examine(node, repair=True)
        assert examine(node) == []

    broken("gate.damaged", content=b"something else")
    broken("leaf.gate", path=bytes(32))
    broken("gate.place", "leaf.gate", path=None)
    broken("gate.lost", "leaf.gate", digest=b"\7" * 32)
    with node.database.write() as session:
        session.delete(session.get_one(GateStatementRow, rows(node)[0].document_number))
    assert codes(examine(node)) == ["leaf.gate"]
    examine(node, repair=True)
    assert examine(node) == []
    assert gates(node).find(registration.envelope.digest).statement == registration.gate


def test_a_document_whose_row_is_lost_comes_back_with_its_statement(node: PipelineNode) -> None:
    registration = node.gated()
    node.accept(registration)
    node.run()
    with node.database.write() as session:
        session.delete(session.get_one(GateStatementRow, rows(node)[0].document_number))
        session.delete(session.scalars(select(DocumentRow)).one())
    assert codes(examine(node)) == ["leaf.lost"]
    examine(node, repair=True)
    assert examine(node) == []
    assert gates(node).find(registration.envelope.digest).statement == registration.gate
