"""Nodes that lag, lie or are away: what counts is what two of them say."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from ledger.chain import Chain
from ledger.errors import Refused, Unavailable
from ledger.node_choice import NodeChoice
from ledger.witnesses import Witnesses
from tests.own_logs import own_logs

AWAY = Unavailable("chain.connection", "away")


class Node:
    """Answers `say` to whatever it is asked, or raises it."""

    def __init__(self, say: Any) -> None:
        self.say = say
        self.asked = 0

    def answer(self) -> Any:
        self.asked += 1
        if isinstance(self.say, Exception):
            raise self.say
        return self.say

    def nonce(self, address: str) -> Any:
        return self.answer()

    def send(self, raw: bytes) -> Any:
        return self.answer()


def witnesses(*said: Any, leave: Callable[[int], None] | None = None) -> Witnesses:
    return Witnesses([cast(Chain, Node(one)) for one in said], leave)


def ask(chain: Chain) -> Any:
    return cast(Node, chain).answer()


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        (["X"], "X"),
        ([None], None),
        (["X", "X"], "X"),
        (["X", None], None),
        ([None, "X"], None),
        ([None, None], None),
        (["X", None, "X"], "X"),
        (["lie", "X", "X"], "X"),
        (["X", "lie", "X"], "X"),
        (["X", AWAY, "X"], "X"),
        ([AWAY, None, None], None),
        ([False, False], False),
        ([True, None, None], None),
    ],
)
def test_what_two_say_counts(said: list[Any], counts: Any) -> None:
    assert witnesses(*said).agreed(ask) == counts


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (["X", "Y"], "chain.disagreement"),
        (["X", None, "Y"], "chain.disagreement"),
        (["X", "Y", "Z"], "chain.disagreement"),
        (["X", "Y", AWAY], "chain.disagreement"),
        ([True, False], "chain.disagreement"),
        (["X", AWAY], "chain.connection"),
        ([AWAY], "chain.connection"),
        ([AWAY, AWAY], "chain.connection"),
        ([Refused("network.code", "other code"), "X"], "network.code"),
    ],
)
def test_nothing_counts(said: list[Any], code: str) -> None:
    with pytest.raises((Unavailable, Refused)) as caught:
        witnesses(*said).agreed(ask)
    assert caught.value.code == code


def test_a_disagreement_names_both_answers() -> None:
    with pytest.raises(Unavailable, match="this one; that one"):
        witnesses("this one", "that one").agreed(ask)


def test_who_lies_or_is_away_is_asked_last() -> None:
    nodes = [Node("lie"), Node(AWAY), Node("X"), Node("X")]
    left: list[int] = []
    asked = Witnesses([cast(Chain, one) for one in nodes], left.append)
    with own_logs() as logs:
        assert [asked.agreed(ask) for _ in range(3)] == ["X"] * 3
    assert [one.asked for one in nodes] == [1, 1, 3, 3]
    assert left == [1, 0]
    assert [(one["event"], one["node"]) for one in logs] == [("node contradicted", 0)]


def test_nobody_waits_for_who_is_away_while_two_others_answer() -> None:
    nodes = [Node(None), Node(None), Node(AWAY)]
    asked = Witnesses([cast(Chain, one) for one in nodes])
    for _ in range(3):
        assert asked.agreed(ask) is None
    nodes[0].say, nodes[1].say = 6, 7
    assert asked.nonce("0x") == 6
    assert nodes[2].asked == 1
    nodes[2].say = 7
    assert asked.agreed(ask) == 7, "two differ: now it is needed"
    assert nodes[2].asked == 2


def test_reads_turn_away_from_who_lies() -> None:
    def transport(name: str) -> Callable[[str, list[Any]], dict[str, Any]]:
        return lambda method, params: {"result": name}

    choice = NodeChoice([transport("a"), transport("b"), transport("c")])
    choice.leave(1)
    assert choice("any", [])["result"] == "a"
    choice.leave(0)
    assert choice("any", [])["result"] == "b"


@pytest.mark.parametrize(
    ("said", "nonce"),
    [([7], 7), ([7, 5], 5), ([5, 7, 7], 7), ([7, 6, 5], 6), ([1000, 7, 7], 7), ([AWAY, 7], 7), ([0, 7, 7], 7)],
)
def test_the_nonce_that_two_say_is_reached(said: list[Any], nonce: int) -> None:
    assert witnesses(*said).nonce("0x") == nonce


def test_no_nonce_without_a_node() -> None:
    with pytest.raises(Unavailable):
        witnesses(AWAY, AWAY).nonce("0x")


def test_it_is_sent_through_two_so_that_none_keeps_it() -> None:
    nodes = [Node(b"hash"), Node(b"hash"), Node(b"hash")]
    assert Witnesses([cast(Chain, one) for one in nodes]).send(b"") == b"hash"
    assert [one.asked for one in nodes] == [1, 1, 0]


def test_one_that_takes_it_is_enough() -> None:
    refused = Refused("chain.nonce-gap", "ahead of this node, which lags")
    assert witnesses(refused, AWAY, b"hash").send(b"") == b"hash"
    with pytest.raises(Refused, match=r"chain\.nonce-gap"):
        witnesses(refused, AWAY).send(b"")
