"""The consortium governs itself by votes of its countries, on any chain. The last test removes a member."""

import pytest

from api.demonstration.plan import BILL, PLAN
from ledger.account import Account
from ledger.authority import Authority, Domain, Role
from ledger.errors import Refused
from ledger.operator import Grant
from ledger.transaction import Call, submit, submit_all
from tests.registries.site import Site, codes

QUORUM = len(PLAN) // 2 + 1


class GovernanceTests:
    def propose(self, site: Site, *calls: Call, lasts: int | None = None) -> int:
        """Let the first country propose, which is its vote; return the proposal's number."""
        registry = site.registries.authority
        until = site.chain.head().timestamp + lasts if lasts else None
        receipt = submit(site.chain, site.voters[0], registry.propose(calls, until))
        site.settled()
        return registry.proposed(receipt)

    def refused(self, site: Site, account: Account, call: Call) -> str:
        with pytest.raises(Refused) as caught:
            submit(site.chain, account, call)
        return caught.value.code.removeprefix("contract.AuthorityRegistry")

    def test_a_country_joins_by_a_quorum_and_leaves(self, site: Site) -> None:
        """One vote short it does not; no account can do it alone; what was is kept when it leaves."""
        registry, voters, voter = site.registries.authority, site.voters, Account.generate()
        alone = self.refused(site, voters[0], registry.admit_member("TL"))
        assert alone == "NotByVote"
        number = self.propose(
            site,
            registry.admit_member("TL"),
            registry.add_authority(Authority("tl.customs", "TL", Domain.CUSTOMS)),
            registry.add_account("tl.customs", Role.VOTE, voter.address),
        )
        submit_all(site.chain, [(one, registry.approve(number)) for one in voters[1 : QUORUM - 1]])
        site.settled()
        assert registry.approval_count(number) == QUORUM - 1
        assert self.refused(site, voters[1], registry.approve(number)) == "AlreadyApproved"
        assert self.refused(site, voters[0], registry.execute(number)) == "QuorumMissing"
        assert "TL" not in registry.members()
        submit(site.chain, voters[QUORUM - 1], registry.approve(number))
        site.settled()
        submit(site.chain, voters[QUORUM], registry.execute(number))
        site.settled()
        assert registry.may_act(voter.address, "tl.customs", Role.VOTE)
        assert self.refused(site, voters[0], registry.execute(number)) == "ProposalExecuted"
        left = site.vote(registry.end_member("TL")).timestamp
        assert self.refused(site, voter, registry.propose([registry.admit_member("BN")])) == "NotVoter"
        assert [entry.code for entry in registry.member_entries("TL")] == [1, 0]
        assert "TL" in registry.members()
        assert registry.member_has_left("TL", left, left)
        assert not registry.member_has_left("TL", left, registry.member_entries("TL")[1].recorded_at - 1)

    def test_accounts_rotate_authorities_end_and_a_country_has_one_vote(self, site: Site) -> None:
        registry, voters, new = site.registries.authority, site.voters, Account.generate()
        site.vote(
            registry.add_account("cn.customs", Role.VOTE, new.address),
            registry.add_authority(Authority("cn.ports", "CN", Domain.MARITIME)),
        )
        number = self.propose(site, registry.end_authority("cn.ports"))
        assert self.refused(site, new, registry.approve(number)) == "AlreadyApproved", "the same country"
        submit_all(site.chain, [(one, registry.approve(number)) for one in voters[1:QUORUM]])
        site.settled()
        submit(site.chain, new, registry.execute(number))
        site.settled()
        assert [entry.code for entry in registry.authority_entries("cn.ports")] == [1, 0]
        site.vote(registry.end_account(new.address))
        assert self.refused(site, new, registry.propose([registry.admit_member("BN")])) == "NotVoter"

    def test_the_quorum_changes_by_vote_and_never_below_sense(self, site: Site) -> None:
        registry = site.registries.authority
        site.vote(registry.change_quorum(QUORUM + 1))
        assert registry.quorum() == QUORUM + 1
        site.vote(registry.change_quorum(QUORUM))
        assert [entry.code for entry in registry.quorum_entries()][-2:] == [QUORUM + 1, QUORUM]
        with pytest.raises(Refused) as caught:
            site.vote(registry.change_quorum(1))
        assert caught.value.code == "contract.AuthorityRegistryQuorumInvalid"

    def test_what_has_expired_is_closed(self, site: Site) -> None:
        registry, voters = site.registries.authority, site.voters
        # Longer than all have taken to approve; where time cannot be moved, it is waited for.
        lasts = 40 if site.skip is None else 600
        number = self.propose(site, registry.admit_member("BN"), lasts=lasts)
        submit_all(site.chain, [(one, registry.approve(number)) for one in voters[1:QUORUM]])
        assert registry.approval_count(number) == QUORUM
        if site.skip is not None:
            site.pass_time(lasts)
        site.await_time(registry.expires_at(number))
        assert self.refused(site, voters[0], registry.execute(number)) == "ProposalExpired"
        assert self.refused(site, voters[QUORUM], registry.approve(number)) == "ProposalExpired"

    def test_a_member_removed_by_vote_what_was_anchored_before_stays_authentic(self, site: Site) -> None:
        before = site.registered("jp.seto-line", BILL)
        assert site.recognition("CN", "JP")["recognised"]
        site.vote(site.registries.authority.end_member("JP"))
        verdict = site.verify(before)
        assert (verdict["authentic"], verdict["usable"]) == ("VALID", "ACTIVE")
        assert "issuer.accredited" in codes(verdict)
        answer = site.recognition("CN", "JP")
        assert (answer["recognised"], answer["reason"], answer["who"]) == (False, "left", ["JP"])
        operator = site.ask("/v1/operators/jp.customs/JPEX2020000417")
        assert (operator["authorised"], operator["reason"]) == (False, "authority-left")
        with pytest.raises(Refused) as caught:
            site.by(("jp.customs", site.registries.operator.grant([Grant("JPEX2026000001")])))
        assert caught.value.code == "contract.OperatorRegistryNotCustoms"
