"""Votes that change the rules of voting: the quorum, terms of proposals, approvals withdrawn, successors named."""

import pytest

from ledger.authority import AuthorityChange, ProposalDates
from ledger.authority_registry import AuthorityRegistry
from ledger.vote import by_vote
from tests.consortium import Consortium
from tests.ledger.code_of import code_of

DAY = 24 * 3600


@pytest.fixture(scope="module")
def registry(consortium: Consortium) -> AuthorityRegistry:
    return consortium.registries.authority


def proposed(consortium: Consortium, expires_at: int | None = None) -> int:
    """A proposal by China to admit Viet Nam."""
    registry = consortium.registries.authority
    call = registry.propose([registry.admit_member("VN")], expires_at)
    return registry.proposed(consortium.submit(consortium.voters[0], call))


def test_an_approval_is_withdrawn(consortium: Consortium, registry: AuthorityRegistry) -> None:
    number, singapore = proposed(consortium), consortium.voters[1]
    consortium.submit(singapore, registry.approve(number))
    assert (registry.approval_count(number), registry.proposal(number).approvals) == (2, ("CN", "SG"))
    consortium.submit(singapore, registry.withdraw_approval(number))
    assert (registry.approval_count(number), registry.proposal(number).approvals) == (1, ("CN",))
    assert [entry.code for entry in registry.vote_entries(number, "SG")] == [1, 0]
    assert registry.vote_entries(number, "KR") == ()
    code = code_of(consortium.submit, singapore, registry.withdraw_approval(number))
    assert code == "contract.AuthorityRegistryNotApproved"
    consortium.submit(singapore, registry.approve(number))
    assert registry.approval_count(number) == 2


def test_a_proposal_expires_when_it_says(consortium: Consortium, registry: AuthorityRegistry) -> None:
    end = consortium.chain.head().timestamp + DAY
    number = proposed(consortium, end)
    made = consortium.chain.head().timestamp
    assert registry.proposal_dates(number) == ProposalDates(made, end, None)
    consortium.clock.now = end - 1
    consortium.submit(consortium.voters[1], registry.approve(number))
    consortium.clock.now = end
    assert code_of(consortium.submit, consortium.voters[2], registry.approve(number)) == (
        "contract.AuthorityRegistryProposalExpired"
    )
    for wrong in (end - DAY, end + 366 * DAY):
        call = registry.propose([registry.admit_member("VN")], wrong)
        code = code_of(consortium.submit, consortium.voters[0], call)
        assert code == "contract.AuthorityRegistryExpiryInvalid"


def test_the_quorum_changes_for_open_proposals_too(consortium: Consortium, registry: AuthorityRegistry) -> None:
    number = proposed(consortium)
    consortium.submit(consortium.voters[1], registry.approve(number))
    execute = registry.execute(number)
    code = code_of(consortium.submit, consortium.voters[0], execute)
    assert code == "contract.AuthorityRegistryQuorumMissing"
    block = consortium.chain.head().number
    by_vote(consortium.chain, registry, consortium.voters, [registry.change_quorum(2)])
    assert (registry.quorum(block), registry.quorum()) == (3, 2)
    assert [entry.code for entry in registry.quorum_entries()] == [3, 2]
    consortium.submit(consortium.voters[0], execute)
    assert registry.proposal_dates(number).executed_at == consortium.chain.head().timestamp
    assert "VN" in registry.members()
    # Viet Nam has no voter: four countries have one.
    for wrong in (1, 5):
        with pytest.raises(Exception, match="AuthorityRegistryQuorumInvalid"):
            by_vote(consortium.chain, registry, consortium.voters, [registry.change_quorum(wrong)])


def test_a_member_leaves(consortium: Consortium, registry: AuthorityRegistry) -> None:
    consortium.clock.now = consortium.chain.head().timestamp + 100
    by_vote(consortium.chain, registry, consortium.voters, [registry.end_member("JP")])
    left = registry.member_entries("JP")[-1].effective_from
    known = consortium.chain.head().timestamp
    for has_left, name in ((registry.member_has_left, "JP"), (registry.authority_has_left, "jp.customs")):
        assert [has_left(name, time, known) for time in (left - 1, left)] == [False, True]
        assert not has_left(name, left, left - 1), "as known before"
    assert not registry.member_has_left("SG", left, known)
    assert not registry.member_has_left("XX", left, known), "never was one"


def test_successors(consortium: Consortium, registry: AuthorityRegistry) -> None:
    old, new = consortium.registries.issuer.contract.address, consortium.registries.document.contract.address
    assert registry.successors(old) == ()
    by_vote(consortium.chain, registry, consortium.voters, [registry.name_successor(old, new)])
    by_vote(consortium.chain, registry, consortium.voters, [registry.name_successor(old, None)])
    assert [one.address for one in registry.successors(old)] == [new, None]
    assert registry.successors(old)[1].recorded_at == consortium.chain.head().timestamp
    assert registry.changes(AuthorityChange.SUCCESSOR).count == 2
    assert registry.changes(AuthorityChange.QUORUM).count >= 2
