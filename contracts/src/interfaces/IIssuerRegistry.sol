// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../DatedList.sol";

/// @title Who may issue which kinds of document, and with which keys
/// @notice An issuer has one accreditor: an authority of the consortium, or a body, which is an issuer that an
/// authority has authorized to accredit others. Facts are dated lists; nothing is deleted.
/// `effectiveFrom` 0 means now, nothing starts in the past; `effectiveUntil` 0 means without end.
/// Issuer ids start with the accreditor's country code and a dot. Kinds are left-aligned ASCII (`bill-of-lading`).
interface IIssuerRegistry {
    /// @notice The kinds of change that have a running hash each (`changes`).
    enum Change {
        ISSUER,
        ACCREDITATION,
        ACCOUNT,
        KEY,
        BODY,
        SCOPE,
        HOLD
    }

    /// @notice What an account may do for an issuer, by whose it is; each more than the one before.
    enum Power {
        NONE,
        ISSUER,
        BODY,
        AUTHORITY
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
    event BodyChanged(uint256 indexed index, bytes32 indexed body, DatedList.Entry entry);
    event ScopeChanged(
        uint256 indexed index, bytes32 indexed issuer, bytes32 indexed kind, bytes32 code, DatedList.Entry entry
    );
    /// @notice Who holds a suspension (code: Power; 0 released); thumbprint zero for that of the issuer itself.
    event HoldChanged(
        uint256 indexed index, bytes32 indexed issuer, bytes32 indexed thumbprint, DatedList.Entry entry
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
    /// @notice It is no body that may accredit now, or one that can be none, as its own accreditor is a body.
    error IssuerRegistryBodyInvalid(bytes32 body);
    /// @notice The body does not have that kind, or that code, throughout the term, or has it within closer limits.
    error IssuerRegistryBeyondBody(bytes32 issuer, bytes32 kindOrCode, bytes32 body);
    error IssuerRegistryScopeInvalid(bytes32 code);
    /// @notice Suspended by more power than that of who would reinstate it.
    error IssuerRegistryHeld(bytes32 issuer, bytes32 thumbprint, Power by);
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

    // --- by an ACT account of the authority above ------------------------------------------------------------------

    /// @notice Lets an issuer, entered by an authority, accredit others in the term, within what it has itself.
    /// Codes: 1 authorized, 0 ended.
    function authorizeBody(bytes32 body, uint64 effectiveFrom, uint64 effectiveUntil) external;

    function endBody(bytes32 body, uint64 effectiveFrom) external;

    // --- by the accreditor: an ACT account of the authority above, or the body's own account -----------------------

    /// @notice Enters a new issuer under `accreditor_`. Issuer codes: 1 active, 2 suspended.
    function addIssuer(bytes32 issuer, bytes32 accreditor_) external;

    /// @notice At once. What an authority has suspended, a body does not reinstate; an authority may also take over
    /// what a body has suspended, by suspending it again.
    function suspendIssuer(bytes32 issuer, uint32 reason) external;

    function reinstateIssuer(bytes32 issuer) external;

    /// @notice Accreditation codes: 1 accredited (detail: the limits), 0 ended. Without limits.
    function accredit(bytes32 issuer, bytes32[] calldata kinds_, uint64 effectiveFrom, uint64 effectiveUntil) external;

    /// @param limits sum of 1 agreements, 2 HS chapters, 4 ports: where the issuer is limited to the codes of its scope
    function accreditWithin(
        bytes32 issuer,
        bytes32[] calldata kinds_,
        uint32 limits,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) external;

    function endAccreditation(bytes32 issuer, bytes32 kind, uint64 effectiveFrom) external;

    /// @notice Codes are ids: `agreement.rcep`, `hs.84`, `port.cnsha`. Entry codes: 1 in scope (detail: the limit that
    /// it is of), 0 ended.
    function addScope(
        bytes32 issuer,
        bytes32 kind,
        bytes32[] calldata codes,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) external;

    function endScope(bytes32 issuer, bytes32 kind, bytes32 code, uint64 effectiveFrom) external;

    /// @notice The issuer's own chain account: for statuses, for suspending its keys and, if it is a body, for its
    /// issuers. Code 1: in use; 0: ended.
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

    /// @notice By the authority above only. Anchored at or after `since` with this key does not count. May only move
    /// earlier; 0 means now.
    function markCompromised(bytes32 thumbprint, uint64 since) external;

    // --- by the issuer's own account, or the accreditor ------------------------------------------------------------

    /// @notice At once.
    function suspendKey(bytes32 thumbprint, uint32 reason) external;

    // --- reads -----------------------------------------------------------------------------------------------------

    function issuers() external view returns (bytes32[] memory);

    /// @notice The authority or the body that the issuer was entered under; zero if it never was.
    function accreditor(bytes32 issuer) external view returns (bytes32);

    /// @notice The authority at the top: the accreditor, or that of the body.
    function authorityOf(bytes32 issuer) external view returns (bytes32);

    function bodyEntries(bytes32 body) external view returns (DatedList.Entry[] memory);

    /// @notice Who holds the issuer's suspension: Power.BODY, Power.AUTHORITY, or 0 when it was reinstated.
    function issuerHoldEntries(bytes32 issuer) external view returns (DatedList.Entry[] memory);

    function issuerEntries(bytes32 issuer) external view returns (DatedList.Entry[] memory);

    /// @notice Every kind the issuer was ever accredited for.
    function kinds(bytes32 issuer) external view returns (bytes32[] memory);

    function accreditationEntries(bytes32 issuer, bytes32 kind) external view returns (DatedList.Entry[] memory);

    /// @notice Every code that the issuer ever had for the kind.
    function scope(bytes32 issuer, bytes32 kind) external view returns (bytes32[] memory codes);

    function scopeEntries(bytes32 issuer, bytes32 kind, bytes32 code) external view returns (DatedList.Entry[] memory);

    /// @notice True if, as known at `knownAt`, an unbroken chain of accreditations up to an authority in office covered
    /// the issuer at `time` for the kind and all these codes; not where a link is limited and no code is given for it.
    function covers(bytes32 issuer, bytes32 kind, bytes32[] calldata codes, uint64 time, uint64 knownAt)
        external
        view
        returns (bool);

    function accounts(bytes32 issuer) external view returns (address[] memory);

    function accountIssuer(address account) external view returns (bytes32 issuer);

    function accountEntries(address account) external view returns (DatedList.Entry[] memory);

    function keys(bytes32 issuer) external view returns (bytes32[] memory thumbprints);

    function key(bytes32 thumbprint) external view returns (IssuerKey memory);

    function keyEntries(bytes32 thumbprint) external view returns (DatedList.Entry[] memory);

    /// @notice Who holds the key's suspension, as `issuerHoldEntries`.
    function keyHoldEntries(bytes32 thumbprint) external view returns (DatedList.Entry[] memory);

    /// @notice Code 4 entries, each earlier than the one before; effectiveFrom is *since*.
    function compromiseEntries(bytes32 thumbprint) external view returns (DatedList.Entry[] memory);

    /// @notice The most that `account` may do for the issuer now.
    function powerOver(address account, bytes32 issuer) external view returns (Power);

    /// @notice True if `account` is now the issuer's own, its body's, or an ACT account of its authority in office.
    function mayActFor(address account, bytes32 issuer) external view returns (bool);

    function changes(Change kind_) external view returns (uint256 count, bytes32 head);
}
