// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {Consortium} from "./Consortium.sol";

contract AuthorityRegistryTest is Consortium {
    IAuthorityRegistry.Domain private constant _CHAMBER = IAuthorityRegistry.Domain.CHAMBER;
    IAuthorityRegistry.Role private constant _ACT = IAuthorityRegistry.Role.ACT;
    IAuthorityRegistry.Role private constant _VOTE = IAuthorityRegistry.Role.VOTE;

    function test_FoundersAreInOfficeAtOnce() external view {
        require(authorities.members().length == 3 && authorities.authorities().length == 3, "all");
        (bytes2 country, IAuthorityRegistry.Domain domain) = authorities.authority(SG);
        require(country == "SG" && domain == IAuthorityRegistry.Domain.CUSTOMS, "authority");
        require(authorities.inOffice(SG, START, START) && authorities.mayAct(SG_VOTE, SG, _VOTE), "in office");
        require(authorities.authorityEntries(SG)[0].detail == uint32(domain), "the log holds the domain");
    }

    function test_AnAuthorityNeedsAMember() external {
        _byVoteReverts(
            _add("jp.customs", "JP", 0), _error1(IAuthorityRegistry.AuthorityRegistryMemberUnknown.selector, "JP")
        );
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(authorities.admitMember, ("JP", START + 100));
        calls[1] = _add("jp.customs", "JP", START + 100);
        _execute(_approved(calls));
        _byVoteReverts(
            _add("jp.chamber", "JP", START + 99),
            _error1(IAuthorityRegistry.AuthorityRegistryMemberUnknown.selector, "JP")
        );
        require(!authorities.inOffice("jp.customs", START + 99, START), "not yet");
        require(authorities.inOffice("jp.customs", START + 100, START), "from then on");
    }

    function test_AnIdBelongsToItsCountry() external {
        bytes4 refused = IAuthorityRegistry.AuthorityRegistryIdInvalid.selector;
        _byVoteReverts(_add("sg.chamber", "CN", 0), _error1(refused, "sg.chamber"));
        _byVoteReverts(_add("CN.chamber", "CN", 0), _error1(refused, "CN.chamber"));
        _byVoteReverts(_add("chamber", "CN", 0), _error1(refused, "chamber"));
        _byVoteReverts(_add("cn.", "CN", 0), _error1(refused, "cn."));
        _byVoteReverts(_add(0, 0, 0), _error1(refused, 0));
        _byVoteReverts(
            abi.encodeCall(authorities.addAuthority, ("cn.x", "CN", IAuthorityRegistry.Domain.NONE, 0, 0)),
            _error1(IAuthorityRegistry.AuthorityRegistryDomainInvalid.selector, "cn.x")
        );
        _byVoteReverts(
            abi.encodeCall(authorities.admitMember, ("j1", 0)),
            _error1(IAuthorityRegistry.AuthorityRegistryCountryInvalid.selector, "j1")
        );
    }

    function test_AnEndedAuthorityMayBeGivenAnotherTerm() external {
        _byVote(_add("cn.chamber", "CN", 0));
        bytes memory exists = _error1(IAuthorityRegistry.AuthorityRegistryAuthorityExists.selector, "cn.chamber");
        _byVoteReverts(_add("cn.chamber", "CN", 0), exists);
        _byVote(abi.encodeCall(authorities.endAuthority, ("cn.chamber", START + 10)));
        _byVoteReverts(
            abi.encodeCall(authorities.addAuthority, ("cn.chamber", "CN", IAuthorityRegistry.Domain.CUSTOMS, 0, 0)),
            exists
        );
        _byVote(_add("cn.chamber", "CN", START + 20));
        require(authorities.inOffice("cn.chamber", START + 9, START), "first term");
        require(!authorities.inOffice("cn.chamber", START + 10, START), "between");
        require(authorities.inOffice("cn.chamber", START + 20, START), "second term");
        require(authorities.authorities().length == 4, "listed once");
    }

    function test_AnAccountIsForOneAuthorityAndRoleForEver() external {
        _byVote(abi.encodeCall(authorities.endAccount, (CN_ACT, 0)));
        require(!authorities.mayAct(CN_ACT, CN, _ACT), "ended");
        bytes memory taken = abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryAccountTaken.selector, CN_ACT);
        _byVoteReverts(abi.encodeCall(authorities.addAccount, (CN, _ACT, CN_ACT, 0, 0)), taken);
        _byVoteReverts(abi.encodeCall(authorities.addAccount, (SG, _VOTE, CN_ACT, 0, 0)), taken);
        (bytes32 id, IAuthorityRegistry.Role role) = authorities.account(CN_ACT);
        require(id == CN && role == _ACT && authorities.accounts(CN).length == 3, "still known");
    }

    function test_WrongAccounts() external {
        bytes4 invalid = IAuthorityRegistry.AuthorityRegistryAccountInvalid.selector;
        _byVoteReverts(
            abi.encodeCall(authorities.addAccount, (CN, _ACT, address(0), 0, 0)), _error1(invalid, bytes32(0))
        );
        _byVoteReverts(
            abi.encodeCall(authorities.addAccount, (CN, IAuthorityRegistry.Role.NONE, STRANGER, 0, 0)),
            abi.encodeWithSelector(invalid, STRANGER)
        );
        _byVoteReverts(
            abi.encodeCall(authorities.addAccount, ("cn.nobody", _ACT, STRANGER, 0, 0)),
            _error1(IAuthorityRegistry.AuthorityRegistryAuthorityUnknown.selector, "cn.nobody")
        );
        _byVoteReverts(
            abi.encodeCall(authorities.endAccount, (STRANGER, 0)),
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryAccountUnknown.selector, STRANGER)
        );
    }

    function test_MayActNeedsEachOfAccountRoleAuthorityAndCountry() external {
        require(authorities.mayAct(CN_ACT, CN, _ACT), "all given");
        require(!authorities.mayAct(CN_ACT, CN, _VOTE) && !authorities.mayAct(CN_ACT, SG, _ACT), "another's");
        require(!authorities.mayAct(STRANGER, 0, IAuthorityRegistry.Role.NONE), "nobody");
        _byVote(abi.encodeCall(authorities.endMember, ("CN", START + 50)));
        require(authorities.mayAct(CN_ACT, CN, _ACT), "still");
        VM.warp(START + 50);
        require(!authorities.mayAct(CN_ACT, CN, _ACT), "the country left");
        require(authorities.inOffice(CN, START + 49, START + 50), "what was stays");
    }

    function test_TheRegistryDoesNotLockItself() external {
        _byVote(abi.encodeCall(authorities.endMember, ("KR", 0)));
        bytes memory locked = abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryQuorumInvalid.selector, 2, 1);
        _byVoteReverts(abi.encodeCall(authorities.endMember, ("SG", START + 1000)), locked);
        _byVoteReverts(abi.encodeCall(authorities.endAuthority, (SG, 0)), locked);
        _byVoteReverts(abi.encodeCall(authorities.endAccount, (SG_VOTE, 0)), locked);
        _byVote(abi.encodeCall(authorities.endAccount, (SG_ACT, 0)));
    }

    function test_AVoterWithAnEndDateDoesNotHoldTheQuorum() external {
        _byVote(abi.encodeCall(authorities.endMember, ("KR", 0)));
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(authorities.addAccount, (SG, _VOTE, STRANGER, 0, START + 1000));
        calls[1] = abi.encodeCall(authorities.endAccount, (SG_VOTE, 0));
        uint256 proposal = _approved(calls);
        VM.prank(CN_VOTE);
        VM.expectRevert(abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryQuorumInvalid.selector, 2, 1));
        authorities.execute(proposal);
        calls[0] = abi.encodeCall(authorities.addAccount, (SG, _VOTE, STRANGER, 0, 0));
        _execute(_approved(calls));
        require(authorities.mayAct(STRANGER, SG, _VOTE) && !authorities.mayAct(SG_VOTE, SG, _VOTE), "rotated");
    }

    function test_AMemberThatJoinsLaterDoesNotHoldTheQuorumNow() external {
        bytes[] memory calls = new bytes[](3);
        calls[0] = abi.encodeCall(authorities.admitMember, ("JP", START + 500));
        calls[1] = _add("jp.customs", "JP", START + 500);
        calls[2] = abi.encodeCall(authorities.addAccount, ("jp.customs", _VOTE, STRANGER, START + 500, 0));
        _execute(_approved(calls));
        _byVote(abi.encodeCall(authorities.endMember, ("KR", 0)));
        _byVoteReverts(
            abi.encodeCall(authorities.endMember, ("SG", START + 499)),
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryQuorumInvalid.selector, 2, 1)
        );
        _byVote(abi.encodeCall(authorities.endMember, ("SG", START + 500)));
    }

    function test_AMemberMayComeBack() external {
        _byVote(abi.encodeCall(authorities.endMember, ("KR", START + 10)));
        _byVoteReverts(
            abi.encodeCall(authorities.endMember, ("KR", START + 10)),
            abi.encodeWithSelector(DatedList.DatedListEnded.selector, START + 10)
        );
        VM.warp(START + 20);
        _byVote(abi.encodeCall(authorities.admitMember, ("KR", START + 30)));
        VM.warp(START + 40);
        require(authorities.mayAct(KR_VOTE, KR, _VOTE), "its authorities are in office again");
        require(!authorities.inOffice(KR, START + 25, START + 40), "not between");
        require(authorities.members().length == 3, "listed once");
        _byVoteReverts(
            abi.encodeCall(authorities.endMember, ("JP", 0)),
            _error1(IAuthorityRegistry.AuthorityRegistryMemberUnknown.selector, "JP")
        );
    }

    function testFuzz_NothingByVoteIsBackdated(uint64 time) external {
        time = uint64(_bound(time, 1, START - 1));
        bytes memory refused = abi.encodeWithSelector(DatedList.DatedListBackdated.selector, time, START);
        _byVoteReverts(abi.encodeCall(authorities.admitMember, ("JP", time)), refused);
        _byVoteReverts(abi.encodeCall(authorities.endMember, ("KR", time)), refused);
        _byVoteReverts(_add("cn.chamber", "CN", time), refused);
        _byVoteReverts(abi.encodeCall(authorities.endAuthority, (KR, time)), refused);
        _byVoteReverts(abi.encodeCall(authorities.addAccount, (CN, _ACT, STRANGER, time, 0)), refused);
        _byVoteReverts(abi.encodeCall(authorities.endAccount, (CN_ACT, time)), refused);
    }

    function _add(bytes32 id, bytes2 country, uint64 effectiveFrom) private view returns (bytes memory) {
        return abi.encodeCall(authorities.addAuthority, (id, country, _CHAMBER, effectiveFrom, 0));
    }

    function _error1(bytes4 selector, bytes32 argument) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, argument);
    }
}
