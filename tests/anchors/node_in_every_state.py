"""A node with documents in every state, and its database set back after each test that breaks something in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anchors.database import State
from anchors.pipeline import store
from anchors.pipeline.registration import RequestKey
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import advance
from tests.consortium import Consortium

LATER = (State.MINED, State.BROADCAST, State.SIGNED, State.BATCHED, State.STORED)


@contextmanager
def in_every_state(established: Consortium, directory: Path) -> Iterator[PipelineNode]:
    """Three documents that are final, two in each other state; one has a reader and an idempotency key."""
    with established.copy(directory) as consortium, opened(consortium, directory / "node") as node:
        accept(node, 3)
        node.run()
        for state in LATER:
            accept(node, 2)
            advance(node, state)
        _with_all(node)
        accept(node, 2)
        yield node


@contextmanager
def database_kept(node: PipelineNode, copy: Path) -> Iterator[None]:
    """Have the database afterwards as it is now."""
    path = Path(str(node.database.engine.url.database))
    node.database.close()
    shutil.copyfile(path, copy)
    yield
    node.database.close()
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    shutil.copyfile(copy, path)


def accept(node: PipelineNode, count: int) -> list[bytes]:
    """Have some documents accepted; return their digests."""
    return [one.digest for one in node.accept(*[node.registration() for _ in range(count)])]


def _with_all(node: PipelineNode) -> None:
    reader, key = node.tenant("bank"), RequestKey("asked-once", b"r" * 32)
    node.accept(node.registration(readers=[(reader.id, reader.encryption_key)], request_key=key))
    node.step(store.step)
