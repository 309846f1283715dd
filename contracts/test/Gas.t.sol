// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {IDocumentRegistry} from "../src/interfaces/IDocumentRegistry.sol";
import {Consortium} from "./Consortium.sol";

/// @title Every writing call as it is usually made, for the gas table in docs/contracts.md
contract GasTest is Consortium {
    bytes32 private constant _X = keccak256("x");

    function test_VotesAndServiceKeys() external {
        _byVote(abi.encodeCall(authorities.admitMember, ("JP", 0)));
        _byVote(abi.encodeCall(authorities.endMember, ("KR", 0)));
        VM.prank(CN_ACT);
        authorities.addServiceKey(CN, IAuthorityRegistry.Purpose.ANSWERS, KEY, 1, _X, _X, 0, 0);
        VM.prank(CN_ACT);
        authorities.endServiceKey(KEY, 0);
    }

    function test_Issuers() external {
        _addCarrier();
        VM.prank(CN_ACT);
        issuers.suspendIssuer(CARRIER, 1);
        VM.prank(CN_ACT);
        issuers.reinstateIssuer(CARRIER);
        VM.prank(CN_ACT);
        issuers.endAccreditation(CARRIER, BILL, 0);
        VM.prank(CARRIER_ACCOUNT);
        issuers.suspendKey(KEY, 1);
        VM.prank(CN_ACT);
        issuers.reinstateKey(KEY);
        VM.prank(CN_ACT);
        issuers.retireKey(KEY, 0);
        VM.prank(CN_ACT);
        issuers.markCompromised(KEY, 0);
        VM.prank(CN_ACT);
        issuers.endAccount(CARRIER_ACCOUNT, 0);
    }

    function test_Documents() external {
        _addCarrier();
        _warmUp();
        IDocumentRegistry.Batch[] memory batches = new IDocumentRegistry.Batch[](100);
        IDocumentRegistry.StatusChange[] memory changes = new IDocumentRegistry.StatusChange[](100);
        for (uint256 i = 0; i < 100; ++i) {
            bytes32 some = keccak256(abi.encode(i));
            batches[i] = IDocumentRegistry.Batch(some, 1000, some);
            changes[i] =
                IDocumentRegistry.StatusChange(CARRIER, some, IDocumentRegistry.Status.REVOKED, 1, bytes32(0));
        }
        VM.prank(CN_ANCHOR);
        documents.anchor(_X, 1000, _X);
        VM.prank(CN_ANCHOR);
        documents.anchorMany(batches);
        VM.prank(CARRIER_ACCOUNT);
        documents.setStatus(IDocumentRegistry.StatusChange(CARRIER, _X, IDocumentRegistry.Status.SUPERSEDED, 1, KEY));
        VM.prank(CARRIER_ACCOUNT);
        documents.setStatuses(changes);
    }

    /// @dev The first change of a kind also fills the slots of its running hash; what follows does not.
    function _warmUp() private {
        bytes32 first = keccak256("first");
        VM.prank(CN_ANCHOR);
        documents.anchorMany(_oneBatch(first));
        VM.prank(CARRIER_ACCOUNT);
        documents.setStatuses(_oneChange(first));
    }

    function _oneBatch(bytes32 some) private pure returns (IDocumentRegistry.Batch[] memory batches) {
        batches = new IDocumentRegistry.Batch[](1);
        batches[0] = IDocumentRegistry.Batch(some, 1, some);
    }

    function _oneChange(bytes32 digest) private pure returns (IDocumentRegistry.StatusChange[] memory changes) {
        changes = new IDocumentRegistry.StatusChange[](1);
        changes[0] = IDocumentRegistry.StatusChange(CARRIER, digest, IDocumentRegistry.Status.REVOKED, 1, bytes32(0));
    }
}
