"""Facts are asked for once per block, and kept no longer where their states are not named (test_facts_by_state.py)."""

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
from verifier import evidence
from verifier.axes import Authentic, Usable
from verifier.cached_facts import CachedFacts
from verifier.fact_cache import FactCache
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
