"""Faults: whatever cannot be read, nothing becomes worse than INDETERMINATE, and nothing better than it was."""

import dataclasses
from collections.abc import Callable, Iterable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.document_registry import Status
from ledger.issuer_registry import IssuerState, KeyState
from tests.verifier.world import AUTHORITY, BILL, ISSUER, START, World, bill, codes, subject_of
from verifier.axes import Authentic, Usable
from verifier.evidence import Evidence
from verifier.gather import gather, read_head
from verifier.missing import Missing
from verifier.question import Question
from verifier.verdict import Verdict
from verifier.verify import judge

PARTS = [
    "head",
    "record",
    "anchoring",
    "account",
    "finality",
    "key",
    "issuer",
    "accreditation",
    "bodies",
    "scopes",
    "authority",
    "status",
]
EXHAUSTED = [part for part in PARTS if part not in ("bodies", "scopes")]
"""Every combination of two more would be four times as many; Hypothesis tries those."""
AUTHENTIC_PARTS = set(PARTS) - {"head", "status"}

FORGERIES: dict[str, Callable[[World], None]] = {
    "genuine": lambda world: None,
    "key suspended": lambda world: world.change_key(KeyState.SUSPENDED),
    "issuer suspended": lambda world: world.record("issuer", ISSUER, code=IssuerState.SUSPENDED),
    "not accredited": lambda world: world.record("accreditation", ISSUER, BILL, code=0),
    "authority left": lambda world: world.record("authority", AUTHORITY, code=0),
    "compromised": lambda world: world.compromise(),
}


def evidence_of(forgery: str = "genuine", **question: int) -> Evidence:
    world = World()
    world.now += 10
    FORGERIES[forgery](world)
    world.anchor(bill())
    world.now += 10
    sources = world.sources()
    return gather(subject_of(bill()), sources, read_head(sources), world.now)


def without(evidence: Evidence, parts: Iterable[str]) -> Evidence:
    gone = Missing("test.fault", "cut off")
    # dataclasses.replace makes a new object: nothing that was computed from the old one is carried over.
    return dataclasses.replace(evidence, **dict.fromkeys(parts, gone))  # type: ignore[arg-type]


def judged(evidence: Evidence) -> Verdict:
    return judge(evidence, Question())


def test_every_combination_of_missing_parts_of_a_genuine_document() -> None:
    evidence = evidence_of()
    for count in range(len(EXHAUSTED) + 1):
        for parts in combinations(EXHAUSTED, count):
            verdict = judged(without(evidence, parts))
            expected = Authentic.INDETERMINATE if set(parts) & AUTHENTIC_PARTS else Authentic.VALID
            assert verdict.authentic is expected, parts
            assert verdict.usable is (Usable.UNKNOWN if parts else Usable.ACTIVE), parts


@pytest.mark.parametrize("forgery", [name for name in FORGERIES if name != "genuine"])
def test_no_combination_of_missing_parts_makes_a_forgery_valid(forgery: str) -> None:
    evidence = evidence_of(forgery)
    assert judged(evidence).authentic is Authentic.INVALID
    for count in range(len(EXHAUSTED) + 1):
        for parts in combinations(EXHAUSTED, count):
            verdict = judged(without(evidence, parts))
            assert verdict.authentic is not Authentic.VALID, parts
            assert verdict.usable is Usable.UNKNOWN, parts


@given(st.sampled_from(list(FORGERIES)), st.sets(st.sampled_from(PARTS)), st.sampled_from(PARTS))
def test_one_more_fault_never_leads_into_invalid_nor_into_valid(forgery: str, before: set[str], more: str) -> None:
    evidence = without(evidence_of(forgery), before)
    first, second = judged(evidence).authentic, judged(without(evidence, {more})).authentic
    assert second is first or second is Authentic.INDETERMINATE


ABSENT = ["record", "anchoring", "account", "finality"]


@given(st.sets(st.sampled_from(ABSENT), min_size=1))
def test_what_the_archive_or_the_chain_does_not_have_yet_never_makes_a_genuine_document_invalid(gone: set[str]) -> None:
    evidence = dataclasses.replace(evidence_of(), **dict.fromkeys(gone))  # type: ignore[arg-type]
    assert judged(evidence).authentic is Authentic.INDETERMINATE


def test_nothing_at_all_can_be_read() -> None:
    gone = Missing("chain.timeout")
    verdict = judged(without(Evidence(subject_of(bill()), 0, gone), PARTS))
    assert (verdict.authentic, verdict.usable, verdict.as_of) == (Authentic.INDETERMINATE, Usable.UNKNOWN, None)


def test_a_status_that_can_be_read_is_stated_although_nothing_else_can() -> None:
    world = World()
    world.anchor(bill())
    world.set_status(bill(), Status.REVOKED)
    sources = world.sources()
    evidence = gather(subject_of(bill()), sources, read_head(sources), world.now)
    verdict = judged(without(evidence, set(PARTS) - {"status", "head"}))
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.REVOKED)


def test_the_same_evidence_gives_the_same_verdict() -> None:
    evidence = evidence_of()
    assert judged(evidence) == judged(evidence) == judged(dataclasses.replace(evidence))


@pytest.mark.parametrize("stated", [1_000, START + 5])
def test_a_node_behind_the_anchor_does_not_know_the_key_yet(stated: int) -> None:
    """Found by the corpus: a document that states an earlier date than its key's was INVALID to a node that lagged."""
    world = World(with_issuer=False)
    world.admit()
    world.now = START + 20
    world.accredit()
    world.add_key()
    world.anchor(bill(iat=stated))
    world.now += 20
    behind = world.block(START + 10)
    world.head = lambda: behind  # type: ignore[method-assign]
    verdict = world.verify(bill(iat=stated))
    assert verdict.authentic is Authentic.INDETERMINATE
    assert "anchoring.node-behind" in codes(verdict)
