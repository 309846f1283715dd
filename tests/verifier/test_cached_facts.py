"""Facts are asked for once per block, and kept beyond it only while the change heads of their registry stand."""

import dataclasses
from collections import Counter
from typing import Any

import pytest

from anchors.finality import FinalityProof
from ledger.block import Block
from ledger.document_registry import Status
from ledger.envelope import Envelope
from ledger.errors import Unavailable
from ledger.issuer_registry import Limit
from ledger.recognition import Direction
from tests.verifier.world import World, bill, proof_of
from verifier import evidence, part
from verifier.axes import Authentic, Usable
from verifier.cached_facts import CachedFacts
from verifier.fact_cache import FactCache
from verifier.facts import AnchoringFacts
from verifier.part import Part
from verifier.sources import Sources
from verifier.subject import Subject
from verifier.verify import PER_BLOCK, Verifier

FACTS = {"anchoring", "account", "finality", "key", "issuer", "accreditation", "authority", "status"}


class Counted:
    """Facts of a world, and how often each was asked for."""

    def __init__(self, world: World) -> None:
        self.world, self.asked = world, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        self.asked[name] += 1
        return getattr(self.world, name)


@pytest.fixture
def world() -> World:
    world = World()
    world.anchor(bill())
    return world


def test_many_documents_of_one_issuer_cost_one_set_of_calls_per_block(world: World) -> None:
    counted = Counted(world)
    verifier = Verifier(Sources(world, CachedFacts(counted)), clock=lambda: world.now)  # type: ignore[arg-type]
    subjects = [Subject.presented(bill().serialize())] * 5
    assert {verdict.usable for verdict in verifier.verify_many(subjects)} == {Usable.ACTIVE}
    assert counted.asked == dict.fromkeys({*FACTS, "head"}, 1)


def test_an_envelope_is_judged_once_even_where_its_scope_is_looked_at_early(monkeypatch: pytest.MonkeyPatch) -> None:
    limited = World(with_issuer=False)
    limited.admit()
    limited.accredit(limits=Limit.HS_CHAPTER)
    limited.add_key()
    limited.anchor(bill())
    judged: list[Envelope] = []
    read = evidence.read
    monkeypatch.setattr(evidence, "read", lambda envelope, key: judged.append(envelope) or read(envelope, key))
    verdict = Verifier(Sources(limited, limited), clock=lambda: limited.now).verify(
        Subject.presented(bill().serialize())
    )
    assert "issuer.out-of-scope" in {finding.code for finding in verdict.findings}
    assert len(judged) == 1


def test_scope_recognition_and_operator_are_kept_by_all_that_they_are_asked_with(world: World) -> None:
    asked: list[tuple[Any, ...]] = []

    class Asked:
        def __getattr__(self, name: str) -> Any:
            return lambda *arguments: (asked.append((name, *arguments)), asked[-1])[1]

    facts: Any = CachedFacts(Asked())  # type: ignore[arg-type]
    now, later = world.head(), world.block(world.now + 1)
    questions: list[tuple[Any, ...]] = [
        ("scope", "cn.desk", "bill-of-lading", "hs.84", now),
        ("scope", "cn.body", "bill-of-lading", "hs.84", now),
        ("scope", "cn.desk", "certificate-of-origin", "hs.84", now),
        ("scope", "cn.desk", "bill-of-lading", "hs.85", now),
        ("scope", "cn.desk", "bill-of-lading", "hs.84", later),
        ("recognition", Direction("aeo", "SG", "CN"), now),
        ("recognition", Direction("aeo", "CN", "SG"), now),
        ("recognition", Direction("ebl", "SG", "CN"), now),
        ("recognition", Direction("aeo", "SG", "CN"), later),
        ("operator", "cn.customs", "A", now),
        ("operator", "sg.customs", "A", now),
        ("operator", "cn.customs", "B", now),
        ("operator", "cn.customs", "A", later),
    ]
    for name, *arguments in questions * 2:
        assert getattr(facts, name)(*arguments) == (name, *arguments)
    assert asked == questions


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


def test_what_changes_in_the_next_block_is_seen_in_it(world: World) -> None:
    verifier = Verifier(Sources(world, CachedFacts(world)), clock=lambda: world.now)
    subject = Subject.presented(bill().serialize())
    assert verifier.verify(subject).usable is Usable.ACTIVE
    world.now += 1
    world.set_status(bill(), Status.REVOKED)
    assert verifier.verify(subject).usable is Usable.REVOKED


def test_a_checkpoint_that_differs_in_anything_is_judged_apart(world: World) -> None:
    facts = CachedFacts(world)
    proof, head = world.proof(world.now), world.head()
    checkpoint = world.checkpoint(world.now)
    later = proof_of(dataclasses.replace(checkpoint, time=checkpoint.time + 1000), ())
    assert facts.finality(proof, head).on_chain
    assert not facts.finality(later, head).on_chain


@pytest.mark.parametrize(
    "change",
    [
        {"form": "clique"},
        {"number": 9},
        {"block_hash": b"x" * 32},
        {"time": 9},
        {"content": {"a": 1}},
        {"content": {"a": {"b": [2, 1]}}},
        {"content": {"a": {"b": [1, "2"]}}},
        {"content": {}},
    ],
)
def test_proofs_that_differ_in_anything_are_judged_apart(world: World, change: dict[str, Any]) -> None:
    asked: list[FinalityProof] = []

    class Asked:
        def finality(self, proof: FinalityProof, block: Block) -> int:
            asked.append(proof)
            return len(asked)

    facts: Any = CachedFacts(Asked())  # type: ignore[arg-type]
    proof = FinalityProof("checkpoint", 1, b"h" * 32, 2, {"a": {"b": [1, 2]}})
    other = dataclasses.replace(proof, **change)
    assert [facts.finality(one, world.head()) for one in (proof, other, proof, other)] == [1, 2, 1, 2]


def test_a_fault_is_not_kept(world: World) -> None:
    verifier = Verifier(Sources(world, CachedFacts(world)), clock=lambda: world.now)
    subject = Subject.presented(bill().serialize())
    kept = world.key

    def broken(*_: object) -> Any:
        raise Unavailable("chain.timeout", "no answer")

    world.key = broken  # type: ignore[method-assign]
    assert verifier.verify(subject).authentic is Authentic.INDETERMINATE
    world.key = kept  # type: ignore[method-assign]
    assert verifier.verify(subject).authentic is Authentic.VALID


def test_the_fact_used_longest_ago_is_dropped_first() -> None:
    cache, read = FactCache(2), []

    def get(place: str) -> str:
        return cache.get(place, lambda: (read.append(place), place)[1])

    for place in "abacab":
        assert get(place) == place
    assert read == ["a", "b", "c", "b"]


def test_nothing_found_is_kept_too() -> None:
    cache, read = FactCache(2), []
    for _ in range(2):
        assert cache.get("a", lambda: read.append(1)) is None
    assert read == [1]


def test_a_long_run_asks_for_the_newest_block_again(world: World) -> None:
    counted = Counted(world)
    verifier = Verifier(Sources(world, CachedFacts(counted)), clock=lambda: world.now)  # type: ignore[arg-type]
    digests = [number.to_bytes(32, "big") for number in range(PER_BLOCK + 1)]
    verdicts = verifier.verify_many(Subject.named(digest) for digest in digests)
    assert [verdict.digest for verdict in verdicts] == digests
    assert counted.asked["head"] == 2
