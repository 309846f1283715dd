// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {RecognitionRegistry} from "../src/RecognitionRegistry.sol";
import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {IRecognitionRegistry} from "../src/interfaces/IRecognitionRegistry.sol";
import {RecognitionCase} from "./RecognitionCase.sol";

contract RecognitionEndsTest is RecognitionCase {
    function test_EitherSuspendsAtOnceAndOnlyItselfResumes() external {
        _agree(_terms("CN", "SG"));
        VM.warp(START + 10);
        _as(SG_ACT, abi.encodeCall(recognitions.suspend, (_directions("CN", "SG"), 7)));
        _requireState("CN", "SG", START + 9, START + 10, _IN_EFFECT);
        _requireState("CN", "SG", START + 10, START + 10, _SUSPENDED);
        require(_last(recognitions.suspensionEntries(_AEO, "CN", "SG", "SG")).detail == 7, "with its reason");
        bytes memory resume = abi.encodeCall(recognitions.resume, (_directions("CN", "SG")));
        _refuses(CN_ACT, resume, IRecognitionRegistry.RecognitionRegistryNotSuspended.selector);
        _refuses(KR_ACT, resume, IRecognitionRegistry.RecognitionRegistryNotSide.selector);
        VM.warp(START + 20);
        _as(CN_ACT, abi.encodeCall(recognitions.suspend, (_directions("CN", "SG"), 8)));
        _refuses(
            CN_ACT,
            abi.encodeCall(recognitions.suspend, (_directions("CN", "SG"), 8)),
            IRecognitionRegistry.RecognitionRegistrySuspended.selector
        );
        _as(SG_ACT, resume);
        _requireState("CN", "SG", START + 20, START + 20, _SUSPENDED);
        VM.warp(START + 30);
        _as(CN_ACT, resume);
        _requireState("CN", "SG", START + 30, START + 30, _IN_EFFECT);
        _requireState("CN", "SG", START + 29, START + 30, _SUSPENDED);
    }

    function test_NewTermsDoNotEndASuspension() external {
        _agree(_terms("CN", "SG"));
        _as(SG_ACT, abi.encodeCall(recognitions.suspend, (_directions("CN", "SG"), 7)));
        IRecognitionRegistry.Terms memory terms = _terms("CN", "SG");
        terms.roles = 7;
        _agree(terms);
        _requireState("CN", "SG", START, START, _SUSPENDED);
    }

    function test_EitherEndsAndBothBeginAnew() external {
        _agree(_terms("CN", "SG"));
        _as(SG_ACT, abi.encodeCall(recognitions.end, (_directions("CN", "SG"), START + 100)));
        _refuses(
            CN_ACT,
            abi.encodeCall(recognitions.end, (_directions("CN", "SG"), START + 101)),
            DatedList.DatedListEnded.selector
        );
        _as(CN_ACT, abi.encodeCall(recognitions.end, (_directions("CN", "SG"), START + 50)));
        _requireState("CN", "SG", START + 49, START, _IN_EFFECT);
        _requireState("CN", "SG", START + 50, START, _ENDED);
        require(recognitions.recognitionOffer(_AEO, "CN", "SG", 2) == 0, "an end comes from no offer");
        VM.warp(START + 60);
        IRecognitionRegistry.Terms memory terms = _terms("CN", "SG");
        terms.effectiveFrom = START + 70;
        _agree(terms);
        _requireState("CN", "SG", START + 69, START + 60, _ENDED);
        _requireState("CN", "SG", START + 70, START + 60, _IN_EFFECT);
        _requireState("CN", "SG", START + 70, START + 59, _ENDED);
        require(recognitions.agreed(_AEO).length == 1, "listed once");
    }

    function test_NothingEndsOrIsSuspendedThatNeverWas() external {
        bytes4 unknown = IRecognitionRegistry.RecognitionRegistryUnknown.selector;
        _refuses(CN_ACT, abi.encodeCall(recognitions.end, (_directions("CN", "SG"), 0)), unknown);
        _refuses(CN_ACT, abi.encodeCall(recognitions.suspend, (_directions("CN", "SG"), 0)), unknown);
        _refuses(CN_ACT, abi.encodeCall(recognitions.resume, (_directions("CN", "SG"))), unknown);
    }

    function testFuzz_SuspensionsAndEndsAreNotBackdated(uint64 time) external {
        _agree(_terms("CN", "SG"));
        time = uint64(_bound(time, 1, START - 1));
        bytes4 refused = DatedList.DatedListBackdated.selector;
        _refuses(CN_ACT, abi.encodeCall(recognitions.end, (_directions("CN", "SG"), time)), refused);
        _refuses(CN_ACT, abi.encodeCall(recognitions.leaveArrangement, (_TREATY, time)), refused);
    }

    function test_LeavingTheArrangementEndsItsRecognitions() external {
        _agree(_terms("CN", "SG"));
        _agree(_terms("SG", "CN"));
        _as(SG_ACT, abi.encodeCall(recognitions.leaveArrangement, (_TREATY, START + 10)));
        _requireState("CN", "SG", START + 9, START, _IN_EFFECT);
        _requireState("CN", "SG", START + 10, START, _LEFT);
        _requireState("SG", "CN", START + 10, START, _LEFT);
        VM.warp(START + 20);
        _refuses(
            SG_ACT,
            abi.encodeCall(recognitions.acceptArrangement, (_TREATY, START + 10)),
            DatedList.DatedListBackdated.selector
        );
        _as(SG_ACT, abi.encodeCall(recognitions.acceptArrangement, (_TREATY, 0)));
        _requireState("SG", "CN", START + 19, START + 20, _LEFT);
        _requireState("SG", "CN", START + 20, START + 20, _IN_EFFECT);
    }

    function test_LeavingTheConsortiumEndsThemToo() external {
        _agree(_terms("CN", "SG"));
        VM.warp(START + 5);
        _byVote(abi.encodeCall(authorities.endMember, ("SG", START + 10)));
        _requireState("CN", "SG", START + 9, START + 5, _IN_EFFECT);
        _requireState("CN", "SG", START + 10, START + 5, _LEFT);
        _requireState("CN", "SG", START + 10, START + 4, _IN_EFFECT);
        VM.warp(START + 10);
        _refuses(
            SG_ACT,
            abi.encodeCall(recognitions.end, (_directions("CN", "SG"), 0)),
            IRecognitionRegistry.RecognitionRegistryNotSpeaker.selector
        );
    }

    function test_WhoBecomesAParty() external {
        bytes2[] memory none = new bytes2[](0);
        bytes4 invalid = IRecognitionRegistry.RecognitionRegistryIdInvalid.selector;
        _refuses(CN_ACT, abi.encodeCall(recognitions.proposeArrangement, ("sg.x", _AEO, "", none, 0)), invalid);
        _refuses(CN_ACT, abi.encodeCall(recognitions.proposeArrangement, ("cn.x", "AEO", "", none, 0)), invalid);
        _refuses(
            CN_ACT,
            abi.encodeCall(recognitions.proposeArrangement, (_TREATY, _AEO, "", none, 0)),
            IRecognitionRegistry.RecognitionRegistryArrangementExists.selector
        );
        _refuses(
            SG_ACT,
            abi.encodeCall(recognitions.acceptArrangement, (_TREATY, 0)),
            IRecognitionRegistry.RecognitionRegistryAlreadyParty.selector
        );
        bytes memory invite = abi.encodeCall(recognitions.inviteParty, (_TREATY, "JP"));
        _refuses(KR_ACT, invite, IRecognitionRegistry.RecognitionRegistryNotParty.selector);
        _as(SG_ACT, invite);
        _refuses(SG_ACT, invite, IRecognitionRegistry.RecognitionRegistryAlreadyParty.selector);
        _refuses(
            SG_ACT,
            abi.encodeCall(recognitions.inviteParty, (_TREATY, "jp")),
            IRecognitionRegistry.RecognitionRegistryCountryInvalid.selector
        );
        require(recognitions.parties(_TREATY).length == 4 && recognitions.parties(_TREATY)[3] == "JP", "listed");
        require(recognitions.arrangements().length == 1 && recognitions.arrangement(_TREATY).text == "text", "kept");
    }

    function test_WithoutAnInvitationNobodyAcceptsOrLeaves() external {
        bytes2[] memory none = new bytes2[](0);
        _as(CN_ACT, abi.encodeCall(recognitions.proposeArrangement, ("cn.own", _AEO, 0, none, 0)));
        bytes4 refused = IRecognitionRegistry.RecognitionRegistryNotParty.selector;
        _refuses(SG_ACT, abi.encodeCall(recognitions.acceptArrangement, ("cn.own", 0)), refused);
        _refuses(SG_ACT, abi.encodeCall(recognitions.leaveArrangement, ("cn.own", 0)), refused);
        _refuses(
            SG_ACT,
            abi.encodeCall(recognitions.acceptArrangement, ("cn.none", 0)),
            IRecognitionRegistry.RecognitionRegistryArrangementUnknown.selector
        );
    }

    /// @dev The maritime authority speaks for bills of lading only; a chamber for nothing.
    function test_WhoSpeaksForACountry() external {
        address sea = _address("cn sea");
        address chamber = _address("cn chamber");
        bytes[] memory calls = new bytes[](4);
        calls[0] =
            abi.encodeCall(authorities.addAuthority, ("cn.sea", "CN", IAuthorityRegistry.Domain.MARITIME, 0, 0));
        calls[1] = abi.encodeCall(authorities.addAccount, ("cn.sea", IAuthorityRegistry.Role.ACT, sea, 0, 0));
        calls[2] =
            abi.encodeCall(authorities.addAuthority, ("cn.chamber", "CN", IAuthorityRegistry.Domain.CHAMBER, 0, 0));
        calls[3] = abi.encodeCall(authorities.addAccount, ("cn.chamber", IAuthorityRegistry.Role.ACT, chamber, 0, 0));
        _execute(_approved(calls));
        bytes2[] memory others = new bytes2[](1);
        others[0] = "SG";
        bytes memory bills = abi.encodeCall(recognitions.proposeArrangement, ("cn.ebl", "ebl", "", others, 0));
        bytes4 refused = IRecognitionRegistry.RecognitionRegistryNotSpeaker.selector;
        _refuses(chamber, bills, refused);
        _refuses(CN_VOTE, bills, refused);
        _refuses(sea, abi.encodeCall(recognitions.leaveArrangement, (_TREATY, 0)), refused);
        bytes memory origin = abi.encodeCall(recognitions.proposeArrangement, ("cn.origin", "origin", "", others, 0));
        _refuses(sea, origin, refused);
        _as(sea, bills);
        _as(SG_ACT, abi.encodeCall(recognitions.acceptArrangement, ("cn.ebl", 0)));
    }

    function test_ManyAtOnceAllOrNone() external {
        IRecognitionRegistry.Terms[] memory both = new IRecognitionRegistry.Terms[](2);
        (both[0], both[1]) = (_terms("CN", "SG"), _terms("SG", "CN"));
        _as(CN_ACT, abi.encodeCall(recognitions.offer, (both)));
        bytes32[] memory ids = new bytes32[](2);
        (ids[0], ids[1]) = (keccak256(abi.encode(both[0])), keccak256("none"));
        _refuses(
            SG_ACT,
            abi.encodeCall(recognitions.accept, (ids)),
            IRecognitionRegistry.RecognitionRegistryOfferNotOpen.selector
        );
        _requireState("CN", "SG", START, START, _NONE);
        ids[1] = keccak256(abi.encode(both[1]));
        _as(SG_ACT, abi.encodeCall(recognitions.accept, (ids)));
        _requireState("CN", "SG", START, START, _IN_EFFECT);
        _requireState("SG", "CN", START, START, _IN_EFFECT);
    }

    function test_SlotsAreReadTogether() external view {
        bytes32[] memory places = new bytes32[](2);
        (places[0], places[1]) = (bytes32(uint256(3)), keccak256(abi.encode(uint256(3))));
        bytes32[] memory words = recognitions.slots(places);
        require(uint256(words[0]) == 1 && words[1] == _TREATY, "the list of arrangements, and its first element");
    }

    function test_TheAuthorityRegistryMustBeAContract() external {
        VM.expectRevert(abi.encodeWithSelector(IRecognitionRegistry.RecognitionRegistryNoContract.selector, STRANGER));
        new RecognitionRegistry(STRANGER);
    }
}
