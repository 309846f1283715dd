"""Facts are kept while the change heads of their part of the registries stand, and not a block longer."""

import dataclasses
from collections import Counter
from typing import Any

import pytest

from anchors.finality import FinalityProof
from ledger.block import Block
from ledger.errors import Unavailable
from ledger.recognition import Direction
from tests.verifier.world import World, bill
from verifier import part
from verifier.cached_facts import CachedFacts
from verifier.facts import AnchoringFacts
from verifier.part import Part


@pytest.fixture
def world() -> World:
    world = World()
    world.anchor(bill())
    return world


class Named:
    """Facts that answer with the block at which they were asked for, and the state of each part as the test sets it."""

    def __init__(self) -> None:
        self.states: dict[Part, bytes] = {}
        self.asked = Counter[Part]()

    def __getattr__(self, _name: str) -> Any:
        return lambda *arguments: arguments[-1].number

    def state(self, part: Part, _block: Block) -> bytes:
        self.asked[part] += 1
        return self.states.get(part, b"")


OF_PARTS: list[tuple[str, tuple[Any, ...], set[Part]]] = [
    ("anchoring", ((b"r", 1, b"m"),), {part.ANCHORINGS}),
    ("account", ("0x1",), {part.AUTHORITY}),
    ("authority", ("cn.customs",), {part.AUTHORITY}),
    ("key", (b"t",), {part.ISSUER}),
    ("issuer", ("cn.desk",), {part.ISSUER}),
    ("accreditation", ("cn.desk", "bill-of-lading"), {part.ISSUER}),
    ("scope", ("cn.desk", "bill-of-lading", "hs.84"), {part.ISSUER}),
    ("status", ("cn.desk", b"d"), {part.STATUSES}),
    ("recognition", (Direction("aeo", "SG", "CN"),), {part.RECOGNITION, part.AUTHORITY}),
    ("operator", ("cn.customs", "A"), {part.OPERATOR}),
]
PARTS = (part.ANCHORINGS, part.STATUSES, part.AUTHORITY, part.ISSUER, part.RECOGNITION, part.OPERATOR)


@pytest.mark.parametrize(("name", "arguments", "parts"), OF_PARTS)
def test_a_fact_is_read_again_when_its_part_of_the_registries_changes_and_only_then(
    world: World, name: str, arguments: tuple[Any, ...], parts: set[Part]
) -> None:
    told = Named()
    facts: Any = CachedFacts(told, state=told.state)  # type: ignore[arg-type]
    blocks = [dataclasses.replace(world.head(), number=number, hash=bytes([number]) * 32) for number in range(20)]
    known = 0
    assert getattr(facts, name)(*arguments, blocks[0]) == 0
    for number, changed in enumerate(PARTS, 1):
        told.states[changed] = bytes([number])
        known = number if changed in parts else known
        assert getattr(facts, name)(*arguments, blocks[number]) == known
        assert getattr(facts, name)(*arguments, blocks[number]) == known
    assert told.asked == dict.fromkeys(parts, 1 + len(PARTS))  # once for each block
    assert getattr(facts, name)(*arguments, blocks[0]) == 0


def test_whether_a_block_is_final_is_judged_in_every_block(world: World) -> None:
    told = Named()
    facts: Any = CachedFacts(told, state=told.state)  # type: ignore[arg-type]
    blocks = [dataclasses.replace(world.head(), number=number, hash=bytes([number]) * 32) for number in range(2)]
    assert [facts.finality(world.proof(world.now), block) for block in blocks] == [0, 1]


class Told:
    """A chain that says of an anchoring and a proof what the test sets, and how often it was asked."""

    def __init__(self, world: World) -> None:
        self.world, self.asked, self.is_there, self.voted = world, 0, True, b""

    def state(self, of: Part, block: Block) -> bytes:
        return self.voted if of is part.AUTHORITY else block.hash

    def anchoring(self, _batch: Any, block: Block) -> AnchoringFacts | None:
        self.asked += 1
        return AnchoringFacts("0x1", 1000) if self.is_there and block.timestamp >= 1000 else None

    def finality(self, proof: FinalityProof, block: Block) -> Any:
        self.asked += 1
        return dataclasses.replace(self.world.finality(proof, block), on_chain=self.is_there)


def blocks(world: World) -> list[Block]:
    return [
        dataclasses.replace(world.head(), number=number, hash=bytes([number]) * 32, timestamp=990 + number * 5)
        for number in range(6)
    ]


@pytest.mark.parametrize("lasting", [True, False])
def test_where_no_block_is_replaced_an_anchoring_that_was_found_stays(world: World, lasting: bool) -> None:
    told = Told(world)
    facts: Any = CachedFacts(told, state=told.state, lasting=lasting)  # type: ignore[arg-type]
    found = [facts.anchoring((b"r", 1, b"m"), block) is not None for block in (*blocks(world), blocks(world)[1])]
    assert found == [False, False, True, True, True, True, False]  # at the last of these, not yet
    assert told.asked == (3 if lasting else 6)


@pytest.mark.parametrize("lasting", [True, False])
def test_where_no_block_is_replaced_a_proved_one_stays_until_others_may_sign(world: World, lasting: bool) -> None:
    told = Told(world)
    facts: Any = CachedFacts(told, state=told.state, lasting=lasting)  # type: ignore[arg-type]
    proof, [first, second, third, fourth, *_] = world.proof(world.now), blocks(world)
    told.is_there = False
    assert not facts.finality(proof, first).on_chain
    told.is_there = True
    assert [facts.finality(proof, block).on_chain for block in (second, third)] == [True, True]
    assert told.asked == (2 if lasting else 3)
    told.voted, told.is_there = b"another member", False
    assert not facts.finality(proof, fourth).on_chain


def test_a_state_that_cannot_be_read_is_a_fault_and_not_kept(world: World) -> None:
    told, faults = Named(), [Unavailable("chain.timeout", "no answer")]

    def state(part: Part, block: Block) -> bytes:
        if faults:
            raise faults.pop()
        return told.state(part, block)

    facts: Any = CachedFacts(told, state=state)  # type: ignore[arg-type]
    with pytest.raises(Unavailable, match="no answer"):
        facts.status("cn.desk", b"d", world.head())
    assert facts.status("cn.desk", b"d", world.head()) == world.head().number
