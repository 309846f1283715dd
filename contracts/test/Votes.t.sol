// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AuthorityRegistry} from "../src/AuthorityRegistry.sol";
import {DatedList} from "../src/DatedList.sol";
import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {Consortium} from "./Consortium.sol";

contract VotesTest is Consortium {
    function testFuzz_OnlyVotersVote(address account) external {
        VM.assume(account != CN_VOTE && account != SG_VOTE && account != KR_VOTE);
        _assumeOutside(account);
        bytes memory refused = abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryNotVoter.selector, account);
        uint256 proposal = _approved(_one(_admitJapan()));
        VM.prank(account);
        VM.expectRevert(refused);
        authorities.propose(_one(_admitJapan()));
        VM.prank(account);
        VM.expectRevert(refused);
        authorities.approve(proposal);
        VM.prank(account);
        VM.expectRevert(refused);
        authorities.execute(proposal);
    }

    function testFuzz_ByVoteFunctionsAreTheContractsOwn(address account) external {
        _assumeOutside(account);
        bytes[] memory calls = new bytes[](6);
        calls[0] = _admitJapan();
        calls[1] = abi.encodeCall(authorities.endMember, ("KR", 0));
        calls[2] =
            abi.encodeCall(authorities.addAuthority, ("cn.sea", "CN", IAuthorityRegistry.Domain.MARITIME, 0, 0));
        calls[3] = abi.encodeCall(authorities.endAuthority, (KR, 0));
        calls[4] = abi.encodeCall(authorities.addAccount, (CN, IAuthorityRegistry.Role.VOTE, STRANGER, 0, 0));
        calls[5] = abi.encodeCall(authorities.endAccount, (KR_VOTE, 0));
        for (uint256 i = 0; i < calls.length; ++i) {
            VM.prank(account);
            (bool succeeded, bytes memory returned) = address(authorities).call(calls[i]);
            require(!succeeded, "refused");
            require(
                keccak256(returned)
                    == keccak256(
                        abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryNotByVote.selector, account)
                    ),
                "by vote only"
            );
        }
    }

    function test_OneVotePerCountry() external {
        _byVote(abi.encodeCall(authorities.addAccount, (CN, IAuthorityRegistry.Role.VOTE, STRANGER, 0, 0)));
        VM.prank(CN_VOTE);
        uint256 proposal = authorities.propose(_one(_admitJapan()));
        VM.prank(STRANGER);
        VM.expectRevert(
            abi.encodeWithSelector(
                IAuthorityRegistry.AuthorityRegistryAlreadyApproved.selector, proposal, bytes2("CN")
            )
        );
        authorities.approve(proposal);
        VM.prank(CN_VOTE);
        VM.expectRevert(
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryQuorumMissing.selector, proposal, 1, 2)
        );
        authorities.execute(proposal);
    }

    function test_ApprovalsOfACountryThatLeftDoNotCount() external {
        VM.prank(KR_VOTE);
        uint256 proposal = authorities.propose(_one(_admitJapan()));
        VM.prank(SG_VOTE);
        authorities.approve(proposal);
        _byVote(abi.encodeCall(authorities.endMember, ("KR", 0)));
        VM.prank(CN_VOTE);
        VM.expectRevert(
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryQuorumMissing.selector, proposal, 1, 2)
        );
        authorities.execute(proposal);
        VM.prank(KR_VOTE);
        VM.expectRevert(abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryNotVoter.selector, KR_VOTE));
        authorities.execute(proposal);
    }

    function test_AProposalIsExecutedOnce() external {
        uint256 proposal = _approved(_one(_admitJapan()));
        _execute(proposal);
        bytes memory refused =
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryProposalExecuted.selector, proposal);
        VM.prank(CN_VOTE);
        VM.expectRevert(refused);
        authorities.execute(proposal);
        VM.prank(KR_VOTE);
        VM.expectRevert(refused);
        authorities.approve(proposal);
        (,, bool executed) = authorities.proposal(proposal);
        require(executed, "executed");
    }

    function test_AllCallsOrNone() external {
        bytes[] memory calls = new bytes[](2);
        calls[0] = _admitJapan();
        calls[1] = _admitJapan();
        uint256 proposal = _approved(calls);
        VM.prank(CN_VOTE);
        VM.expectRevert(
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryMemberExists.selector, bytes2("JP"))
        );
        authorities.execute(proposal);
        require(authorities.memberEntries("JP").length == 0 && authorities.members().length == 3, "none was made");
        (,, bool executed) = authorities.proposal(proposal);
        require(!executed, "still open");
    }

    function test_CallsThatTheContractDoesNotUnderstand() external {
        bytes memory refused = abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryCallInvalid.selector, 0);
        _byVoteReverts("", refused);
        _byVoteReverts(hex"12345678", refused);
        _byVoteReverts(abi.encodeWithSelector(authorities.admitMember.selector), refused);
        _byVoteReverts(abi.encodePacked(_admitJapan(), hex"00"), refused);
    }

    function test_AProposalCannotVoteOrActItself() external {
        bytes memory refused =
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryNotVoter.selector, address(authorities));
        _byVoteReverts(abi.encodeCall(authorities.execute, (0)), refused);
        _byVoteReverts(abi.encodeCall(authorities.approve, (0)), refused);
        _byVoteReverts(
            abi.encodeCall(authorities.addAccount, (CN, IAuthorityRegistry.Role.VOTE, address(authorities), 0, 0)),
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryAccountInvalid.selector, address(authorities))
        );
    }

    function test_EmptyAndUnknownProposals() external {
        VM.prank(CN_VOTE);
        VM.expectRevert(abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryProposalEmpty.selector));
        authorities.propose(new bytes[](0));
        bytes memory unknown = abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryProposalUnknown.selector, 7);
        VM.prank(CN_VOTE);
        VM.expectRevert(unknown);
        authorities.approve(7);
        VM.prank(CN_VOTE);
        VM.expectRevert(unknown);
        authorities.execute(7);
        VM.expectRevert(unknown);
        authorities.proposal(7);
    }

    function test_AProposalIsKeptAsGiven() external {
        bytes[] memory calls = new bytes[](2);
        calls[0] = _admitJapan();
        calls[1] = "anything";
        uint256 proposal = _approved(calls);
        require(authorities.proposalCount() == proposal + 1, "count");
        (bytes[] memory kept, bytes2[] memory approvals, bool executed) = authorities.proposal(proposal);
        require(keccak256(abi.encode(kept)) == keccak256(abi.encode(calls)), "calls");
        require(approvals.length == 2 && approvals[0] == "CN" && approvals[1] == "SG", "approvals");
        require(!executed, "open");
    }

    function test_TheQuorumLiesWithinTheFounders() external {
        IAuthorityRegistry.Founder[] memory founders = new IAuthorityRegistry.Founder[](1);
        founders[0] = IAuthorityRegistry.Founder("CN", CN, IAuthorityRegistry.Domain.CUSTOMS, CN_VOTE);
        VM.expectRevert(abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryQuorumInvalid.selector, 0, 1));
        new AuthorityRegistry(founders, 0);
        VM.expectRevert(abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryQuorumInvalid.selector, 2, 1));
        new AuthorityRegistry(founders, 2);
        require(new AuthorityRegistry(founders, 1).quorum() == 1, "one of one");
    }

    function test_ACountryFoundsOnce() external {
        IAuthorityRegistry.Founder[] memory founders = new IAuthorityRegistry.Founder[](2);
        founders[0] = IAuthorityRegistry.Founder("CN", CN, IAuthorityRegistry.Domain.CUSTOMS, CN_VOTE);
        founders[1] = IAuthorityRegistry.Founder("CN", "cn.sea", IAuthorityRegistry.Domain.MARITIME, STRANGER);
        VM.expectRevert(
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryMemberExists.selector, bytes2("CN"))
        );
        new AuthorityRegistry(founders, 2);
    }

    function _admitJapan() private view returns (bytes memory) {
        return abi.encodeCall(authorities.admitMember, ("JP", 0));
    }
}
