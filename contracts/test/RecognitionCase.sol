// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IRecognitionRegistry} from "../src/interfaces/IRecognitionRegistry.sol";
import {Consortium} from "./Consortium.sol";

/// @dev An arrangement of China and Singapore, to which Korea is invited, and what its tests do and ask.
abstract contract RecognitionCase is Consortium {
    bytes32 internal constant _TREATY = "cn.aeo-2012";
    bytes32 internal constant _AEO = "aeo";
    uint64 internal constant _SIGNED = START - 5000;
    uint64 internal constant _BEGIN = START - 4000;
    IRecognitionRegistry.State internal constant _NONE = IRecognitionRegistry.State.NONE;
    IRecognitionRegistry.State internal constant _IN_EFFECT = IRecognitionRegistry.State.IN_EFFECT;
    IRecognitionRegistry.State internal constant _SUSPENDED = IRecognitionRegistry.State.SUSPENDED;
    IRecognitionRegistry.State internal constant _ENDED = IRecognitionRegistry.State.ENDED;
    IRecognitionRegistry.State internal constant _LEFT = IRecognitionRegistry.State.LEFT;

    /// @dev China proposes to Singapore and Korea; Singapore has signed too, Korea has not.
    function setUp() public virtual override {
        super.setUp();
        bytes2[] memory others = new bytes2[](2);
        (others[0], others[1]) = ("SG", "KR");
        _as(CN_ACT, abi.encodeCall(recognitions.proposeArrangement, (_TREATY, _AEO, "text", others, _SIGNED)));
        _as(SG_ACT, abi.encodeCall(recognitions.acceptArrangement, (_TREATY, _SIGNED)));
    }

    function _terms(bytes2 recogniser, bytes2 recognised) internal pure returns (IRecognitionRegistry.Terms memory) {
        return IRecognitionRegistry.Terms(_TREATY, "benefits", recogniser, recognised, 3, _BEGIN, 0);
    }

    function _agree(IRecognitionRegistry.Terms memory terms) internal returns (bytes32) {
        return _agreeBy(CN_ACT, SG_ACT, terms);
    }

    function _agreeBy(address offers, address accepts, IRecognitionRegistry.Terms memory terms)
        internal
        returns (bytes32 id)
    {
        id = _offer(offers, terms);
        _as(accepts, abi.encodeCall(recognitions.accept, (_list(id))));
    }

    function _offer(address account, IRecognitionRegistry.Terms memory terms) internal returns (bytes32) {
        _as(account, _offerCall(terms));
        return keccak256(abi.encode(terms));
    }

    function _offerCall(IRecognitionRegistry.Terms memory terms) internal view returns (bytes memory) {
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
    ) internal view {
        require(recognitions.recognition(_AEO, recogniser, recognised, time, knownAt).state == state, "another state");
    }

    function _directions(bytes2 recogniser, bytes2 recognised)
        internal
        pure
        returns (IRecognitionRegistry.Direction[] memory directions)
    {
        directions = new IRecognitionRegistry.Direction[](1);
        directions[0] = IRecognitionRegistry.Direction(_AEO, recogniser, recognised);
    }

    function _as(address account, bytes memory call) internal {
        VM.prank(account);
        (bool succeeded, bytes memory returned) = address(recognitions).call(call);
        if (succeeded) return;
        assembly ("memory-safe") {
            revert(add(returned, 0x20), mload(returned))
        }
    }

    function _refuses(address account, bytes memory call, bytes4 selector) internal {
        VM.prank(account);
        (bool succeeded, bytes memory returned) = address(recognitions).call(call);
        require(!succeeded && bytes4(returned) == selector, "refused for another reason");
    }

    function _list(bytes32 one) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = one;
    }
}
