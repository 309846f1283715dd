from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.embedded import EmbeddedChain
from tests.chain.contracts import logger, words
from tests.chain.sender import Clock, Sender, ask, fault

TOPICS = range(4)
BLOCKS = 24


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedChain, list[dict]]]:
    """A chain with logs of 0 to 4 topics out of few values, and all of its logs as the receipts have them."""
    sender = Sender()
    with EmbeddedChain.open(tmp_path_factory.mktemp("logs"), clock=Clock()) as chain:
        addresses = [sender.deploy(chain, logger(topics)) for topics in range(5)]
        for block in range(BLOCKS):
            for number in range(block % 5):
                seed = block + number * 3
                data = words(*((seed * (place + 2) + place) % len(TOPICS) for place in range(4)))
                sender.send(chain, to=addresses[seed % 5], data=data)
            chain.mine()
        head = int(ask(chain, "eth_blockNumber"), 16)
        receipts = [one for number in range(head + 1) for one in ask(chain, "eth_getBlockReceipts", hex(number))]
        yield chain, [log for receipt in receipts for log in receipt["logs"]]


def _topic(value: int) -> str:
    return "0x" + words(value).hex()


def _matches(log: dict, wanted: dict) -> bool:
    """The naive model of the filter (Ethereum execution API, eth_getLogs)."""
    if not int(wanted["fromBlock"], 16) <= int(log["blockNumber"], 16) <= int(wanted["toBlock"], 16):
        return False
    addresses = wanted.get("address")
    if addresses and log["address"] not in ([addresses] if isinstance(addresses, str) else addresses):
        return False
    for place, asked in enumerate(wanted.get("topics", [])):
        if len(log["topics"]) <= place:
            return False
        if asked and log["topics"][place] not in ([asked] if isinstance(asked, str) else asked):
            return False
    return True


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=st.data())
def test_as_the_naive_model_says(written: tuple[EmbeddedChain, list[dict]], given: st.DataObject) -> None:
    chain, logs = written
    one_topic = st.sampled_from(TOPICS).map(_topic)
    topic = st.none() | one_topic | st.lists(one_topic, max_size=3)
    address = st.sampled_from(sorted({log["address"] for log in logs}))
    wanted: dict[str, Any] = {
        "fromBlock": hex(given.draw(st.integers(0, BLOCKS + 8))),
        "toBlock": hex(given.draw(st.integers(0, BLOCKS + 8))),
        "topics": given.draw(st.lists(topic, max_size=4)),
    }
    addresses = given.draw(st.none() | address | st.lists(address, max_size=3))
    if addresses is not None:
        wanted["address"] = addresses
    assert ask(chain, "eth_getLogs", wanted) == [log for log in logs if _matches(log, wanted)]


def test_model_is_not_empty(written: tuple[EmbeddedChain, list[dict]]) -> None:
    assert {len(log["topics"]) for log in written[1]} == set(range(5))
    assert [log["logIndex"] for log in written[1]].count("0x3") > 1


def test_by_block_hash(written: tuple[EmbeddedChain, list[dict]]) -> None:
    chain, logs = written
    wanted = logs[-1]["blockHash"]
    assert ask(chain, "eth_getLogs", {"blockHash": wanted}) == [log for log in logs if log["blockHash"] == wanted]
    assert fault(chain, "eth_getLogs", {"blockHash": wanted, "fromBlock": "0x0"})["code"] == -32602
    assert fault(chain, "eth_getLogs", {"blockHash": "0x" + "00" * 32})["message"] == "header not found"


def test_tags_and_ranges(written: tuple[EmbeddedChain, list[dict]]) -> None:
    chain, logs = written
    assert ask(chain, "eth_getLogs", {"fromBlock": "earliest"}) == logs
    assert ask(chain, "eth_getLogs", {"fromBlock": "0x0", "toBlock": hex(2**200)}) == logs
    assert ask(chain, "eth_getLogs", {"fromBlock": hex(2**200)}) == []
    latest = ask(chain, "eth_blockNumber")
    assert ask(chain, "eth_getLogs", {}) == [log for log in logs if log["blockNumber"] == latest]


def test_many_alternatives(written: tuple[EmbeddedChain, list[dict]]) -> None:
    chain, logs = written
    many = [_topic(value) for value in range(5000)]
    expected = [log for log in logs if log["topics"]]
    assert ask(chain, "eth_getLogs", {"fromBlock": "0x0", "topics": [many]}) == expected


def test_receipt_logs_survive_reopening(tmp_path: Path, sender: Sender) -> None:
    with EmbeddedChain.open(tmp_path) as chain:
        address = sender.deploy(chain, logger(4))
        sender.send(chain, to=address, data=words(1, 2, 3, 4))
        chain.mine()
        before = ask(chain, "eth_getLogs", {"fromBlock": "0x0"})
    with EmbeddedChain.open(tmp_path) as chain:
        assert ask(chain, "eth_getLogs", {"fromBlock": "0x0"}) == before
        assert before[0]["topics"] == [_topic(value) for value in (1, 2, 3, 4)]
