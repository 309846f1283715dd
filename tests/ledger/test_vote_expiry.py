"""A proposal that has expired is made anew, not taken up again."""

import pytest

from ledger.errors import Refused
from ledger.transaction import submit_all
from ledger.vote import by_vote
from tests.consortium import Consortium

THIRTY_DAYS = 30 * 24 * 3600


def test_an_expired_proposal_is_not_taken_up_again(consortium: Consortium) -> None:
    registry, chain, voters = consortium.registries.authority, consortium.chain, consortium.voters
    calls = [registry.admit_member("VN")]
    receipt = consortium.submit(voters[0], registry.propose(calls))
    old = registry.proposed(receipt)
    end = registry.expires_at(old)
    assert end == chain.head().timestamp + THIRTY_DAYS
    consortium.clock.now = end
    consortium.embedded.mine()
    with pytest.raises(Refused) as caught:
        consortium.submit(voters[1], registry.approve(old))
    assert caught.value.code == "contract.AuthorityRegistryProposalExpired"
    (made,) = by_vote(chain, registry, voters, calls)
    assert made > old
    assert registry.proposal(made).executed
    assert not registry.proposal(old).executed
    assert "VN" in registry.members()


def test_an_open_proposal_is(consortium: Consortium) -> None:
    registry, voters = consortium.registries.authority, consortium.voters
    calls = [registry.admit_member("TH")]
    (receipt,) = submit_all(consortium.chain, [(voters[0], registry.propose(calls))])
    assert by_vote(consortium.chain, registry, voters, calls) == (registry.proposed(receipt),)
