// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AuthorityRegistry} from "../src/AuthorityRegistry.sol";
import {DatedList} from "../src/DatedList.sol";
import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {Consortium} from "./Consortium.sol";

/// @title Terms of proposals, withdrawn and stale approvals, the quorum, successors
contract GovernanceTest is Consortium {
    function test_AProposalExpiresAfterThirtyDays() external {
        uint256 proposal = _approved(_one(_admit("JP")));
        (uint64 proposedAt, uint64 expiresAt, uint64 executedAt) = authorities.proposalDates(proposal);
        require(proposedAt == START && expiresAt == START + 30 days && executedAt == 0, "its dates");
        VM.warp(expiresAt - 1);
        _execute(proposal);
        (,, executedAt) = authorities.proposalDates(proposal);
        require(executedAt == expiresAt - 1, "in its last second");
    }

    function test_AnExpiredProposalIsClosed() external {
        uint64 end = START + 10;
        VM.prank(CN_VOTE);
        uint256 proposal = authorities.proposeUntil(_one(_admit("JP")), end);
        VM.prank(SG_VOTE);
        authorities.approve(proposal);
        VM.warp(end);
        bytes memory refused =
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryProposalExpired.selector, proposal, end);
        _refuses(CN_VOTE, abi.encodeCall(authorities.execute, (proposal)), refused);
        _refuses(KR_VOTE, abi.encodeCall(authorities.approve, (proposal)), refused);
        _refuses(SG_VOTE, abi.encodeCall(authorities.withdrawApproval, (proposal)), refused);
        require(authorities.memberEntries("JP").length == 0, "not admitted");
    }

    function testFuzz_ATermLiesWithinAYear(uint64 end) external {
        bool allowed = end > START && end <= START + 365 days;
        VM.prank(CN_VOTE);
        (bool succeeded,) =
            address(authorities).call(abi.encodeCall(authorities.proposeUntil, (_one(_admit("JP")), end)));
        require(succeeded == allowed, "between now and a year from now");
    }

    function test_AnApprovalCanBeWithdrawnAndGivenAgain() external {
        uint256 proposal = _approved(_one(_admit("JP")));
        VM.warp(START + 10);
        _vote(SG_VOTE, abi.encodeCall(authorities.withdrawApproval, (proposal)));
        require(authorities.approvalCount(proposal) == 1, "one is left");
        (, bytes2[] memory approvals,) = authorities.proposal(proposal);
        require(approvals.length == 1 && approvals[0] == "CN", "and it is China's");
        _refuses(CN_VOTE, abi.encodeCall(authorities.execute, (proposal)), _missing(proposal, 1, 2));
        bytes memory twice = abi.encodeCall(authorities.withdrawApproval, (proposal));
        bytes4 selector = IAuthorityRegistry.AuthorityRegistryNotApproved.selector;
        _refuses(SG_VOTE, twice, abi.encodeWithSelector(selector, proposal, bytes2("SG")));
        _refuses(KR_VOTE, twice, abi.encodeWithSelector(selector, proposal, bytes2("KR")));
        _vote(SG_VOTE, abi.encodeCall(authorities.approve, (proposal)));
        _execute(proposal);
        DatedList.Entry[] memory votes = authorities.voteEntries(proposal, "SG");
        require(votes.length == 3 && votes[1].code == 0 && votes[1].effectiveFrom == START + 10, "all is kept");
    }

    function test_TheProposerCanWithdrawToo() external {
        VM.prank(CN_VOTE);
        uint256 proposal = authorities.propose(_one(_admit("JP")));
        _vote(CN_VOTE, abi.encodeCall(authorities.withdrawApproval, (proposal)));
        _vote(SG_VOTE, abi.encodeCall(authorities.approve, (proposal)));
        _refuses(SG_VOTE, abi.encodeCall(authorities.execute, (proposal)), _missing(proposal, 1, 2));
    }

    function test_AnExecutedProposalKeepsItsApprovals() external {
        uint256 proposal = _approved(_one(_admit("JP")));
        _execute(proposal);
        _refuses(
            SG_VOTE,
            abi.encodeCall(authorities.withdrawApproval, (proposal)),
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryProposalExecuted.selector, proposal)
        );
    }

    /// @dev Korea approves, leaves and comes back: what it approved before counts no longer, until it does so again.
    function test_ACountryThatCameBackApprovesAgain() external {
        VM.prank(KR_VOTE);
        uint256 proposal = authorities.propose(_one(_admit("JP")));
        _vote(SG_VOTE, abi.encodeCall(authorities.approve, (proposal)));
        VM.warp(START + 10);
        _byVote(abi.encodeCall(authorities.endMember, ("KR", 0)));
        require(authorities.approvalCount(proposal) == 1, "it has left");
        VM.warp(START + 20);
        _byVote(_admit("KR"));
        require(authorities.approvalCount(proposal) == 1, "it has come back");
        _refuses(CN_VOTE, abi.encodeCall(authorities.execute, (proposal)), _missing(proposal, 1, 2));
        _vote(KR_VOTE, abi.encodeCall(authorities.approve, (proposal)));
        (, bytes2[] memory approvals,) = authorities.proposal(proposal);
        require(approvals.length == 2, "listed once");
        _execute(proposal);
    }

    function test_ANewQuorumCountsForOpenProposals() external {
        uint256 proposal = _approved(_one(_admit("JP")));
        VM.warp(START + 5);
        _byVote(abi.encodeCall(authorities.changeQuorum, (3)));
        require(authorities.quorum() == 3 && authorities.quorumEntries()[0].code == 2, "raised, and the old one kept");
        _refuses(CN_VOTE, abi.encodeCall(authorities.execute, (proposal)), _missing(proposal, 2, 3));
        _vote(KR_VOTE, abi.encodeCall(authorities.approve, (proposal)));
        _execute(proposal);
    }

    function test_TheQuorumCanBeMet() external {
        bytes4 invalid = IAuthorityRegistry.AuthorityRegistryQuorumInvalid.selector;
        _byVoteReverts(abi.encodeCall(authorities.changeQuorum, (0)), abi.encodeWithSelector(invalid, 0, 3));
        _byVoteReverts(abi.encodeCall(authorities.changeQuorum, (4)), abi.encodeWithSelector(invalid, 4, 3));
        _byVote(abi.encodeCall(authorities.endMember, ("KR", START + 100)));
        _byVoteReverts(abi.encodeCall(authorities.changeQuorum, (3)), abi.encodeWithSelector(invalid, 3, 2));
    }

    function test_NobodyDecidesAlone() external {
        bytes4 invalid = IAuthorityRegistry.AuthorityRegistryQuorumInvalid.selector;
        _byVoteReverts(abi.encodeCall(authorities.changeQuorum, (1)), abi.encodeWithSelector(invalid, 1, 3));
        VM.expectRevert(abi.encodeWithSelector(invalid, 1, 2));
        new AuthorityRegistry(_founders(2), 1);
    }

    /// @dev Who founds alone admits the second country only together with a quorum of two.
    function test_AConsortiumOfOneGrows() external {
        AuthorityRegistry alone = new AuthorityRegistry(_founders(1), 1);
        bytes[] memory calls = new bytes[](4);
        calls[0] = _admit("JP");
        calls[1] =
            abi.encodeCall(authorities.addAuthority, ("jp.customs", "JP", IAuthorityRegistry.Domain.CUSTOMS, 0, 0));
        calls[2] =
            abi.encodeCall(authorities.addAccount, ("jp.customs", IAuthorityRegistry.Role.VOTE, STRANGER, 0, 0));
        calls[3] = abi.encodeCall(authorities.changeQuorum, (2));
        VM.prank(CN_VOTE);
        uint256 without = alone.propose(_one(calls[0]));
        VM.prank(CN_VOTE);
        VM.expectRevert(abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryQuorumInvalid.selector, 1, 2));
        alone.execute(without);
        VM.prank(CN_VOTE);
        uint256 proposal = alone.propose(calls);
        VM.prank(CN_VOTE);
        alone.execute(proposal);
        require(alone.quorum() == 2 && alone.members().length == 2, "two of two");
    }

    function test_LeavingEndsThePowersOfItsAuthorities() external {
        _byVote(abi.encodeCall(authorities.endMember, ("CN", START + 10)));
        require(
            !authorities.memberHasLeft("CN", START + 9, START) && authorities.memberHasLeft("CN", START + 10, START),
            "on its day"
        );
        require(!authorities.memberHasLeft("JP", START, START), "nor has who never joined");
        require(!authorities.authorityHasLeft(CN, START + 9, START), "its authority");
        require(authorities.authorityHasLeft(CN, START + 10, START), "leaves with it");
        require(!authorities.authorityHasLeft(CN, START + 10, START - 1), "as known before");
        VM.warp(START + 10);
        require(authorities.inOffice(CN, START + 9, START), "in office until then");
        require(!authorities.inOffice(CN, START + 10, START), "not on its day, as was known before it");
        require(!authorities.inOffice(CN, START + 10, START + 10), "nor as is known now");
        require(!authorities.mayAct(CN_ACT, CN, IAuthorityRegistry.Role.ACT), "acts no longer");
        require(!authorities.mayAct(CN_ANCHOR, CN, IAuthorityRegistry.Role.ANCHOR), "nor anchors");
        _refuses(
            CN_VOTE,
            abi.encodeCall(authorities.propose, (_one(_admit("CN")))),
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryNotVoter.selector, CN_VOTE)
        );
        require(authorities.accountEntries(CN_ACT).length == 1 && authorities.accounts(CN).length == 3, "all is kept");
    }

    function test_AnAuthorityWhoseTermIsOverHasLeft() external {
        _byVote(
            abi.encodeCall(
                authorities.addAuthority, ("cn.sea", "CN", IAuthorityRegistry.Domain.MARITIME, START + 10, START + 20)
            )
        );
        require(!authorities.authorityHasLeft("cn.sea", START + 9, START), "not before it began");
        require(!authorities.authorityHasLeft("cn.sea", START + 19, START), "nor in its term");
        require(authorities.authorityHasLeft("cn.sea", START + 20, START), "on its last day");
        require(!authorities.authorityHasLeft("cn.sea", START + 20, START - 1), "as known before");
    }

    function test_SuccessorsAreNamedByVote() external {
        require(authorities.successors(address(issuers)).length == 0, "none yet");
        _byVote(abi.encodeCall(authorities.nameSuccessor, (address(issuers), address(documents))));
        VM.warp(START + 9);
        _byVote(abi.encodeCall(authorities.nameSuccessor, (address(issuers), address(0))));
        IAuthorityRegistry.Successor[] memory named = authorities.successors(address(issuers));
        require(named.length == 2 && named[0].successor == address(documents), "the first");
        require(named[0].recordedAt == START && named[1].recordedAt == START + 9, "with their times");
        require(named[1].successor == address(0), "none after all");
        _byVote(abi.encodeCall(authorities.nameSuccessor, (address(authorities), address(documents))));
        require(authorities.successors(address(authorities)).length == 1, "also its own");
    }

    function test_ASuccessorIsAnotherContract() external {
        address[2][3] memory wrong =
            [[address(issuers), address(issuers)], [address(issuers), STRANGER], [STRANGER, address(issuers)]];
        for (uint256 i = 0; i < wrong.length; ++i) {
            _byVoteReverts(
                abi.encodeCall(authorities.nameSuccessor, (wrong[i][0], wrong[i][1])),
                abi.encodeWithSelector(
                    IAuthorityRegistry.AuthorityRegistrySuccessorInvalid.selector, wrong[i][0], wrong[i][1]
                )
            );
        }
    }

    function testFuzz_QuorumAndSuccessorsByVoteOnly(address account) external {
        _assumeOutside(account);
        bytes memory refused = abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryNotByVote.selector, account);
        _refuses(account, abi.encodeCall(authorities.changeQuorum, (3)), refused);
        _refuses(account, abi.encodeCall(authorities.nameSuccessor, (address(issuers), address(documents))), refused);
    }

    function _admit(bytes2 country) private view returns (bytes memory) {
        return abi.encodeCall(authorities.admitMember, (country, 0));
    }

    function _missing(uint256 proposal, uint256 found, uint256 needed) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IAuthorityRegistry.AuthorityRegistryQuorumMissing.selector, proposal, found, needed
            );
    }

    function _founders(uint256 count) private view returns (IAuthorityRegistry.Founder[] memory founders) {
        founders = new IAuthorityRegistry.Founder[](count);
        founders[0] = IAuthorityRegistry.Founder("CN", CN, IAuthorityRegistry.Domain.CUSTOMS, CN_VOTE);
        if (count == 2) {
            founders[1] = IAuthorityRegistry.Founder("SG", SG, IAuthorityRegistry.Domain.CUSTOMS, SG_VOTE);
        }
    }

    function _vote(address voter, bytes memory call) private {
        VM.prank(voter);
        (bool succeeded,) = address(authorities).call(call);
        require(succeeded, "accepted");
    }

    function _refuses(address account, bytes memory call, bytes memory expected) private {
        VM.prank(account);
        (bool succeeded, bytes memory returned) = address(authorities).call(call);
        require(!succeeded && keccak256(returned) == keccak256(expected), "refused for another reason");
    }
}
