"""A node's pipeline, examined."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from anchors.fsck.examination import CHECKS, Check, Examination, Told
from anchors.fsck.scene import Scene
from anchors.stores.known_store import KnownStore
from api.examining import judge_of
from tests.anchors.pipeline_node import PipelineNode


def scene_of(node: PipelineNode, **replaced: Any) -> Scene:
    network = node.consortium.network
    scene = Scene(
        database=node.database,
        chain=node.chain,
        documents=node.registries.document,
        stores=(KnownStore(node.store),),
        accounts=frozenset({node.resources.account.address}),
        deployed_at=network.deployed_at,
        form=network.finality.name,
        judge=judge_of(node.chain, node.registries, network.finality),
        clock=node.consortium.clock,
    )
    return replace(scene, **replaced)


def examine(
    node: PipelineNode, *, repair: bool = False, checks: Sequence[tuple[str, Check]] = CHECKS, **replaced: Any
) -> list[Told]:
    """What is wrong with the node; every check must have been made."""
    examination = Examination()
    told = list(examination.run(scene_of(node, **replaced), repair=repair, checks=checks))
    assert examination.unchecked == {}
    assert examination.exit_code == (1 if any(not one.repaired for one in told) else 0)
    return told


def codes(told: Sequence[Told]) -> list[str]:
    return sorted(one.finding.code for one in told)


def execute(node: PipelineNode, *statements: str, **values: Any) -> None:
    """Change the database behind the node's back, foreign keys or not."""
    with closing(sqlite3.connect(str(node.database.engine.url.database), isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement, values)


def without_constraints(node: PipelineNode, table: str) -> None:
    """Make a table anew without any constraint, as a damaged index would leave it."""
    execute(
        node,
        f"CREATE TABLE copied AS SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE copied RENAME TO {table}",
    )
