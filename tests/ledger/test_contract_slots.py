"""Many storage slots of a contract at once: the same words whichever way they are read, and all of one block."""

from typing import Any

import pytest

from ledger import registry_slots as facts
from ledger.authority import AuthorityChange
from ledger.chain import Chain
from ledger.errors import Unavailable
from ledger.registry_slots import Fact
from tests.consortium import Consortium

HEADS = [Fact(facts.AUTHORITIES, "_changes", (int(kind), "head"), "") for kind in AuthorityChange]
SLOTS = [fact.slot for fact in (*HEADS, facts.office("cn.customs"), facts.office("no.customs"))]


class Asked:
    """A transport that notes the methods; `before` happens before each request."""

    def __init__(self, one: Consortium, before: Any = lambda: None) -> None:
        self.methods: list[str] = []
        self._next, self._before = one.chain.transport, before

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        self.methods.append(method)
        self._before()
        return self._next(method, params)


@pytest.mark.parametrize("name", ["AuthorityRegistry", "RecognitionRegistry"])
def test_near_and_far_read_the_same(consortium: Consortium, name: str) -> None:
    near, far = Asked(consortium), Asked(consortium)
    contracts = [
        consortium.registries.seen_through(chain).contracts()[name]
        for chain in (Chain(near, is_local=True), Chain(far))
    ]
    at = consortium.chain.head().number
    slots = SLOTS if name == "AuthorityRegistry" else list(range(12))
    words, same = (contract.read_slots(slots, at) for contract in contracts)
    assert words == same == tuple(consortium.chain.storage(contracts[0].address, slot, at) for slot in slots)
    if name == "AuthorityRegistry":
        assert any(map(any, words))
    assert near.methods == ["eth_getStorageAt"] * len(slots)
    assert far.methods == ["eth_getProof" if name == "AuthorityRegistry" else "eth_call"]


def test_all_are_of_one_block_though_the_chain_goes_on(consortium: Consortium) -> None:
    """Each request to the near node finds a new block with one more proposal in it."""
    registry = consortium.registries.authority
    slot = Fact(facts.AUTHORITIES, "_changes", (int(AuthorityChange.PROPOSAL), "count"), "").slot
    call = registry.propose([registry.change_quorum(2)])
    voter, writing = consortium.voters[0], []

    def write() -> None:
        if not writing:
            writing.append(True)
            consortium.clock.advance(1)
            consortium.submit(voter, call)
            writing.clear()

    chain = Chain(Asked(consortium, write), is_local=True)
    contract = consortium.registries.seen_through(chain).contracts()["AuthorityRegistry"]
    words = contract.read_slots([slot] * 4)
    assert len(set(words)) == 1
    assert contract.read_slots([slot]) != words[:1]


def test_a_node_that_leaves_out_a_slot(consortium: Consortium) -> None:
    def transport(method: str, params: list[Any]) -> dict[str, Any]:
        answer = consortium.chain.transport(method, params)
        answer["result"]["storageProof"] = answer["result"]["storageProof"][1:]
        return answer

    contract = consortium.registries.seen_through(Chain(transport)).contracts()["AuthorityRegistry"]
    with pytest.raises(Unavailable) as caught:
        contract.read_slots(SLOTS, consortium.chain.head().number)
    assert caught.value.code == "chain.answer"
