"""fsck: a whole node has no finding in any state; each invariant, broken, is found, and mended where it can be."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.anchors.examined import codes, examine, execute
from tests.anchors.node_in_every_state import database_kept, in_every_state
from tests.anchors.pipeline_node import PipelineNode
from tests.consortium import Consortium


@pytest.fixture(scope="module")
def made(consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PipelineNode]:
    with in_every_state(consortium_template, tmp_path_factory.mktemp("examined")) as node:
        yield node


@pytest.fixture
def node(made: PipelineNode, tmp_path: Path) -> Iterator[PipelineNode]:
    """The same node for each test, its database set back after it."""
    with database_kept(made, tmp_path / "kept.db"):
        yield made


def test_documents_in_every_state_are_whole(node: PipelineNode) -> None:
    assert examine(node) == []
    assert examine(node, quick=True) == []


@dataclass(frozen=True)
class Break:
    """How an invariant is broken, what is found, and whether it is mended."""

    statement: str
    codes: tuple[str, ...]
    mended: bool = True


def one(state: str) -> str:
    return f"(SELECT min(number) FROM documents WHERE state = '{state}')"


def document(state: str, change: str) -> str:
    return f"UPDATE documents SET {change} WHERE number = {one(state)}"


def batch(state: str, change: str) -> str:
    return f"UPDATE batches SET {change} WHERE id = (SELECT min(id) FROM batches WHERE state = '{state}')"


def transaction(state: str, change: str) -> str:
    of_batch = f"(SELECT min(transaction_id) FROM batches WHERE state = '{state}')"
    return f"UPDATE transactions SET {change} WHERE id = {of_batch}"


NOTHING = "zeroblob(32)"
FINAL_PROOF = "UPDATE finality_proofs SET {0} WHERE number = (SELECT max(number) FROM finality_proofs)"
ROOT = ("anchoring.unknown", "batch.not-held", "batch.root", "transaction.batches")
BREAKS = {
    "unknown state": Break(document("stored", "state = 'lost'"), ("document.state",), False),
    "lane": Break(document("stored", "lane = 9"), ("document.state",), False),
    "no reason": Break(document("stored", "state = 'failed'"), ("document.no-reason",), False),
    "half a place": Break(document("stored", "path = x''"), ("document.place",), False),
    "no batch": Break(
        document("batched", "batch_id = NULL, leaf_index = NULL, path = NULL"), ("document.no-batch", "leaf.unplaced")
    ),
    "members": Break(document("stored", "kid = NULL"), ("document.members",), False),
    "state of a leaf": Break(document("batched", "state = 'stored'"), ("leaf.state",)),
    "leaf index": Break(document("batched", "leaf_index = 7"), ("leaf.index",)),
    "path": Break(document("batched", f"path = {NOTHING}"), ("leaf.path",)),
    "issuer": Break(document("batched", "issuer = 'cn.other'"), ("leaf.other",)),
    "payload of a leaf": Break(document("batched", "payload_cid = 'nothing'"), ("leaf.other", "payload.missing")),
    "payload of a stored one": Break(document("stored", "payload_cid = 'nothing'"), ("payload.missing",), False),
    "lost row": Break(f"DELETE FROM documents WHERE number = {one('batched')}", ("leaf.lost",)),
    "foreign leaf": Break(
        document("stored", "state = 'batched', batch_id = 1, leaf_index = 3, path = x''"), ("leaf.foreign",), False
    ),
    "tenant": Break(
        "UPDATE documents SET tenant_id = 'nobody'", ("document.tenant",) * 16 + ("idempotency.other-tenant",), False
    ),
    "root": Break(batch("final", f"root = {NOTHING}"), ROOT),
    "size": Break(batch("final", "size = 4"), ROOT),
    "manifest digest": Break(
        batch("final", f"manifest_digest = {NOTHING}"),
        ("anchoring.unknown", "batch.manifest-digest", "batch.not-held", "transaction.batches"),
    ),
    "manifest CID": Break(batch("batched", "manifest_cid = 'nothing'"), ("batch.manifest-cid", "payload.missing")),
    "state of a batch": Break(batch("mined", "state = 'somewhere'"), ("batch.state",), False),
    "batch behind": Break(batch("mined", "state = 'broadcast'"), ("batch.other-state",)),
    "batch ahead": Break(batch("signed", "state = 'mined'"), ("batch.other-state",)),
    "batch with a transaction": Break(batch("mined", "state = 'batched'"), ("batch.other-state",)),
    "batch without": Break(batch("mined", "transaction_id = NULL"), ("batch.no-transaction",)),
    "time of finality": Break(batch("final", "final_at = NULL"), ("batch.final-at",)),
    "transaction's state": Break(
        transaction("mined", "state = 'gone'"), ("batch.other-state", "transaction.state"), False
    ),
    "no block": Break(transaction("mined", "block_hash = NULL"), ("transaction.block", "transaction.other-block")),
    "a block too early": Break(transaction("broadcast", "block_number = 3"), ("transaction.block",)),
    "raw of a mined one": Break(transaction("final", "raw = x'01'"), ("transaction.hash",)),
    "raw of one that waits": Break(transaction("signed", "raw = x'01'"), ("transaction.hash",), False),
    "hash of a mined one": Break(
        transaction("final", f"hash = {NOTHING}"), ("transaction.hash", "transaction.not-on-chain")
    ),
    "nonce": Break(transaction("signed", "nonce = 99"), ("nonce.gap", "transaction.nonce")),
    "sender": Break(transaction("final", "sender = '0x0'"), ("transaction.nonce",)),
    "another block": Break(transaction("final", f"block_hash = {NOTHING}"), ("transaction.other-block",)),
    "another time": Break(transaction("mined", "block_time = 1"), ("transaction.other-block",)),
    "never mined": Break(
        transaction("signed", f"state = 'mined', block_number = 3, block_hash = {NOTHING}, block_time = 1"),
        ("batch.other-state", "transaction.not-on-chain"),
    ),
    "proof's content": Break(FINAL_PROOF.format("content = '{}'"), ("batch.unproved", "proof.wrong")),
    "proof's block": Break(FINAL_PROOF.format(f"block_hash = {NOTHING}"), ("batch.unproved", "proof.wrong")),
    "no proof": Break("DELETE FROM finality_proofs", ("batch.unproved",)),
    "sealed payload gone": Break(
        f"DELETE FROM sealed_payloads WHERE document_number = {one('accepted')}", ("payload.lost",), False
    ),
    "sealed payload damaged": Break(
        f"UPDATE sealed_payloads SET content = x'00' WHERE document_number = {one('accepted')}",
        ("sealed.damaged",),
        False,
    ),
    "size of a sealed payload": Break("UPDATE sealed_payloads SET size = 1 + size", ("sealed.damaged",) * 2),
    "sealed payload of nobody": Break(
        f"UPDATE sealed_payloads SET document_number = 999 WHERE document_number = {one('accepted')}",
        ("payload.lost", "sealed.document"),
        False,
    ),
    "idempotency key": Break(f"UPDATE idempotency_keys SET digest = {NOTHING}", ("idempotency.document",), False),
    "key of another tenant": Break(
        "UPDATE idempotency_keys SET tenant_id = 'bank'", ("idempotency.other-tenant",), False
    ),
    "reader entry": Break(
        f"UPDATE reader_entries SET digest = {NOTHING}", ("reader-entry.document", "reader-entry.form"), False
    ),
    "reader entry's form": Break("UPDATE reader_entries SET entry = 'x'", ("reader-entry.form",), False),
    "lease": Break("UPDATE leases SET until = until + 2e9 WHERE rowid = 1", ("lease.form",)),
    "supersedes": Break(
        document(
            "stored",
            f"supersedes = (SELECT digest FROM documents WHERE number = {one('batched')}), edition = 3,"
            f" jti = (SELECT jti FROM documents WHERE number = {one('batched')})",
        ),
        ("document.succession",),
        False,
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_break_is_found_and_mended(node: PipelineNode, name: str) -> None:
    broken = BREAKS[name]
    execute(node, broken.statement)
    assert codes(examine(node)) == sorted(broken.codes)
    examine(node, repair=True)
    left = codes(examine(node))
    assert left == ([] if broken.mended else sorted(broken.codes))
