// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DocumentRegistry} from "../src/DocumentRegistry.sol";
import {IDocumentRegistry} from "../src/interfaces/IDocumentRegistry.sol";
import {Consortium} from "./Consortium.sol";
import {History} from "./History.sol";
import {Cheats, Vm} from "./Vm.sol";

/// @title Everybody anchors and changes statuses, over few roots and digests so that they meet
contract DocumentHandler is Cheats {
    bytes32[2] internal roots = [bytes32("root a"), "root b"];
    bytes32[2] internal manifests = [bytes32("manifest a"), "manifest b"];
    bytes32[3] internal digests = [bytes32("digest a"), "digest b", "digest c"];
    address[4] internal actors;
    mapping(bytes32 batch => bytes32) internal first;
    mapping(bytes32 digest => bool) internal held;

    DocumentRegistry public registry;
    History public history = new History();
    bytes32 public issuer;

    constructor(DocumentRegistry registry_, bytes32 issuer_, address[4] memory actors_) {
        (registry, issuer, actors) = (registry_, issuer_, actors_);
    }

    function anchor(uint256 actor, uint256 seed) external {
        _anchor(actor, seed, abi.encodeCall(registry.anchor, (_root(seed), _size(seed), _manifest(seed))));
    }

    function anchorMany(uint256 actor, uint256 seed, uint256 other) external {
        IDocumentRegistry.Batch[] memory batches = new IDocumentRegistry.Batch[](2);
        batches[0] = IDocumentRegistry.Batch(_root(other), _size(other), _manifest(other));
        batches[1] = IDocumentRegistry.Batch(_root(seed), _size(seed), _manifest(seed));
        _anchor(actor, other, abi.encodeCall(registry.anchorMany, (batches)));
        _requireFirst(seed);
    }

    function setStatus(uint256 actor, uint256 seed) external {
        bytes32 digest = digests[seed % 3];
        IDocumentRegistry.Status status = IDocumentRegistry.Status((seed >> 8) % 5);
        bytes32 successor = status == IDocumentRegistry.Status.SUPERSEDED ? bytes32("next") : bytes32(0);
        // Mostly mild, so that a document is not revoked at its first change.
        if (status == IDocumentRegistry.Status.REVOKED && (seed >> 16) % 8 != 0) return;
        bool revoked = history.codeAt(digest, uint64(block.timestamp)) == 1;
        IDocumentRegistry.StatusChange memory change =
            IDocumentRegistry.StatusChange(issuer, digest, status, uint32(seed), successor);
        address sender = actors[actor % 4];
        bool succeeded = _call(sender, abi.encodeCall(registry.setStatus, (change)));
        require(!succeeded || sender == actors[2] || sender == actors[3], "somebody else has set a status");
        require(!succeeded || !revoked, "revoked is final");
        bool reinstated = succeeded && status == IDocumentRegistry.Status.REINSTATED;
        bool byAuthority = sender == actors[3];
        require(!reinstated || byAuthority || !held[digest], "reinstated what its authority has suspended");
        if (reinstated) held[digest] = false;
        if (succeeded && byAuthority && status == IDocumentRegistry.Status.SUSPENDED) held[digest] = true;
        history.observe(digest, registry.statusEntries(issuer, digest));
        history.ask(digest);
    }

    function wait(uint256 time) external {
        VM.warp(block.timestamp + _bound(time, 1, 40));
    }

    function _anchor(uint256 actor, uint256 seed, bytes memory call) private {
        address sender = actors[actor % 4];
        bool succeeded = _call(sender, call);
        require(succeeded == (sender == actors[0]), "the anchor account, and always");
        _requireFirst(seed);
    }

    /// @dev The first anchoring of a triple that is seen is what is seen ever after.
    function _requireFirst(uint256 seed) private {
        bytes32 batch = keccak256(abi.encode(_root(seed), _size(seed), _manifest(seed)));
        IDocumentRegistry.Anchoring memory anchoring = registry.anchoring(_root(seed), _size(seed), _manifest(seed));
        if (anchoring.anchoredAt == 0) return;
        bytes32 seen = keccak256(abi.encode(anchoring));
        if (first[batch] == 0) {
            require(anchoring.anchoredAt == block.timestamp, "anchored now");
            first[batch] = seen;
        }
        require(first[batch] == seen, "an anchoring has changed");
    }

    function _call(address sender, bytes memory call) private returns (bool succeeded) {
        VM.recordLogs();
        VM.prank(sender);
        (succeeded,) = address(registry).call(call);
        Vm.Log[] memory logs = VM.getRecordedLogs();
        if (succeeded) history.fold(logs);
    }

    function _root(uint256 seed) private view returns (bytes32) {
        return roots[(seed >> 24) % 2];
    }

    function _manifest(uint256 seed) private view returns (bytes32) {
        return manifests[(seed >> 32) % 2];
    }

    function _size(uint256 seed) private pure returns (uint64) {
        return uint64(1 + (seed >> 40) % 3);
    }
}

contract DocumentInvariantTest is Consortium {
    DocumentHandler private _handler;

    function setUp() public override {
        super.setUp();
        _addCarrier();
        _handler = new DocumentHandler(documents, CARRIER, [CN_ANCHOR, STRANGER, CARRIER_ACCOUNT, CN_ACT]);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_TheRunningHashesAreWhatTheEventsGive() external view {
        _requireHead(IDocumentRegistry.Anchored.selector, IDocumentRegistry.Change.ANCHORING);
        _requireHead(IDocumentRegistry.StatusChanged.selector, IDocumentRegistry.Change.STATUS);
        _requireHead(IDocumentRegistry.HoldChanged.selector, IDocumentRegistry.Change.HOLD);
    }

    function afterInvariant() external view {
        _handler.history().requireAnswersStay();
    }

    function _requireHead(bytes32 topic, IDocumentRegistry.Change kind) private view {
        (uint256 count, bytes32 head) = documents.changes(kind);
        _handler.history().requireHead(topic, count, head);
    }
}
