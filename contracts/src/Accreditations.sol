// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "./DatedList.sol";
import {Identifier} from "./Identifier.sol";
import {IIssuerRegistry} from "./interfaces/IIssuerRegistry.sol";
import {IssuerParties} from "./IssuerParties.sol";

/// @title For which kinds of document, and within which scope, an issuer is accredited
/// @notice What a body grants lies within what it has itself for the whole of the term; what the body loses later, its
/// issuers lose with it (`covers`).
abstract contract Accreditations is IssuerParties {
    using DatedList for DatedList.Entry[];
    using Identifier for bytes32;

    uint32 private constant _AGREEMENT = 1;
    uint32 private constant _HS_CHAPTER = 2;
    uint32 private constant _PORT = 4;

    mapping(bytes32 issuer => bytes32[]) private _kinds;
    mapping(bytes32 issuer => mapping(bytes32 kind => DatedList.Entry[])) private _accreditationEntries;
    mapping(bytes32 issuer => mapping(bytes32 kind => bytes32[])) private _scope;
    mapping(bytes32 issuer => mapping(bytes32 kind => mapping(bytes32 code => DatedList.Entry[]))) private
        _scopeEntries;

    /// @inheritdoc IIssuerRegistry
    function accredit(bytes32 issuer, bytes32[] calldata kinds_, uint64 effectiveFrom, uint64 effectiveUntil)
        external
    {
        _accredit(issuer, kinds_, 0, effectiveFrom, effectiveUntil);
    }

    /// @inheritdoc IIssuerRegistry
    function accreditWithin(
        bytes32 issuer,
        bytes32[] calldata kinds_,
        uint32 limits,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) external {
        _accredit(issuer, kinds_, limits, effectiveFrom, effectiveUntil);
    }

    /// @inheritdoc IIssuerRegistry
    function endAccreditation(bytes32 issuer, bytes32 kind, uint64 effectiveFrom) external {
        _requireAccreditor(issuer);
        DatedList.Entry[] storage entries = _accreditationEntries[issuer][kind];
        if (entries.length == 0) revert IssuerRegistryAccreditationUnknown(issuer, kind);
        _logAccreditation(issuer, kind, entries.end(effectiveFrom));
    }

    /// @inheritdoc IIssuerRegistry
    function addScope(
        bytes32 issuer,
        bytes32 kind,
        bytes32[] calldata codes,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) external {
        _requireAccreditor(issuer);
        if (_accreditationEntries[issuer][kind].length == 0) revert IssuerRegistryAccreditationUnknown(issuer, kind);
        for (uint256 i = 0; i < codes.length; ++i) {
            uint32 limit = _limitOf(codes[i]);
            DatedList.Entry[] storage entries = _scopeEntries[issuer][kind][codes[i]];
            if (entries.length == 0) _scope[issuer][kind].push(codes[i]);
            DatedList.Entry memory entry = entries.record(1, limit, effectiveFrom, effectiveUntil);
            _requireScopeOfBody(issuer, kind, codes[i], entry);
            _logScope(issuer, kind, codes[i], entry);
        }
    }

    /// @inheritdoc IIssuerRegistry
    function endScope(bytes32 issuer, bytes32 kind, bytes32 code, uint64 effectiveFrom) external {
        _requireAccreditor(issuer);
        DatedList.Entry[] storage entries = _scopeEntries[issuer][kind][code];
        if (entries.length == 0) revert IssuerRegistryScopeInvalid(code);
        _logScope(issuer, kind, code, entries.end(effectiveFrom));
    }

    /// @inheritdoc IIssuerRegistry
    function kinds(bytes32 issuer) external view returns (bytes32[] memory) {
        return _kinds[issuer];
    }

    /// @inheritdoc IIssuerRegistry
    function accreditationEntries(bytes32 issuer, bytes32 kind) external view returns (DatedList.Entry[] memory) {
        return _accreditationEntries[issuer][kind];
    }

    /// @inheritdoc IIssuerRegistry
    function scope(bytes32 issuer, bytes32 kind) external view returns (bytes32[] memory codes) {
        return _scope[issuer][kind];
    }

    /// @inheritdoc IIssuerRegistry
    function scopeEntries(bytes32 issuer, bytes32 kind, bytes32 code)
        external
        view
        returns (DatedList.Entry[] memory)
    {
        return _scopeEntries[issuer][kind][code];
    }

    /// @inheritdoc IIssuerRegistry
    function covers(bytes32 issuer, bytes32 kind, bytes32[] calldata codes, uint64 time, uint64 knownAt)
        external
        view
        returns (bool)
    {
        (bytes32 body, bytes32 authority) = (accreditor(issuer), authorityOf(issuer));
        if (!_AUTHORITY_REGISTRY.inOffice(authority, time, knownAt)) return false;
        if (!_covers(issuer, kind, codes, time, knownAt)) return false;
        return body == authority || (_isBodyAt(body, time, knownAt) && _covers(body, kind, codes, time, knownAt));
    }

    function _accredit(
        bytes32 issuer,
        bytes32[] calldata kinds_,
        uint32 limits,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) private {
        _requireAccreditor(issuer);
        if (kinds_.length == 0) revert IssuerRegistryKindInvalid(0);
        if (limits > (_AGREEMENT | _HS_CHAPTER | _PORT)) revert IssuerRegistryScopeInvalid(bytes32(uint256(limits)));
        for (uint256 i = 0; i < kinds_.length; ++i) {
            bytes32 kind = kinds_[i];
            if (!kind.isValid()) revert IssuerRegistryKindInvalid(kind);
            DatedList.Entry[] storage entries = _accreditationEntries[issuer][kind];
            if (entries.length == 0) _kinds[issuer].push(kind);
            DatedList.Entry memory entry = entries.record(1, limits, effectiveFrom, effectiveUntil);
            _requireKindOfBody(issuer, kind, entry);
            _logAccreditation(issuer, kind, entry);
        }
    }

    function _logAccreditation(bytes32 issuer, bytes32 kind, DatedList.Entry memory entry) private {
        uint256 index = _append(Change.ACCREDITATION, keccak256(abi.encode(issuer, kind, entry)));
        emit AccreditationChanged(index, issuer, kind, entry);
    }

    function _logScope(bytes32 issuer, bytes32 kind, bytes32 code, DatedList.Entry memory entry) private {
        uint256 index = _append(Change.SCOPE, keccak256(abi.encode(issuer, kind, code, entry)));
        emit ScopeChanged(index, issuer, kind, code, entry);
    }

    /// @dev A body grants a kind only as it has it: for the whole term, and with no limit of its own left out.
    function _requireKindOfBody(bytes32 issuer, bytes32 kind, DatedList.Entry memory term) private view {
        bytes32 body = accreditor(issuer);
        if (body == authorityOf(issuer)) return;
        bool within = _accreditationEntries[body][kind].holds(term.effectiveFrom, term.effectiveUntil, term.detail);
        if (!within || !_isBodyThroughout(body, term)) revert IssuerRegistryBeyondBody(issuer, kind, body);
    }

    /// @dev A body grants a code that it has itself, or any where it is not limited.
    function _requireScopeOfBody(bytes32 issuer, bytes32 kind, bytes32 code, DatedList.Entry memory term)
        private
        view
    {
        bytes32 body = accreditor(issuer);
        if (body == authorityOf(issuer)) return;
        (uint64 from, uint64 until) = (term.effectiveFrom, term.effectiveUntil);
        bool unlimited = _accreditationEntries[body][kind].holds(from, until, ~term.detail);
        bool has = unlimited || _scopeEntries[body][kind][code].holds(from, until, term.detail);
        if (!has || !_isBodyThroughout(body, term)) revert IssuerRegistryBeyondBody(issuer, code, body);
    }

    /// @dev By the issuer's own lists. Where it is limited, one code at least must be given, and each must be in force.
    function _covers(bytes32 issuer, bytes32 kind, bytes32[] calldata codes, uint64 time, uint64 knownAt)
        private
        view
        returns (bool)
    {
        (uint32 code, uint32 limits) = _accreditationEntries[issuer][kind].at(time, knownAt);
        if (code != 1 || !_isActiveAt(issuer, time, knownAt)) return false;
        return _meets(limits, _scopeEntries[issuer][kind], codes, time, knownAt);
    }

    function _meets(
        uint32 limits,
        mapping(bytes32 code => DatedList.Entry[]) storage entries,
        bytes32[] calldata codes,
        uint64 time,
        uint64 knownAt
    ) private view returns (bool) {
        uint32 met = 0;
        for (uint256 i = 0; i < codes.length; ++i) {
            uint32 limit = _limitOf(codes[i]);
            if (limits & limit == 0) continue;
            (uint32 granted,) = entries[codes[i]].at(time, knownAt);
            if (granted != 1) return false;
            met |= limit;
        }
        return met == limits;
    }

    function _limitOf(bytes32 code) private pure returns (uint32) {
        if (code.isValid()) {
            if (bytes10(code) == "agreement.") return _AGREEMENT;
            if (bytes3(code) == "hs.") return _HS_CHAPTER;
            if (bytes5(code) == "port.") return _PORT;
        }
        revert IssuerRegistryScopeInvalid(code);
    }
}
