// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../DatedList.sol";
import {IIssuerRegistry} from "./IIssuerRegistry.sol";

/// @title What was anchored when, and what became of a document
/// @notice A batch is named keccak256(abi.encode(root, size, manifestDigest)): nobody can spoil a root by anchoring
/// it first. Anchoring the same triple again does nothing.
interface IDocumentRegistry {
    /// @notice The kinds of change that have a running hash each (`changes`).
    enum Change {
        ANCHORING,
        STATUS,
        HOLD
    }

    enum Status {
        NONE,
        REVOKED,
        SUSPENDED,
        REINSTATED,
        SUPERSEDED
    }

    struct Batch {
        bytes32 root;
        uint64 size;
        bytes32 manifestDigest;
    }

    /// @dev One slot: address in the low 160 bits, then the time.
    struct Anchoring {
        address account;
        uint96 anchoredAt;
    }

    /// @param reason a code of the published table of reasons; 0 = not stated
    /// @param successor the digest of the document that takes its place; only with SUPERSEDED, else zero
    struct StatusChange {
        bytes32 issuer;
        bytes32 digest;
        Status status;
        uint32 reason;
        bytes32 successor;
    }

    event Anchored(
        uint256 indexed index,
        bytes32 indexed root,
        bytes32 indexed manifestDigest,
        uint64 size,
        uint64 anchoredAt,
        address account
    );
    event StatusChanged(
        uint256 indexed index,
        bytes32 indexed issuer,
        bytes32 indexed digest,
        bytes32 successor,
        DatedList.Entry entry
    );

    /// @notice Who holds a suspension (code: IIssuerRegistry.Power; 0 released).
    event HoldChanged(uint256 indexed index, bytes32 indexed issuer, bytes32 indexed digest, DatedList.Entry entry);

    error DocumentRegistryNoContract(address account);
    error DocumentRegistryNotAnchoring(address account);
    error DocumentRegistryNotIssuer(address account, bytes32 issuer);
    error DocumentRegistryBatchInvalid(bytes32 root, uint64 size, bytes32 manifestDigest);
    error DocumentRegistryStatusInvalid(bytes32 digest, Status status);
    /// @notice Suspended by more power than that of who would reinstate it.
    error DocumentRegistryHeld(bytes32 digest, IIssuerRegistry.Power by);
    error DocumentRegistryStatusFinal(bytes32 digest, Status status);
    error DocumentRegistrySuccessorInvalid(bytes32 digest, bytes32 successor);

    // --- by an account with role ANCHOR of an authority in office --------------------------------------------------

    function anchor(bytes32 root, uint64 size, bytes32 manifestDigest) external;

    function anchorMany(Batch[] calldata batches) external;

    // --- by the issuer's account, its body's, or an ACT account of its authority -----------------------------------

    /// @notice Effective in its block. Revoked is final; superseded can still be revoked. What was suspended by more
    /// than the issuer itself, less does not reinstate; more may suspend again what less has suspended.
    function setStatus(StatusChange calldata change) external;

    function setStatuses(StatusChange[] calldata changes_) external;

    // --- reads -----------------------------------------------------------------------------------------------------

    /// @notice anchoredAt is 0 if the batch was never anchored.
    function anchoring(bytes32 root, uint64 size, bytes32 manifestDigest) external view returns (Anchoring memory);

    /// @notice Entry code: the status; detail: the reason.
    function statusEntries(bytes32 issuer, bytes32 digest) external view returns (DatedList.Entry[] memory);

    /// @notice Who holds the suspension, where that is more than the issuer: Power.BODY, Power.AUTHORITY, 0 released.
    function holdEntries(bytes32 issuer, bytes32 digest) external view returns (DatedList.Entry[] memory);

    function successor(bytes32 issuer, bytes32 digest) external view returns (bytes32);

    function changes(Change kind) external view returns (uint256 count, bytes32 head);
}
