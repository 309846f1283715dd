// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {RecognitionRegistry} from "../src/RecognitionRegistry.sol";
import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {IRecognitionRegistry} from "../src/interfaces/IRecognitionRegistry.sol";
import {Consortium} from "./Consortium.sol";

contract RecognitionRegistryTest is Consortium {
    bytes32 private constant _TREATY = "cn.aeo-2012";
    bytes32 private constant _AEO = "aeo";
    uint64 private constant _SIGNED = START - 5000;
    uint64 private constant _BEGIN = START - 4000;
    IRecognitionRegistry.State private constant _NONE = IRecognitionRegistry.State.NONE;
    IRecognitionRegistry.State private constant _IN_EFFECT = IRecognitionRegistry.State.IN_EFFECT;
    IRecognitionRegistry.State private constant _SUSPENDED = IRecognitionRegistry.State.SUSPENDED;
    IRecognitionRegistry.State private constant _ENDED = IRecognitionRegistry.State.ENDED;
    IRecognitionRegistry.State private constant _LEFT = IRecognitionRegistry.State.LEFT;

    /// @dev China proposes to Singapore and Korea; Singapore has signed too, Korea has not.
    function setUp() public override {
        super.setUp();
        bytes2[] memory others = new bytes2[](2);
        (others[0], others[1]) = ("SG", "KR");
        _as(CN_ACT, abi.encodeCall(recognitions.proposeArrangement, (_TREATY, _AEO, "text", others, _SIGNED)));
        _as(SG_ACT, abi.encodeCall(recognitions.acceptArrangement, (_TREATY, _SIGNED)));
    }

    function test_SignedIsNotInEffect() external view {
        require(recognitions.partyEntries(_TREATY, "SG").length == 2, "invited, then a party");
        require(_last(recognitions.partyEntries(_TREATY, "SG")).effectiveFrom == _SIGNED, "since it signed");
        _requireState("CN", "SG", START, START, _NONE);
        _requireState("SG", "CN", START, START, _NONE);
    }

    function test_OfferedAndAcceptedIsInEffectFromItsDate() external {
        bytes32 id = _agree(_terms("CN", "SG"));
        _requireState("CN", "SG", _BEGIN - 1, START, _NONE);
        _requireState("CN", "SG", _BEGIN, START, _IN_EFFECT);
        _requireState("CN", "SG", _BEGIN, START - 1, _NONE);
        _requireState("SG", "CN", START, START, _NONE);
        IRecognitionRegistry.Recognition memory answer = recognitions.recognition(_AEO, "CN", "SG", START, START);
        require(answer.roles == 3 && answer.offer == id, "by these terms");
        require(recognitions.offerTerms(id).benefits == "benefits", "with these benefits");
        require(recognitions.recognitionOffer(_AEO, "CN", "SG", 0) == id, "kept with the entry");
        require(recognitions.agreed(_AEO).length == 1, "listed");
        require(recognitions.agreed(_AEO)[0] == bytes32(bytes4("CNSG")), "as a direction");
        DatedList.Entry[] memory entries = recognitions.recognitionEntries(_AEO, "CN", "SG");
        require(entries.length == 1 && entries[0].recordedAt == START, "recorded now");
    }

    function test_NeverTransitive() external {
        _as(KR_ACT, abi.encodeCall(recognitions.acceptArrangement, (_TREATY, 0)));
        IRecognitionRegistry.Terms memory other = _terms("SG", "KR");
        other.effectiveFrom = START;
        _agree(_terms("CN", "SG"));
        _agreeBy(SG_ACT, KR_ACT, other);
        _requireState("CN", "SG", START, START, _IN_EFFECT);
        _requireState("SG", "KR", START, START, _IN_EFFECT);
        _requireState("CN", "KR", START, START, _NONE);
        _requireState("KR", "CN", START, START, _NONE);
        require(recognitions.recognition("origin", "CN", "SG", START, START).state == _NONE, "one programme only");
    }

    function test_OneSideAloneAgreesOnNothing() external {
        bytes32 id = _offer(CN_ACT, _terms("CN", "SG"));
        _refuses(
            CN_ACT,
            abi.encodeCall(recognitions.accept, (_list(id))),
            IRecognitionRegistry.RecognitionRegistryNotSide.selector
        );
        _refuses(
            KR_ACT,
            abi.encodeCall(recognitions.accept, (_list(id))),
            IRecognitionRegistry.RecognitionRegistryNotSide.selector
        );
        _requireState("CN", "SG", START, START, _NONE);
        require(recognitions.agreed(_AEO).length == 0, "nothing agreed");
    }

    function test_EitherSideMayOffer() external {
        _agreeBy(SG_ACT, CN_ACT, _terms("CN", "SG"));
        _requireState("CN", "SG", START, START, _IN_EFFECT);
    }

    function test_OthersOfferNothing() external {
        _refuses(KR_ACT, _offerCall(_terms("CN", "SG")), IRecognitionRegistry.RecognitionRegistryNotSide.selector);
        _refuses(SG_VOTE, _offerCall(_terms("CN", "SG")), IRecognitionRegistry.RecognitionRegistryNotSpeaker.selector);
        _refuses(
            STRANGER, _offerCall(_terms("CN", "SG")), IRecognitionRegistry.RecognitionRegistryNotSpeaker.selector
        );
    }

    function test_BothMustBeParties() external {
        bytes32 id = _offer(CN_ACT, _terms("CN", "KR"));
        bytes4 refused = IRecognitionRegistry.RecognitionRegistryNotParty.selector;
        _refuses(KR_ACT, abi.encodeCall(recognitions.accept, (_list(id))), refused);
        // It has signed, but only after the day on which it is to begin.
        _as(KR_ACT, abi.encodeCall(recognitions.acceptArrangement, (_TREATY, _BEGIN + 1)));
        _refuses(KR_ACT, abi.encodeCall(recognitions.accept, (_list(id))), refused);
        _requireState("CN", "KR", START, START, _NONE);
    }

    function test_AnOfferIsAcceptedOnce() external {
        bytes32 id = _agree(_terms("CN", "SG"));
        bytes4 refused = IRecognitionRegistry.RecognitionRegistryOfferNotOpen.selector;
        _refuses(SG_ACT, abi.encodeCall(recognitions.accept, (_list(id))), refused);
        _refuses(SG_ACT, abi.encodeCall(recognitions.closeOffers, (_list(id))), refused);
        require(_last(recognitions.offerEntries(id)).code == 2, "accepted");
        require(_last(recognitions.offerEntries(id)).detail == uint16(bytes2("SG")), "by Singapore");
    }

    function test_AnOfferCanBeWithdrawnOrDeclined() external {
        bytes32 id = _offer(CN_ACT, _terms("CN", "SG"));
        _refuses(CN_ACT, _offerCall(_terms("CN", "SG")), IRecognitionRegistry.RecognitionRegistryOfferOpen.selector);
        _refuses(
            KR_ACT,
            abi.encodeCall(recognitions.closeOffers, (_list(id))),
            IRecognitionRegistry.RecognitionRegistryNotSide.selector
        );
        _as(SG_ACT, abi.encodeCall(recognitions.closeOffers, (_list(id))));
        _refuses(
            SG_ACT,
            abi.encodeCall(recognitions.accept, (_list(id))),
            IRecognitionRegistry.RecognitionRegistryOfferNotOpen.selector
        );
        // Now Singapore offers the same, and China has to accept it.
        _offer(SG_ACT, _terms("CN", "SG"));
        _refuses(
            SG_ACT,
            abi.encodeCall(recognitions.accept, (_list(id))),
            IRecognitionRegistry.RecognitionRegistryNotSide.selector
        );
        _as(CN_ACT, abi.encodeCall(recognitions.accept, (_list(id))));
        _requireState("CN", "SG", START, START, _IN_EFFECT);
    }

    function test_TermsThatCannotBe() external {
        bytes4 invalid = IRecognitionRegistry.RecognitionRegistryTermsInvalid.selector;
        _refuses(CN_ACT, _offerCall(_terms("CN", "CN")), invalid);
        IRecognitionRegistry.Terms memory terms = _terms("CN", "SG");
        terms.effectiveUntil = terms.effectiveFrom;
        _refuses(CN_ACT, _offerCall(terms), invalid);
        terms = _terms("CN", "SG");
        terms.arrangement = "cn.other";
        _refuses(CN_ACT, _offerCall(terms), IRecognitionRegistry.RecognitionRegistryArrangementUnknown.selector);
        terms = _terms("CN", "SG");
        (terms.effectiveFrom, terms.effectiveUntil) = (0, START - 1);
        bytes32 id = _offer(CN_ACT, terms);
        _refuses(SG_ACT, abi.encodeCall(recognitions.accept, (_list(id))), DatedList.DatedListIntervalEmpty.selector);
    }

    function test_WithoutADateItBeginsOnAcceptance() external {
        IRecognitionRegistry.Terms memory terms = _terms("CN", "SG");
        terms.effectiveFrom = 0;
        bytes32 id = _offer(CN_ACT, terms);
        VM.warp(START + 50);
        _as(SG_ACT, abi.encodeCall(recognitions.accept, (_list(id))));
        _requireState("CN", "SG", START + 49, START + 50, _NONE);
        _requireState("CN", "SG", START + 50, START + 50, _IN_EFFECT);
    }

    function test_ATermThatIsOverHasEnded() external {
        IRecognitionRegistry.Terms memory terms = _terms("CN", "SG");
        terms.effectiveUntil = START + 10;
        _agree(terms);
        _requireState("CN", "SG", START + 9, START, _IN_EFFECT);
        _requireState("CN", "SG", START + 10, START, _ENDED);
    }

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

    function _terms(bytes2 recogniser, bytes2 recognised) private pure returns (IRecognitionRegistry.Terms memory) {
        return IRecognitionRegistry.Terms(_TREATY, "benefits", recogniser, recognised, 3, _BEGIN, 0);
    }

    function _agree(IRecognitionRegistry.Terms memory terms) private returns (bytes32) {
        return _agreeBy(CN_ACT, SG_ACT, terms);
    }

    function _agreeBy(address offers, address accepts, IRecognitionRegistry.Terms memory terms)
        private
        returns (bytes32 id)
    {
        id = _offer(offers, terms);
        _as(accepts, abi.encodeCall(recognitions.accept, (_list(id))));
    }

    function _offer(address account, IRecognitionRegistry.Terms memory terms) private returns (bytes32) {
        _as(account, _offerCall(terms));
        return keccak256(abi.encode(terms));
    }

    function _offerCall(IRecognitionRegistry.Terms memory terms) private view returns (bytes memory) {
        IRecognitionRegistry.Terms[] memory one = new IRecognitionRegistry.Terms[](1);
        one[0] = terms;
        return abi.encodeCall(recognitions.offer, (one));
    }

    function _requireState(
        bytes2 recogniser,
        bytes2 recognised,
        uint64 time,
        uint64 knownAt,
        IRecognitionRegistry.State state
    ) private view {
        require(recognitions.recognition(_AEO, recogniser, recognised, time, knownAt).state == state, "another state");
    }

    function _directions(bytes2 recogniser, bytes2 recognised)
        private
        pure
        returns (IRecognitionRegistry.Direction[] memory directions)
    {
        directions = new IRecognitionRegistry.Direction[](1);
        directions[0] = IRecognitionRegistry.Direction(_AEO, recogniser, recognised);
    }

    function _as(address account, bytes memory call) private {
        VM.prank(account);
        (bool succeeded, bytes memory returned) = address(recognitions).call(call);
        if (succeeded) return;
        assembly ("memory-safe") {
            revert(add(returned, 0x20), mload(returned))
        }
    }

    function _refuses(address account, bytes memory call, bytes4 selector) private {
        VM.prank(account);
        (bool succeeded, bytes memory returned) = address(recognitions).call(call);
        require(!succeeded && bytes4(returned) == selector, "refused for another reason");
    }

    function _list(bytes32 one) private pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = one;
    }
}
