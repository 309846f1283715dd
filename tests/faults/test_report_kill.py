"""A node that dies, or fails, while a report is taken or batched: what was promised is anchored once.

The steps that follow are those of documents; tests/faults/test_kill_sweep.py goes through them with reports among them.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from anchors.cid import Cid, Codec
from anchors.database import State
from anchors.manifest import LeafType, decode
from anchors.pipeline import report_batch
from ledger import failpoint
from tests.anchors import pipeline_node
from tests.anchors.examined import examine
from tests.anchors.pipeline_node import AUTHORITY, PipelineNode, opened
from tests.consortium import Consortium
from tests.databases import BOTH, addresses
from tests.faults.test_rare_failpoints import HOW, WHEN, fall

DIGEST = b"\7" * 32
_LEASES_END = 60


@pytest.fixture(params=BOTH)
def node(
    request: pytest.FixtureRequest, consortium_template: Consortium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PipelineNode]:
    monkeypatch.setattr(pipeline_node, "address", addresses(request, request.param))
    with consortium_template.copy(tmp_path) as consortium, opened(consortium, tmp_path / "node") as node:
        node.tenant()
        yield node
    failpoint.arm({})


def take(node: PipelineNode) -> bool:
    return node.reports.accept(DIGEST, AUTHORITY, "sea-lines")


def anchored_once(node: PipelineNode) -> None:
    """Start again when the leases of the one that died have ended."""
    node.consortium.clock.advance(_LEASES_END)
    node.resources = replace(node.resources, started_at=node.consortium.clock())
    node.run()
    found = node.reports.find(DIGEST)
    assert found
    assert found.state is State.FINAL
    manifests = [one.manifest_digest for one in node.registries.document.all_anchored(0)]
    leaves = [leaf for one in manifests for leaf in decode(node.store.get(Cid(Codec.RAW, one))).leaves]
    assert [leaf.digest for leaf in leaves if leaf.leaf_type == LeafType.REPORT] == [DIGEST]
    assert examine(node) == []


@HOW
@WHEN
def test_while_it_is_taken(node: PipelineNode, how: str, when: str) -> None:
    fall(node, f"report.commit.{when}={how}", lambda: take(node))
    assert (node.reports.find(DIGEST) is not None) == (when == "after")
    assert examine(node) == []
    assert take(node) is (when == "after")
    anchored_once(node)


@HOW
@pytest.mark.parametrize(
    "name",
    [
        "batch.manifest.before",
        "batch.manifest.after",
        "report.batch.before",
        "report.batch.after",
        "lease.commit.before",
        "lease.commit.after",
    ],
)
def test_while_it_is_batched(node: PipelineNode, how: str, name: str) -> None:
    take(node)
    node.consortium.clock.advance(_LEASES_END)
    fall(node, f"{name}={how}", lambda: report_batch.step(node.resources))
    found = node.reports.find(DIGEST)
    assert found
    assert found.state is (State.BATCHED if name == "report.batch.after" else State.ACCEPTED)
    assert examine(node) == []
    assert take(node)
    anchored_once(node)
