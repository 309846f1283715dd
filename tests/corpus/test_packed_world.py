"""A pack of a world in memory says of every fact what the world itself says."""

from dataclasses import replace
from random import Random
from typing import Any

from tests.corpus import issuers, keys, statuses
from tests.corpus.ground import HEAD, Ground
from tests.corpus.hearing import hear_all
from tests.corpus.kind import ONLINE
from verifier.pack.anchored import NotKnown
from verifier.pack.facts import PackFacts

# No contract lets bodies accredit each other, and a pack is read as contracts write.
KINDS = [
    replace(kind, modes=(ONLINE,))
    for kind in (*issuers.KINDS, *keys.KINDS, *statuses.KINDS)
    if kind.name != "bodies that accredit each other"
]


def test_every_fact_of_a_busy_world() -> None:
    ground = Ground(Random("busy")).settled()
    assert hear_all(KINDS, 1, "busy", ground)[KINDS[0].name][ONLINE].counts
    world, facts = ground.world, PackFacts(ground.pack, NotKnown())
    block = world.block(HEAD)
    questions: set[tuple[Any, ...]] = {("issuer", "xx.nobody"), ("key", bytes(32)), ("authority", "xx.nobody")}
    for name, *place in world.lists:
        questions.add(("key" if name == "compromise" else name, *place))
    asked = {one for one in questions if one[0] not in ("member", "body")}
    assert {one[0] for one in asked} >= {"account", "authority", "issuer", "accreditation", "scope", "key", "status"}
    for name, *place in asked:
        assert getattr(facts, name)(*place, block) == getattr(world, name)(*place, block), (name, place)
