"""The first must where a node lags that nobody told of the document: absence counts at the head of the chain."""

import dataclasses

import pytest

from tests.verifier.world import START, World, bill, codes, outcome, subject_of
from verifier.axes import Authentic
from verifier.checks.freshness import HEAD_SECONDS
from verifier.verify import Verifier


@pytest.mark.parametrize("behind", [HEAD_SECONDS + 1, 60, 300])
@pytest.mark.parametrize("stated", [1_000, START + 350])
def test_a_node_behind_holds_nothing_against_what_no_archive_told_it_of(behind: int, stated: int) -> None:
    """The key was entered after the block that the node reads at, whatever date the document states."""
    world = World()
    world.now += 400
    late = bill(iat=stated, key="second")
    world.add_key("second")
    lagging = world.block(world.now - behind)
    world.head = lambda: lagging  # type: ignore[method-assign]
    verdict = world.verify(late)
    assert verdict.authentic is Authentic.INDETERMINATE
    assert {"anchoring.not-found", "issuer.not-known-yet"} <= codes(verdict)


@pytest.mark.parametrize("behind", [0, HEAD_SECONDS])
def test_a_node_at_the_head_knows_that_a_key_is_nobodys(behind: int) -> None:
    world = World()
    world.now += 400
    head = world.block(world.now - behind)
    world.head = lambda: head  # type: ignore[method-assign]
    verdict = world.verify(bill(key="stranger"))
    assert (verdict.authentic, outcome(verdict, "issuer.key-unknown")) == (Authentic.INVALID, "fail")
    assert "issuer.not-known-yet" not in codes(verdict)


def test_nobody_is_ahead_of_the_only_node_of_a_chain_that_stands_idle() -> None:
    world = World()
    sources = dataclasses.replace(world.sources(), only_node=True)
    verifier = Verifier(sources, clock=lambda: world.now + 300)
    assert verifier.verify(subject_of(bill(key="stranger"))).authentic is Authentic.INVALID


def test_how_far_a_node_is_behind_cannot_be_told_by_a_clock_that_is_behind_it() -> None:
    world = World()
    world.now += 100
    verdict = world.verify(bill(key="stranger"), clock=world.now - HEAD_SECONDS - 1)
    assert verdict.authentic is Authentic.INDETERMINATE
    assert "issuer.not-known-yet" in codes(verdict)
