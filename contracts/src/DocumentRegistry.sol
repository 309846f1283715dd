// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChangeLog} from "./ChangeLog.sol";
import {DatedList} from "./DatedList.sol";
import {IAuthorityRegistry} from "./interfaces/IAuthorityRegistry.sol";
import {IDocumentRegistry} from "./interfaces/IDocumentRegistry.sol";
import {IIssuerRegistry} from "./interfaces/IIssuerRegistry.sol";

/// @title What was anchored when, and what became of a document
contract DocumentRegistry is IDocumentRegistry {
    using ChangeLog for ChangeLog.Log;
    using DatedList for DatedList.Entry[];

    IAuthorityRegistry private immutable _AUTHORITY_REGISTRY;
    IIssuerRegistry private immutable _ISSUER_REGISTRY;

    mapping(bytes32 batch => Anchoring) private _anchorings;
    mapping(bytes32 issuer => mapping(bytes32 digest => DatedList.Entry[])) private _statusEntries;
    mapping(bytes32 issuer => mapping(bytes32 digest => bytes32)) private _successors;
    mapping(Change kind => ChangeLog.Log) private _changes;

    constructor(address authorityRegistry, address issuerRegistry) {
        if (authorityRegistry.code.length == 0) revert DocumentRegistryNoContract(authorityRegistry);
        if (issuerRegistry.code.length == 0) revert DocumentRegistryNoContract(issuerRegistry);
        _AUTHORITY_REGISTRY = IAuthorityRegistry(authorityRegistry);
        _ISSUER_REGISTRY = IIssuerRegistry(issuerRegistry);
    }

    /// @inheritdoc IDocumentRegistry
    function anchor(bytes32 root, uint64 size, bytes32 manifestDigest) external {
        _requireAnchoring();
        _anchor(root, size, manifestDigest);
    }

    /// @inheritdoc IDocumentRegistry
    function anchorMany(Batch[] calldata batches) external {
        _requireAnchoring();
        for (uint256 i = 0; i < batches.length; ++i) {
            _anchor(batches[i].root, batches[i].size, batches[i].manifestDigest);
        }
    }

    /// @inheritdoc IDocumentRegistry
    function setStatus(StatusChange calldata change) external {
        _setStatus(change);
    }

    /// @inheritdoc IDocumentRegistry
    function setStatuses(StatusChange[] calldata changes_) external {
        for (uint256 i = 0; i < changes_.length; ++i) {
            _setStatus(changes_[i]);
        }
    }

    /// @inheritdoc IDocumentRegistry
    function anchoring(bytes32 root, uint64 size, bytes32 manifestDigest) external view returns (Anchoring memory) {
        return _anchorings[keccak256(abi.encode(root, size, manifestDigest))];
    }

    /// @inheritdoc IDocumentRegistry
    function statusEntries(bytes32 issuer, bytes32 digest) external view returns (DatedList.Entry[] memory) {
        return _statusEntries[issuer][digest];
    }

    /// @inheritdoc IDocumentRegistry
    function successor(bytes32 issuer, bytes32 digest) external view returns (bytes32) {
        return _successors[issuer][digest];
    }

    /// @inheritdoc IDocumentRegistry
    function changes(Change kind) external view returns (uint256 count, bytes32 head) {
        return (_changes[kind].count, _changes[kind].head);
    }

    function _anchor(bytes32 root, uint64 size, bytes32 manifestDigest) private {
        if (root == 0 || size == 0 || manifestDigest == 0) {
            revert DocumentRegistryBatchInvalid(root, size, manifestDigest);
        }
        Anchoring storage anchored = _anchorings[keccak256(abi.encode(root, size, manifestDigest))];
        if (anchored.anchoredAt != 0) return;
        anchored.account = msg.sender;
        anchored.anchoredAt = uint96(block.timestamp);
        uint64 present = uint64(block.timestamp);
        bytes32 change = keccak256(abi.encode(root, manifestDigest, size, present, msg.sender));
        emit Anchored(_changes[Change.ANCHORING].append(change), root, manifestDigest, size, present, msg.sender);
    }

    function _setStatus(StatusChange calldata change) private {
        (bytes32 issuer, bytes32 digest, bytes32 next) = (change.issuer, change.digest, change.successor);
        if (!_ISSUER_REGISTRY.mayActFor(msg.sender, issuer)) revert DocumentRegistryNotIssuer(msg.sender, issuer);
        _requireFollows(_statusEntries[issuer][digest], digest, change.status);
        if ((change.status == Status.SUPERSEDED) != (next != 0) || next == digest) {
            revert DocumentRegistrySuccessorInvalid(digest, next);
        }
        if (next != 0) _successors[issuer][digest] = next;
        DatedList.Entry memory entry =
            _statusEntries[issuer][digest].record(uint32(change.status), change.reason, 0, 0);
        uint256 index = _changes[Change.STATUS].append(keccak256(abi.encode(issuer, digest, next, entry)));
        emit StatusChanged(index, issuer, digest, next, entry);
    }

    function _requireAnchoring() private view {
        (bytes32 authority,) = _AUTHORITY_REGISTRY.account(msg.sender);
        if (!_AUTHORITY_REGISTRY.mayAct(msg.sender, authority, IAuthorityRegistry.Role.ANCHOR)) {
            revert DocumentRegistryNotAnchoring(msg.sender);
        }
    }

    /// @dev Revoked ends all; superseded can only be revoked; reinstated follows suspended only.
    function _requireFollows(DatedList.Entry[] storage entries, bytes32 digest, Status next) private view {
        Status last = Status(entries.current());
        if (last == Status.REVOKED || (last == Status.SUPERSEDED && next != Status.REVOKED)) {
            revert DocumentRegistryStatusFinal(digest, last);
        }
        bool reinstates = next == Status.REINSTATED && last != Status.SUSPENDED;
        bool repeats = next == Status.SUSPENDED && last == Status.SUSPENDED;
        if (digest == 0 || next == Status.NONE || reinstates || repeats) {
            revert DocumentRegistryStatusInvalid(digest, next);
        }
    }
}
