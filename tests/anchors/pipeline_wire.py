"""A pipeline on a chain whose transport can be cut, moved step by step."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from eth_utils.crypto import keccak

from anchors.database import State
from anchors.pipeline import batch, broadcast, confirm, sign, store
from tests.anchors.pipeline_node import PipelineNode
from tests.consortium import Consortium


class CrashError(BaseException):
    """The process ends here: nothing catches it."""


class Wire:
    """The chain's transport, cut before or after a request, or losing the waiting transactions."""

    def __init__(self, consortium: Consortium) -> None:
        self.consortium = consortium
        self.crash_before: str | None = None
        self.crash_after: str | None = None
        self.lose_sent = False
        self.sent: list[bytes] = []

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        if method == self.crash_before:
            raise CrashError
        if method == "eth_sendRawTransaction":
            self.sent.append(bytes.fromhex(params[0][2:]))
            if self.lose_sent:
                return {"jsonrpc": "2.0", "id": 1, "result": "0x" + keccak(self.sent[-1]).hex()}
        response = self.consortium.chain.transport(method, params)
        if method == self.crash_after:
            raise CrashError
        return response


def advance(node: PipelineNode, state: State) -> None:
    """Move everything to a state."""
    order = (store, batch, sign, broadcast, confirm)
    states = (State.STORED, State.BATCHED, State.SIGNED, State.BROADCAST, State.MINED)
    for step in order[: states.index(state) + 1] if state in states else ():
        node.step(step.step)


def final_once(node: PipelineNode, digests: Sequence[bytes]) -> None:
    """Restart, run, and look: each document is final, in one anchored batch, with no event more."""
    node.resources = replace(node.resources, started_at=node.consortium.clock())
    node.run()
    records = [node.record(digest) for digest in digests]
    assert {record.state for record in records} == {State.FINAL}
    anchored = node.registries.document.anchored(0, node.chain.head().number)
    for root in {record.batch.root for record in records if record.batch}:
        assert [one.root for one in anchored].count(root) == 1
