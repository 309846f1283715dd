// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AuthorityRegistry} from "../src/AuthorityRegistry.sol";
import {DatedList} from "../src/DatedList.sol";
import {DocumentRegistry} from "../src/DocumentRegistry.sol";
import {IssuerRegistry} from "../src/IssuerRegistry.sol";
import {OperatorRegistry} from "../src/OperatorRegistry.sol";
import {RecognitionRegistry} from "../src/RecognitionRegistry.sol";
import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {Cheats} from "./Vm.sol";

/// @title China, Singapore and Korea with a quorum of two, and every account that the tests act with
abstract contract Consortium is Cheats {
    bytes32 internal constant CN = "cn.customs";
    bytes32 internal constant SG = "sg.customs";
    bytes32 internal constant KR = "kr.customs";
    bytes32 internal constant CARRIER = "cn.carrier";
    bytes32 internal constant BILL = "bill-of-lading";
    bytes32 internal constant KEY = keccak256("key");

    address internal immutable CN_VOTE = _address("cn vote");
    address internal immutable SG_VOTE = _address("sg vote");
    address internal immutable KR_VOTE = _address("kr vote");
    address internal immutable CN_ACT = _address("cn act");
    address internal immutable SG_ACT = _address("sg act");
    address internal immutable KR_ACT = _address("kr act");
    address internal immutable CN_ANCHOR = _address("cn anchor");
    address internal immutable CARRIER_ACCOUNT = _address("carrier");
    address internal immutable STRANGER = _address("stranger");

    AuthorityRegistry internal authorities;
    IssuerRegistry internal issuers;
    DocumentRegistry internal documents;
    RecognitionRegistry internal recognitions;
    OperatorRegistry internal operators;

    function setUp() public virtual {
        VM.warp(START);
        IAuthorityRegistry.Founder[] memory founders = new IAuthorityRegistry.Founder[](3);
        founders[0] = IAuthorityRegistry.Founder("CN", CN, IAuthorityRegistry.Domain.CUSTOMS, CN_VOTE);
        founders[1] = IAuthorityRegistry.Founder("SG", SG, IAuthorityRegistry.Domain.CUSTOMS, SG_VOTE);
        founders[2] = IAuthorityRegistry.Founder("KR", KR, IAuthorityRegistry.Domain.CUSTOMS, KR_VOTE);
        authorities = new AuthorityRegistry(founders, 2);
        issuers = new IssuerRegistry(address(authorities));
        documents = new DocumentRegistry(address(authorities), address(issuers));
        recognitions = new RecognitionRegistry(address(authorities));
        operators = new OperatorRegistry(address(authorities));
        bytes[] memory calls = new bytes[](4);
        calls[0] = abi.encodeCall(authorities.addAccount, (CN, IAuthorityRegistry.Role.ACT, CN_ACT, 0, 0));
        calls[1] = abi.encodeCall(authorities.addAccount, (SG, IAuthorityRegistry.Role.ACT, SG_ACT, 0, 0));
        calls[2] = abi.encodeCall(authorities.addAccount, (CN, IAuthorityRegistry.Role.ANCHOR, CN_ANCHOR, 0, 0));
        calls[3] = abi.encodeCall(authorities.addAccount, (KR, IAuthorityRegistry.Role.ACT, KR_ACT, 0, 0));
        _execute(_approved(calls));
    }

    /// @dev An accredited carrier with a key and an account of its own.
    function _addCarrier() internal {
        bytes32[] memory kinds = new bytes32[](1);
        kinds[0] = BILL;
        VM.prank(CN_ACT);
        issuers.addIssuer(CARRIER, CN);
        VM.prank(CN_ACT);
        issuers.accredit(CARRIER, kinds, 0, 0);
        VM.prank(CN_ACT);
        issuers.addAccount(CARRIER, CARRIER_ACCOUNT, 0, 0);
        VM.prank(CN_ACT);
        issuers.addKey(CARRIER, KEY, 1, bytes32(uint256(1)), bytes32(uint256(2)), 0, 0);
    }

    /// @dev The registries call themselves as somebody else; nobody else can call as one of them.
    function _assumeOutside(address account) internal view {
        VM.assume(account != address(authorities) && account != address(issuers) && account != address(documents));
        VM.assume(account != address(recognitions) && account != address(operators) && account != address(VM));
    }

    function _one(bytes memory call) internal pure returns (bytes[] memory calls) {
        calls = new bytes[](1);
        calls[0] = call;
    }

    /// @dev Proposed by China, approved by Singapore.
    function _approved(bytes[] memory calls) internal returns (uint256 proposal) {
        VM.prank(CN_VOTE);
        proposal = authorities.propose(calls);
        VM.prank(SG_VOTE);
        authorities.approve(proposal);
    }

    function _execute(uint256 proposal) internal {
        VM.prank(CN_VOTE);
        authorities.execute(proposal);
    }

    function _byVote(bytes memory call) internal {
        _execute(_approved(_one(call)));
    }

    /// @dev The vote passes, and executing it reverts with exactly `expected`.
    function _byVoteReverts(bytes memory call, bytes memory expected) internal {
        uint256 proposal = _approved(_one(call));
        VM.prank(CN_VOTE);
        VM.expectRevert(expected);
        authorities.execute(proposal);
    }

    function _last(DatedList.Entry[] memory entries) internal pure returns (DatedList.Entry memory) {
        return entries[entries.length - 1];
    }
}
