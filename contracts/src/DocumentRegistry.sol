// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChangeLog} from "./ChangeLog.sol";
import {DatedList} from "./DatedList.sol";
import {Intents} from "./Intents.sol";
import {IAuthorityRegistry} from "./interfaces/IAuthorityRegistry.sol";
import {IDocumentRegistry} from "./interfaces/IDocumentRegistry.sol";
import {IIssuerRegistry} from "./interfaces/IIssuerRegistry.sol";

/// @title What was anchored when, and what became of a document
contract DocumentRegistry is IDocumentRegistry, Intents {
    using ChangeLog for ChangeLog.Log;
    using DatedList for DatedList.Entry[];

    IAuthorityRegistry private immutable _AUTHORITY_REGISTRY;
    IIssuerRegistry private immutable _ISSUER_REGISTRY;

    mapping(bytes32 batch => Anchoring) private _anchorings;
    mapping(bytes32 issuer => mapping(bytes32 digest => DatedList.Entry[])) private _statusEntries;
    mapping(bytes32 issuer => mapping(bytes32 digest => bytes32)) private _successors;
    mapping(bytes32 issuer => mapping(bytes32 digest => DatedList.Entry[])) private _holdEntries;
    mapping(Change kind => ChangeLog.Log) private _changes;

    constructor(address authorityRegistry, address issuerRegistry) Intents("Portseal DocumentRegistry") {
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
    function holdEntries(bytes32 issuer, bytes32 digest) external view returns (DatedList.Entry[] memory) {
        return _holdEntries[issuer][digest];
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
        anchored.account = _actor();
        anchored.anchoredAt = uint96(block.timestamp);
        uint64 present = uint64(block.timestamp);
        bytes32 change = keccak256(abi.encode(root, manifestDigest, size, present, _actor()));
        emit Anchored(_changes[Change.ANCHORING].append(change), root, manifestDigest, size, present, _actor());
    }

    function _setStatus(StatusChange calldata change) private {
        (bytes32 issuer, bytes32 digest, bytes32 next) = (change.issuer, change.digest, change.successor);
        if (!_ISSUER_REGISTRY.mayActFor(_actor(), issuer)) revert DocumentRegistryNotIssuer(_actor(), issuer);
        _requireFollows(issuer, digest, change.status);
        if ((change.status == Status.SUPERSEDED) != (next != 0) || next == digest) {
            revert DocumentRegistrySuccessorInvalid(digest, next);
        }
        if (next != 0) _successors[issuer][digest] = next;
        _setHold(issuer, digest, change.status);
        DatedList.Entry memory entry =
            _statusEntries[issuer][digest].record(uint32(change.status), change.reason, 0, 0);
        uint256 index = _changes[Change.STATUS].append(keccak256(abi.encode(issuer, digest, next, entry)));
        emit StatusChanged(index, issuer, digest, next, entry);
    }

    /// @dev Suspending remembers who suspended, where that was more than the issuer itself; reinstating needs as much.
    function _setHold(bytes32 issuer, bytes32 digest, Status next) private {
        if (next != Status.SUSPENDED && next != Status.REINSTATED) return;
        IIssuerRegistry.Power power = _ISSUER_REGISTRY.powerOver(_actor(), issuer);
        DatedList.Entry[] storage holds = _holdEntries[issuer][digest];
        IIssuerRegistry.Power held = IIssuerRegistry.Power(holds.current());
        bool suspended = Status(_statusEntries[issuer][digest].current()) == Status.SUSPENDED;
        if (next == Status.REINSTATED) {
            if (power < held) revert DocumentRegistryHeld(digest, held);
            if (held != IIssuerRegistry.Power.NONE) _logHold(issuer, digest, holds.record(0, 0, 0, 0));
        } else if (power > IIssuerRegistry.Power.ISSUER) {
            if (suspended && power <= held) revert DocumentRegistryStatusInvalid(digest, next);
            _logHold(issuer, digest, holds.record(uint32(power), 0, 0, 0));
        } else if (suspended) {
            revert DocumentRegistryStatusInvalid(digest, next);
        }
    }

    function _logHold(bytes32 issuer, bytes32 digest, DatedList.Entry memory entry) private {
        uint256 index = _changes[Change.HOLD].append(keccak256(abi.encode(issuer, digest, entry)));
        emit HoldChanged(index, issuer, digest, entry);
    }

    function _requireAnchoring() private view {
        (bytes32 authority,) = _AUTHORITY_REGISTRY.account(_actor());
        if (!_AUTHORITY_REGISTRY.mayAct(_actor(), authority, IAuthorityRegistry.Role.ANCHOR)) {
            revert DocumentRegistryNotAnchoring(_actor());
        }
    }

    /// @dev Revoked ends all; superseded can only be revoked; reinstated follows suspended only.
    function _requireFollows(bytes32 issuer, bytes32 digest, Status next) private view {
        Status last = Status(_statusEntries[issuer][digest].current());
        if (last == Status.REVOKED || (last == Status.SUPERSEDED && next != Status.REVOKED)) {
            revert DocumentRegistryStatusFinal(digest, last);
        }
        bool reinstates = next == Status.REINSTATED && last != Status.SUSPENDED;
        if (digest == 0 || next == Status.NONE || reinstates) {
            revert DocumentRegistryStatusInvalid(digest, next);
        }
    }
}
