"""What the chain and the archive say about the anchor, one by one."""

import dataclasses
from typing import Any

import pytest

from ledger.authority import Role
from tests.verifier.world import ACCOUNT, START, World, bill, codes
from verifier.axes import Authentic, Usable


def anchored(**changes: Any) -> World:
    world = World()
    world.now += 10
    world.records[bill().digest] = dataclasses.replace(world.anchor(bill()), **changes)
    world.now += 10
    return world


@pytest.mark.parametrize(
    ("changes", "code", "usable"),
    [
        ({"batch": None, "block_number": None}, "anchoring.pending", Usable.PENDING),
        ({"batch": None, "block_number": None, "stopped": True}, "anchoring.stopped", Usable.UNKNOWN),
        ({"proof": None}, "anchoring.not-final", Usable.PENDING),
        ({"index": 1}, "anchoring.path-wrong", Usable.UNKNOWN),
        ({"index": -1}, "anchoring.path-wrong", Usable.UNKNOWN),
        ({"path": ()}, "anchoring.path-wrong", Usable.UNKNOWN),
        ({"proof": World().proof(START + 9)}, "anchoring.not-final", Usable.PENDING),
        ({"proof": World().proof(START + 99)}, "anchoring.checkpoint-differs", Usable.UNKNOWN),
    ],
)
def test_what_the_record_lacks(changes: dict[str, Any], code: str, usable: Usable) -> None:
    verdict = anchored(**changes).verify(bill())
    assert code in codes(verdict)
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, usable)


def test_a_batch_that_the_chain_does_not_have() -> None:
    world = anchored()
    world.anchorings.clear()
    verdict = world.verify(bill())
    assert "anchoring.pending" in codes(verdict)
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.PENDING)


def test_another_size_or_manifest_is_another_batch() -> None:
    world = anchored()
    record = world.records[bill().digest]
    assert record.batch
    root, size, manifest_digest = record.batch
    for batch in ((root, size + 1, manifest_digest), (root, size, b"x" * 32), (b"x" * 32, size, manifest_digest)):
        world.records[bill().digest] = dataclasses.replace(record, batch=batch)
        assert "anchoring.pending" in codes(world.verify(bill()))


def test_a_later_checkpoint_of_the_same_chain_proves_it_too() -> None:
    assert anchored(proof=World().proof(START + 15)).verify(bill()).authentic is Authentic.VALID


@pytest.mark.parametrize("role", [Role.VOTE, Role.ACT])
def test_an_account_that_may_not_anchor(role: Role) -> None:
    world = anchored()
    world.accounts[ACCOUNT] = (world.accounts[ACCOUNT][0], role)
    verdict = world.verify(bill())
    assert "anchoring.account-unlisted" in codes(verdict)
    assert verdict.authentic is Authentic.INDETERMINATE


@pytest.mark.parametrize(("ended", "authentic"), [(9, Authentic.INDETERMINATE), (10, Authentic.VALID)])
def test_an_account_that_ended_in_the_anchors_own_block_had_anchored_before(ended: int, authentic: Authentic) -> None:
    world = World()
    world.now = START + ended
    world.record("account", ACCOUNT, code=0)
    world.now = START + 10
    world.anchor(bill())
    assert world.verify(bill()).authentic is authentic


def test_an_account_that_began_in_the_anchors_own_block() -> None:
    world = World()
    world.lists["account", ACCOUNT].clear()
    world.now += 10
    world.record("account", ACCOUNT, code=Role.ANCHOR)
    world.anchor(bill())
    assert world.verify(bill()).authentic is Authentic.VALID
