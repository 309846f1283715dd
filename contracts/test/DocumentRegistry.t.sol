// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {DocumentRegistry} from "../src/DocumentRegistry.sol";
import {IDocumentRegistry} from "../src/interfaces/IDocumentRegistry.sol";
import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {Consortium} from "./Consortium.sol";

contract DocumentRegistryTest is Consortium {
    bytes32 private constant _DIGEST = keccak256("document");
    bytes32 private constant _NEXT = keccak256("next document");
    IDocumentRegistry.Status private constant _NONE = IDocumentRegistry.Status.NONE;
    IDocumentRegistry.Status private constant _REVOKED = IDocumentRegistry.Status.REVOKED;
    IDocumentRegistry.Status private constant _SUSPENDED = IDocumentRegistry.Status.SUSPENDED;
    IDocumentRegistry.Status private constant _REINSTATED = IDocumentRegistry.Status.REINSTATED;
    IDocumentRegistry.Status private constant _SUPERSEDED = IDocumentRegistry.Status.SUPERSEDED;

    function setUp() public override {
        super.setUp();
        _addCarrier();
    }

    function testFuzz_OnlyAnchorAccountsAnchor(address account) external {
        VM.assume(account != CN_ANCHOR);
        _assumeOutside(account);
        bytes memory refused =
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistryNotAnchoring.selector, account);
        VM.prank(account);
        VM.expectRevert(refused);
        documents.anchor("root", 1, "manifest");
        VM.prank(account);
        VM.expectRevert(refused);
        documents.anchorMany(new IDocumentRegistry.Batch[](0));
    }

    function testFuzz_TheFirstAnchoringStays(bytes32 root, uint64 size, bytes32 manifest, uint32 later) external {
        VM.assume(root != 0 && size != 0 && manifest != 0);
        _anchor(root, size, manifest);
        VM.warp(uint256(START) + later);
        (uint256 count, bytes32 head) = documents.changes(IDocumentRegistry.Change.ANCHORING);
        VM.recordLogs();
        _anchor(root, size, manifest);
        require(VM.getRecordedLogs().length == 0, "no event");
        (uint256 countAfter, bytes32 headAfter) = documents.changes(IDocumentRegistry.Change.ANCHORING);
        require(count == 1 && countAfter == 1 && head == headAfter, "no change");
        IDocumentRegistry.Anchoring memory anchoring = documents.anchoring(root, size, manifest);
        require(anchoring.anchoredAt == START && anchoring.account == CN_ANCHOR, "the first");
        require(
            head == keccak256(abi.encode(bytes32(0), keccak256(abi.encode(root, manifest, size, START, CN_ANCHOR)))),
            "head"
        );
    }

    function test_AnotherTripleSpoilsNothing() external {
        _anchor("root", 5, "other manifest");
        _anchor("root", 6, "manifest");
        require(documents.anchoring("root", 5, "manifest").anchoredAt == 0, "not anchored yet");
        VM.warp(START + 1);
        _anchor("root", 5, "manifest");
        require(documents.anchoring("root", 5, "manifest").anchoredAt == START + 1, "its own time");
    }

    function test_ZerosAreNoBatch() external {
        _anchorRefused(0, 1, "manifest");
        _anchorRefused("root", 0, "manifest");
        _anchorRefused("root", 1, 0);
    }

    function test_ManyAtOnceAllOrNone() external {
        IDocumentRegistry.Batch[] memory batches = new IDocumentRegistry.Batch[](3);
        batches[0] = IDocumentRegistry.Batch("a", 1, "m");
        batches[1] = IDocumentRegistry.Batch("a", 1, "m");
        batches[2] = IDocumentRegistry.Batch("b", 1, "m");
        VM.prank(CN_ANCHOR);
        documents.anchorMany(batches);
        (uint256 count,) = documents.changes(IDocumentRegistry.Change.ANCHORING);
        require(count == 2, "the same one twice counts once");
        batches[0].root = "c";
        batches[2].size = 0;
        VM.prank(CN_ANCHOR);
        VM.expectPartialRevert(IDocumentRegistry.DocumentRegistryBatchInvalid.selector);
        documents.anchorMany(batches);
        require(documents.anchoring("c", 1, "m").anchoredAt == 0, "none");
    }

    function test_AnEndedAnchorAccountDoesNotAnchor() external {
        _byVote(abi.encodeCall(authorities.endAccount, (CN_ANCHOR, START + 10)));
        _anchor("a", 1, "m");
        VM.warp(START + 10);
        VM.prank(CN_ANCHOR);
        VM.expectRevert(abi.encodeWithSelector(IDocumentRegistry.DocumentRegistryNotAnchoring.selector, CN_ANCHOR));
        documents.anchor("b", 1, "m");
        require(documents.anchoring("a", 1, "m").anchoredAt == START, "what was anchored stays");
    }

    function testFuzz_OnlyTheIssuerOrItsAccreditorSetsStatuses(address account) external {
        VM.assume(account != CARRIER_ACCOUNT && account != CN_ACT);
        _assumeOutside(account);
        VM.prank(account);
        VM.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistryNotIssuer.selector, account, CARRIER)
        );
        documents.setStatus(IDocumentRegistry.StatusChange(CARRIER, _DIGEST, _REVOKED, 1, 0));
        VM.prank(CN_ACT);
        documents.setStatus(IDocumentRegistry.StatusChange(CARRIER, _DIGEST, _REVOKED, 1, 0));
    }

    function test_NobodyActsForAnUnknownIssuer() external {
        VM.prank(STRANGER);
        VM.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistryNotIssuer.selector, STRANGER, bytes32(0))
        );
        documents.setStatus(IDocumentRegistry.StatusChange(0, _DIGEST, _REVOKED, 1, 0));
    }

    /// @dev Rows: what stands; columns: what is asked for. y accepted, f final, i invalid.
    function test_EveryTransition() external {
        bytes5[5] memory expected = [bytes5("iyyiy"), "fffff", "iyiyy", "iyyiy", "fyfff"];
        IDocumentRegistry.Status[5] memory all = [_NONE, _REVOKED, _SUSPENDED, _REINSTATED, _SUPERSEDED];
        for (uint256 last = 0; last < 5; ++last) {
            for (uint256 next = 0; next < 5; ++next) {
                bytes32 digest = keccak256(abi.encode(last, next));
                if (all[last] == _REINSTATED) _setStatus(digest, _SUSPENDED);
                if (all[last] != _NONE) _setStatus(digest, all[last]);
                _requireOutcome(digest, all[next], expected[last][next]);
            }
        }
    }

    function test_TheIssuerDoesNotReinstateWhatItsAuthoritySuspended() external {
        _setStatus(_DIGEST, _SUSPENDED);
        require(documents.holdEntries(CARRIER, _DIGEST).length == 0, "the issuer itself holds nothing");
        _setStatus(_DIGEST, _REINSTATED);
        _setStatus(_DIGEST, _SUSPENDED);
        VM.prank(CN_ACT);
        documents.setStatus(_change(_DIGEST, _SUSPENDED));
        require(_last(documents.holdEntries(CARRIER, _DIGEST)).code == 3, "its authority has taken it over");
        bytes memory held = abi.encodeWithSelector(
            IDocumentRegistry.DocumentRegistryHeld.selector, _DIGEST, IIssuerRegistry.Power.AUTHORITY
        );
        VM.prank(CARRIER_ACCOUNT);
        VM.expectRevert(held);
        documents.setStatus(_change(_DIGEST, _REINSTATED));
        _requireOutcome(_DIGEST, _SUSPENDED, "n");
        VM.prank(CN_ACT);
        VM.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistryStatusInvalid.selector, _DIGEST, _SUSPENDED)
        );
        documents.setStatus(_change(_DIGEST, _SUSPENDED));
        VM.prank(CN_ACT);
        documents.setStatus(_change(_DIGEST, _REINSTATED));
        require(_last(documents.holdEntries(CARRIER, _DIGEST)).code == 0, "released");
        _setStatus(_DIGEST, _SUSPENDED);
        _setStatus(_DIGEST, _REINSTATED);
    }

    function test_StatusesAreKeptPerIssuer() external {
        VM.prank(SG_ACT);
        issuers.addIssuer("sg.carrier", SG);
        VM.prank(SG_ACT);
        documents.setStatus(IDocumentRegistry.StatusChange("sg.carrier", _DIGEST, _REVOKED, 1, 0));
        require(documents.statusEntries(CARRIER, _DIGEST).length == 0, "another issuer's word is not the issuer's");
    }

    function test_ASuccessorExactlyWithSuperseded() external {
        _successorRefused(_SUPERSEDED, 0);
        _successorRefused(_SUPERSEDED, _DIGEST);
        _successorRefused(_REVOKED, _NEXT);
        _successorRefused(_SUSPENDED, _NEXT);
        _setStatus(_DIGEST, _SUPERSEDED);
        require(documents.successor(CARRIER, _DIGEST) == _NEXT, "kept");
        _setStatus(_DIGEST, _REVOKED);
        require(documents.successor(CARRIER, _DIGEST) == _NEXT, "and kept when revoked");
    }

    function test_ManyStatusesAllOrNone() external {
        IDocumentRegistry.StatusChange[] memory changes = new IDocumentRegistry.StatusChange[](2);
        changes[0] = IDocumentRegistry.StatusChange(CARRIER, _DIGEST, _SUSPENDED, 7, 0);
        changes[1] = IDocumentRegistry.StatusChange(CARRIER, _DIGEST, _REINSTATED, 0, 0);
        VM.prank(CARRIER_ACCOUNT);
        documents.setStatuses(changes);
        DatedList.Entry[] memory entries = documents.statusEntries(CARRIER, _DIGEST);
        require(entries.length == 2 && entries[0].detail == 7 && entries[1].code == 3, "both");
        changes[0].digest = _NEXT;
        VM.prank(CARRIER_ACCOUNT);
        VM.expectPartialRevert(IDocumentRegistry.DocumentRegistryStatusInvalid.selector);
        documents.setStatuses(changes);
        require(documents.statusEntries(CARRIER, _NEXT).length == 0, "none");
    }

    function test_ADigestIsNotZero() external {
        VM.prank(CARRIER_ACCOUNT);
        VM.expectPartialRevert(IDocumentRegistry.DocumentRegistryStatusInvalid.selector);
        documents.setStatus(IDocumentRegistry.StatusChange(CARRIER, 0, _REVOKED, 1, 0));
    }

    function test_TheOtherRegistriesMustBeContracts() external {
        bytes memory refused = abi.encodeWithSelector(IDocumentRegistry.DocumentRegistryNoContract.selector, STRANGER);
        VM.expectRevert(refused);
        new DocumentRegistry(STRANGER, address(issuers));
        VM.expectRevert(refused);
        new DocumentRegistry(address(authorities), STRANGER);
    }

    function _anchor(bytes32 root, uint64 size, bytes32 manifest) private {
        VM.prank(CN_ANCHOR);
        documents.anchor(root, size, manifest);
    }

    function _anchorRefused(bytes32 root, uint64 size, bytes32 manifest) private {
        VM.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistryBatchInvalid.selector, root, size, manifest)
        );
        _anchor(root, size, manifest);
    }

    function _setStatus(bytes32 digest, IDocumentRegistry.Status status) private {
        VM.prank(CARRIER_ACCOUNT);
        documents.setStatus(_change(digest, status));
    }

    function _successorRefused(IDocumentRegistry.Status status, bytes32 successor) private {
        VM.prank(CARRIER_ACCOUNT);
        VM.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistrySuccessorInvalid.selector, _DIGEST, successor)
        );
        documents.setStatus(IDocumentRegistry.StatusChange(CARRIER, _DIGEST, status, 0, successor));
    }

    function _requireOutcome(bytes32 digest, IDocumentRegistry.Status status, bytes1 expected) private {
        VM.prank(CARRIER_ACCOUNT);
        (bool succeeded, bytes memory returned) =
            address(documents).call(abi.encodeCall(documents.setStatus, (_change(digest, status))));
        bytes4 wanted = expected == "f"
            ? IDocumentRegistry.DocumentRegistryStatusFinal.selector
            : IDocumentRegistry.DocumentRegistryStatusInvalid.selector;
        require(expected == "y" ? succeeded : !succeeded && bytes4(returned) == wanted, "transition");
    }

    function _change(bytes32 digest, IDocumentRegistry.Status status)
        private
        pure
        returns (IDocumentRegistry.StatusChange memory)
    {
        bytes32 successor = status == _SUPERSEDED ? _NEXT : bytes32(0);
        return IDocumentRegistry.StatusChange(CARRIER, digest, status, 1, successor);
    }
}
