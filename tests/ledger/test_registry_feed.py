"""The feed page by page: whatever the page, whatever ranges a node takes, and after its blocks were replaced."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.chain import Chain, Transport
from ledger.change_chain import check_complete
from ledger.errors import Invalid, Unavailable
from ledger.feed_cursor import END, Cursor
from ledger.operator import Grant
from ledger.registry_change import RegistryChange
from ledger.registry_changes import RegistryChanges
from ledger.registry_feed import CursorReplaced, RegistryFeed
from ledger.registry_history import RegistryHistory
from tests.consortium import Consortium, mining_on_demand
from tests.ledger.change_history import write_history


class Node:
    """A node that may change its mind: the transport of one chain, then of another."""

    def __init__(self, consortium: Consortium, most_blocks: int = 10**9) -> None:
        self.transport: Transport = mining_on_demand(consortium.embedded)
        self.most_blocks = most_blocks
        self.asked: list[str] = []

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        self.asked.append(method)
        if method == "eth_getLogs" and self._span(params[0]) > self.most_blocks:
            return {"error": {"code": -32005, "message": "query exceeds max block range"}}
        return self.transport(method, params)

    @staticmethod
    def _span(wanted: dict[str, str]) -> int:
        return int(wanted["toBlock"], 16) - int(wanted["fromBlock"], 16) + 1


def feed_of(consortium: Consortium, node: Node, **named: Any) -> RegistryFeed:
    chain = Chain(node)
    contracts = consortium.registries.seen_through(chain).contracts()
    return RegistryFeed(chain, RegistryChanges(chain, contracts), 1, **named)


def read_all(feed: RegistryFeed, limit: int, after: Cursor | None = None) -> list[RegistryChange]:
    found, more = [], True
    while more:
        page = feed.page(after, limit, 0)
        assert len(page.changes) <= limit
        found += [told.change for told in page.changes]
        after, more = page.after, page.more
    return found


@pytest.fixture(scope="module")
def history(consortium: Consortium) -> Consortium:
    write_history(consortium)
    return consortium


@pytest.fixture(scope="module")
def whole(history: Consortium) -> tuple[RegistryChange, ...]:
    contracts = history.registries.contracts()
    return RegistryChanges(history.chain, contracts).between(0, history.chain.head().number)


@settings(max_examples=4)
@given(limit=st.integers(25, 90), most_blocks=st.sampled_from([7, 64, 10**9]))
def test_pages_are_the_whole(
    history: Consortium, whole: tuple[RegistryChange, ...], limit: int, most_blocks: int
) -> None:
    assert read_all(feed_of(history, Node(history, most_blocks)), limit) == list(whole)


@settings(max_examples=4)
@given(st.data())
def test_from_any_cursor_the_rest_follows(
    history: Consortium, whole: tuple[RegistryChange, ...], data: st.DataObject
) -> None:
    feed = feed_of(history, Node(history))
    number = data.draw(st.integers(0, len(whole) - 1))
    cursor = feed.page(None, number + 1, 0).changes[-1].cursor
    assert Cursor.parse(cursor.text()) == cursor
    assert read_all(feed, 30, cursor) == list(whole[number + 1 :])


def test_nothing_new_costs_one_request(history: Consortium) -> None:
    node = Node(history)
    feed = feed_of(history, node)
    newest = feed.newest(0)
    node.asked.clear()
    page = feed.page(newest, 100, 0)
    assert (page.changes, page.after, page.more, len(node.asked)) == ((), newest, False, 1)


def test_a_replaced_block_is_noticed_and_where_to_go_on(
    consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two copies of a chain go different ways; the node follows the one, then the other."""
    folder = tmp_path_factory.mktemp
    with consortium_template.copy(folder("one")) as one, consortium_template.copy(folder("other")) as other:
        final = one.chain.head().number
        before = len(read_all(feed_of(one, Node(one)), 1000))
        for consortium, country, blocks in ((one, "cn", 2), (other, "sg", 3)):
            for number in range(blocks):
                grant = consortium.registries.operator.grant([Grant(f"{country}-{number}")])
                consortium.submit(consortium.account(f"{country}.customs"), grant)
        node = Node(one)
        feed = feed_of(one, node)
        page = feed.page(None, 1000, final)
        assert (len(page.changes), page.after.log_index) == (before + 2, END)
        heard = page.changes[-1].cursor
        history = RegistryHistory(Chain(node), one.registries.seen_through(Chain(node)).operator.contract, 1)
        assert [change.members()["authority"] for change in history.newest().changes] == ["cn.customs"] * 2
        node.transport = mining_on_demand(other.embedded)
        for cursor in (page.after, heard):
            with pytest.raises(CursorReplaced) as caught:
                feed.page(cursor, 1000, final)
            assert caught.value.resume.block_number == final
        told = feed.page(caught.value.resume, 1000, final).changes
        assert [one.change.members()["authority"] for one in told] == ["sg.customs"] * 3
        assert len(read_all(feed, 1000)) == before + 3, "and nothing of the old chain is remembered"
        assert [change.members()["authority"] for change in history.newest().changes] == ["sg.customs"] * 3


def test_a_node_that_is_behind_has_replaced_nothing(history: Consortium) -> None:
    head = history.chain.head()
    with pytest.raises(Unavailable) as caught:
        feed_of(history, Node(history)).page(Cursor(head.number + 3, END, 0, b"\x01" * 32), 10, 0)
    assert caught.value.code == "cursor.ahead"


def test_a_history_is_complete_or_none(history: Consortium) -> None:
    """A node that leaves out an event is found out before anything is made of what it says."""
    node = Node(history)
    contract = history.registries.seen_through(Chain(node)).operator.contract
    found = RegistryHistory(Chain(node), contract, 1).newest()
    for kind, head in found.heads.items():
        check_complete([change for change in found.changes if change.kind == kind], head)
    honest = node.transport

    def without_one(method: str, params: list[Any]) -> dict[str, Any]:
        answer = honest(method, params)
        return {**answer, "result": answer["result"][1:]} if method == "eth_getLogs" else answer

    node.transport = without_one
    with pytest.raises(Unavailable) as caught:
        RegistryHistory(Chain(node), contract, 1).newest()
    assert caught.value.code == "chain.answer"


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda data: data.hex()))
def test_what_is_no_cursor(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        Cursor.parse(text)
    assert caught.value.code == "cursor.form"
