"""The stream over a chain whose blocks are replaced: what was told is called back, and what holds is told."""

import asyncio
import json
import threading
from typing import Any

import pytest

from anchors.finality import FinalityProof
from api.change_feed import ChangeFeed
from api.change_hub import ChangeHub
from api.change_stream import ChangeStream, Choice
from ledger.chain import Chain, Transport
from ledger.operator import Grant
from tests.consortium import Consortium, mining_on_demand


class FinalUpTo:
    """Finality with one proof, of a block that both chains have."""

    def __init__(self, number: int) -> None:
        self._proof = FinalityProof("checkpoint", number, bytes(32), 0, {})

    def collect(self) -> int:
        return 0

    def proof_for(self, number: int) -> FinalityProof | None:
        return self._proof if number <= self._proof.number else None

    def newest(self, until: int | None = None) -> FinalityProof | None:
        return self._proof


def grant(consortium: Consortium, country: str, number: int) -> None:
    call = consortium.registries.operator.grant([Grant(f"{country}-{number}")])
    consortium.submit(consortium.account(f"{country}.customs"), call)


async def listen(stream: ChangeStream, heard: list[tuple[str, Any]], wanted: int) -> None:
    """Hear so many changes."""
    async for event in stream.events():
        fields = dict(line.split(": ", 1) for line in event.decode().splitlines() if line)
        if "data" in fields:
            heard.append((fields["event"], json.loads(fields["data"])))
        if sum(name == "change" for name, _ in heard) >= wanted:
            return


def test_what_was_replaced_is_called_back(
    consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp
    with consortium_template.copy(folder("one")) as one, consortium_template.copy(folder("other")) as other:
        final = one.chain.head().number
        for number in range(3):
            grant(other, "sg", number)
        current: list[Transport] = [mining_on_demand(one.embedded)]
        chain = Chain(lambda method, params: current[0](method, params))
        feed = ChangeFeed(chain, one.registries.seen_through(chain), FinalUpTo(final), 1)
        hub = ChangeHub(feed)
        heard: list[tuple[str, Any]] = []
        start = feed.newest()

        async def story() -> None:
            stream = ChangeStream(hub, feed, start, Choice())
            await asyncio.to_thread(grant, one, "cn", 0)
            task = asyncio.create_task(listen(stream, heard, 4))
            while not any(name == "change" for name, _ in heard):
                await asyncio.sleep(0.01)
            assert [data["about"]["operator_code"] for name, data in heard if name == "change"] == ["cn-0"]
            current[0] = mining_on_demand(other.embedded)
            await asyncio.wait_for(task, 60)

        asyncio.run(asyncio.wait_for(story(), 120))
        hub.close()
    told = [(name, data.get("void_after_block") or data.get("about")) for name, data in heard if name != "final"]
    assert told == [
        ("change", {"operator_code": "cn-0"}),
        ("replaced", final),
        *(("change", {"operator_code": f"sg-{number}"}) for number in range(3)),
    ]
    for thread in threading.enumerate():
        if thread.name == "changes":
            thread.join(60)
            assert not thread.is_alive(), "nobody listens, nobody looks"
