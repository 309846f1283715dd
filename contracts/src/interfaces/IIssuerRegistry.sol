// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../DatedList.sol";

/// @title Who may issue which kinds of document, and with which keys
/// @notice An issuer has one accreditor, an authority of the consortium. Facts are dated lists; nothing is deleted.
/// `effectiveFrom` 0 means now, nothing starts in the past; `effectiveUntil` 0 means without end.
/// Issuer ids start with the accreditor's country code and a dot. Kinds are left-aligned ASCII (`bill-of-lading`).
interface IIssuerRegistry {
    /// @notice The kinds of change that have a running hash each (`changes`).
    enum Change {
        ISSUER,
        ACCREDITATION,
        ACCOUNT,
        KEY
    }

    struct IssuerKey {
        bytes32 issuer;
        bytes32 x;
        bytes32 y;
        uint256 algorithm;
    }

    event IssuerChanged(
        uint256 indexed index, bytes32 indexed issuer, bytes32 indexed accreditor, DatedList.Entry entry
    );
    event AccreditationChanged(
        uint256 indexed index, bytes32 indexed issuer, bytes32 indexed kind, DatedList.Entry entry
    );
    event AccountChanged(
        uint256 indexed index, bytes32 indexed issuer, address indexed account, DatedList.Entry entry
    );
    /// @notice Also for *compromised since* (code 4).
    event KeyChanged(
        uint256 indexed index, bytes32 indexed issuer, bytes32 indexed thumbprint, DatedList.Entry entry
    );

    error IssuerRegistryNoContract(address account);
    error IssuerRegistryNotAccreditor(address account, bytes32 issuer);
    error IssuerRegistryNotIssuer(address account, bytes32 issuer);
    error IssuerRegistryIdInvalid(bytes32 issuer);
    error IssuerRegistryIssuerExists(bytes32 issuer);
    error IssuerRegistryIssuerUnknown(bytes32 issuer);
    error IssuerRegistryIssuerSuspended(bytes32 issuer);
    error IssuerRegistryIssuerNotSuspended(bytes32 issuer);
    error IssuerRegistryKindInvalid(bytes32 kind);
    error IssuerRegistryAccreditationUnknown(bytes32 issuer, bytes32 kind);
    error IssuerRegistryAccountInvalid(address account);
    error IssuerRegistryAccountTaken(address account);
    error IssuerRegistryAccountUnknown(address account);
    error IssuerRegistryKeyInvalid(bytes32 thumbprint);
    error IssuerRegistryKeyTaken(bytes32 thumbprint);
    error IssuerRegistryKeyUnknown(bytes32 thumbprint);
    error IssuerRegistryKeySuspended(bytes32 thumbprint);
    error IssuerRegistryKeyNotSuspended(bytes32 thumbprint);
    /// @notice The key's term is over (or it is compromised, for `reinstateKey`).
    error IssuerRegistryKeyRetired(bytes32 thumbprint);
    error IssuerRegistrySinceInFuture(uint64 since, uint64 present);
    error IssuerRegistrySinceNotEarlier(uint64 since, uint64 earliest);

    // --- by an ACT account of the accreditor -----------------------------------------------------------------------

    /// @notice Enters a new issuer under `accreditor_`. Issuer codes: 1 active, 2 suspended.
    function addIssuer(bytes32 issuer, bytes32 accreditor_) external;

    function suspendIssuer(bytes32 issuer, uint32 reason) external;

    function reinstateIssuer(bytes32 issuer) external;

    /// @notice Accreditation codes: 1 accredited, 0 ended.
    function accredit(bytes32 issuer, bytes32[] calldata kinds_, uint64 effectiveFrom, uint64 effectiveUntil) external;

    function endAccreditation(bytes32 issuer, bytes32 kind, uint64 effectiveFrom) external;

    /// @notice The issuer's own chain account, for statuses and for suspending its keys. Code 1: in use; 0: ended.
    function addAccount(bytes32 issuer, address account, uint64 effectiveFrom, uint64 effectiveUntil) external;

    function endAccount(address account, uint64 effectiveFrom) external;

    /// @notice Key codes: 1 active, 2 retired, 3 suspended. A thumbprint is registered once only.
    /// @param algorithm 1 = ES256, 2 = Ed25519; x and y as in the JWK, y zero for Ed25519
    function addKey(
        bytes32 issuer,
        bytes32 thumbprint,
        uint256 algorithm,
        bytes32 x,
        bytes32 y,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) external;

    function retireKey(bytes32 thumbprint, uint64 effectiveFrom) external;

    function reinstateKey(bytes32 thumbprint) external;

    /// @notice Anchored at or after `since` with this key does not count. May only move earlier; 0 means now.
    function markCompromised(bytes32 thumbprint, uint64 since) external;

    // --- by the issuer's own account, or an ACT account of the accreditor ------------------------------------------

    /// @notice At once.
    function suspendKey(bytes32 thumbprint, uint32 reason) external;

    // --- reads -----------------------------------------------------------------------------------------------------

    function issuers() external view returns (bytes32[] memory);

    function accreditor(bytes32 issuer) external view returns (bytes32);

    function issuerEntries(bytes32 issuer) external view returns (DatedList.Entry[] memory);

    /// @notice Every kind the issuer was ever accredited for.
    function kinds(bytes32 issuer) external view returns (bytes32[] memory);

    function accreditationEntries(bytes32 issuer, bytes32 kind) external view returns (DatedList.Entry[] memory);

    function accounts(bytes32 issuer) external view returns (address[] memory);

    function accountIssuer(address account) external view returns (bytes32 issuer);

    function accountEntries(address account) external view returns (DatedList.Entry[] memory);

    function keys(bytes32 issuer) external view returns (bytes32[] memory thumbprints);

    function key(bytes32 thumbprint) external view returns (IssuerKey memory);

    function keyEntries(bytes32 thumbprint) external view returns (DatedList.Entry[] memory);

    /// @notice Code 4 entries, each earlier than the one before; effectiveFrom is *since*.
    function compromiseEntries(bytes32 thumbprint) external view returns (DatedList.Entry[] memory);

    /// @notice True if `account` is now the issuer's own, or an ACT account of its accreditor in office.
    function mayActFor(address account, bytes32 issuer) external view returns (bool);

    function changes(Change kind_) external view returns (uint256 count, bytes32 head);
}
