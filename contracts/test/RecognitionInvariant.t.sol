// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IRecognitionRegistry} from "../src/interfaces/IRecognitionRegistry.sol";
import {Consortium} from "./Consortium.sol";
import {RecognitionHandler} from "./RecognitionHandler.sol";

contract RecognitionInvariantTest is Consortium {
    RecognitionHandler private _handler;

    function setUp() public override {
        super.setUp();
        _byVote(abi.encodeCall(authorities.endMember, ("KR", START + 700)));
        _handler = new RecognitionHandler(recognitions, [CN_ACT, SG_ACT, KR_ACT, STRANGER], START + 700);
        VM.warp(START + 500);
        _handler.propose(0, 0);
        _handler.propose(0, 1);
        // All have signed the first: accepted (bits 8 to 10), since up to 399 s before.
        _handler.sign(1, (399 << 16) | (1 << 9));
        _handler.sign(2, (399 << 16) | (1 << 9));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev What is required of every step stands in the handler.
    function invariant_NoRecognitionWithoutBothSides() external view {
        require(recognitions.arrangements().length == 2, "two arrangements");
    }

    /// @dev Once at the end of each run.
    function afterInvariant() external view {
        _handler.requireAnswersStay();
        _requireHead(IRecognitionRegistry.ArrangementProposed.selector, IRecognitionRegistry.Change.ARRANGEMENT);
        _requireHead(IRecognitionRegistry.PartyChanged.selector, IRecognitionRegistry.Change.PARTY);
        _requireHead(IRecognitionRegistry.OfferChanged.selector, IRecognitionRegistry.Change.OFFER);
        _requireHead(IRecognitionRegistry.RecognitionChanged.selector, IRecognitionRegistry.Change.RECOGNITION);
        _requireHead(IRecognitionRegistry.SuspensionChanged.selector, IRecognitionRegistry.Change.SUSPENSION);
    }

    function _requireHead(bytes32 topic, IRecognitionRegistry.Change kind) private view {
        (uint256 count, bytes32 head) = recognitions.changes(kind);
        _handler.history().requireHead(topic, count, head);
    }
}
