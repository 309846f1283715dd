// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {IRecognitionRegistry} from "../src/interfaces/IRecognitionRegistry.sol";
import {RecognitionCase} from "./RecognitionCase.sol";

contract RecognitionRegistryTest is RecognitionCase {
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
}
