// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChangeLog} from "./ChangeLog.sol";
import {DatedList} from "./DatedList.sol";
import {Identifier} from "./Identifier.sol";
import {IAuthorityRegistry} from "./interfaces/IAuthorityRegistry.sol";
import {IIssuerRegistry} from "./interfaces/IIssuerRegistry.sol";
import {IssuerKeys} from "./IssuerKeys.sol";

/// @title Who may issue which kinds of document
contract IssuerRegistry is IssuerKeys {
    using ChangeLog for ChangeLog.Log;
    using DatedList for DatedList.Entry[];
    using Identifier for bytes32;

    uint32 private constant _ISSUER_ACTIVE = 1;
    uint32 private constant _ISSUER_SUSPENDED = 2;

    IAuthorityRegistry private immutable _AUTHORITY_REGISTRY;

    bytes32[] private _issuers;
    mapping(bytes32 issuer => bytes32) private _accreditors;
    mapping(bytes32 issuer => DatedList.Entry[]) private _issuerEntries;
    mapping(bytes32 issuer => bytes32[]) private _kinds;
    mapping(bytes32 issuer => mapping(bytes32 kind => DatedList.Entry[])) private _accreditationEntries;
    mapping(bytes32 issuer => address[]) private _accounts;
    mapping(address account => bytes32) private _accountIssuers;
    mapping(address account => DatedList.Entry[]) private _accountEntries;
    mapping(Change kind => ChangeLog.Log) private _changes;

    constructor(address authorityRegistry) {
        if (authorityRegistry.code.length == 0) revert IssuerRegistryNoContract(authorityRegistry);
        _AUTHORITY_REGISTRY = IAuthorityRegistry(authorityRegistry);
    }

    /// @inheritdoc IIssuerRegistry
    function addIssuer(bytes32 issuer, bytes32 accreditor_) external {
        if (!_isActing(msg.sender, accreditor_)) revert IssuerRegistryNotAccreditor(msg.sender, issuer);
        if (issuer.country() == 0 || issuer.country() != accreditor_.country()) {
            revert IssuerRegistryIdInvalid(issuer);
        }
        if (_accreditors[issuer] != 0) revert IssuerRegistryIssuerExists(issuer);
        _accreditors[issuer] = accreditor_;
        _issuers.push(issuer);
        _setIssuer(issuer, _ISSUER_ACTIVE, 0);
    }

    /// @inheritdoc IIssuerRegistry
    function suspendIssuer(bytes32 issuer, uint32 reason) external {
        _requireAccreditor(issuer);
        if (_issuerEntries[issuer].current() != _ISSUER_ACTIVE) revert IssuerRegistryIssuerSuspended(issuer);
        _setIssuer(issuer, _ISSUER_SUSPENDED, reason);
    }

    /// @inheritdoc IIssuerRegistry
    function reinstateIssuer(bytes32 issuer) external {
        _requireAccreditor(issuer);
        if (_issuerEntries[issuer].current() != _ISSUER_SUSPENDED) revert IssuerRegistryIssuerNotSuspended(issuer);
        _setIssuer(issuer, _ISSUER_ACTIVE, 0);
    }

    /// @inheritdoc IIssuerRegistry
    function accredit(bytes32 issuer, bytes32[] calldata kinds_, uint64 effectiveFrom, uint64 effectiveUntil)
        external
    {
        _requireAccreditor(issuer);
        if (kinds_.length == 0) revert IssuerRegistryKindInvalid(0);
        for (uint256 i = 0; i < kinds_.length; ++i) {
            bytes32 kind = kinds_[i];
            if (!kind.isValid()) revert IssuerRegistryKindInvalid(kind);
            DatedList.Entry[] storage entries = _accreditationEntries[issuer][kind];
            if (entries.length == 0) _kinds[issuer].push(kind);
            _logAccreditation(issuer, kind, entries.record(1, 0, effectiveFrom, effectiveUntil));
        }
    }

    /// @inheritdoc IIssuerRegistry
    function endAccreditation(bytes32 issuer, bytes32 kind, uint64 effectiveFrom) external {
        _requireAccreditor(issuer);
        DatedList.Entry[] storage entries = _accreditationEntries[issuer][kind];
        if (entries.length == 0) revert IssuerRegistryAccreditationUnknown(issuer, kind);
        _logAccreditation(issuer, kind, entries.end(effectiveFrom));
    }

    /// @inheritdoc IIssuerRegistry
    function addAccount(bytes32 issuer, address account, uint64 effectiveFrom, uint64 effectiveUntil) external {
        _requireAccreditor(issuer);
        if (account == address(0)) revert IssuerRegistryAccountInvalid(account);
        if (_accountIssuers[account] != 0) revert IssuerRegistryAccountTaken(account);
        _accountIssuers[account] = issuer;
        _accounts[issuer].push(account);
        _logAccount(issuer, account, _accountEntries[account].record(1, 0, effectiveFrom, effectiveUntil));
    }

    /// @inheritdoc IIssuerRegistry
    function endAccount(address account, uint64 effectiveFrom) external {
        bytes32 issuer = _accountIssuers[account];
        if (issuer == 0) revert IssuerRegistryAccountUnknown(account);
        _requireAccreditor(issuer);
        _logAccount(issuer, account, _accountEntries[account].end(effectiveFrom));
    }

    /// @inheritdoc IIssuerRegistry
    function issuers() external view returns (bytes32[] memory) {
        return _issuers;
    }

    /// @inheritdoc IIssuerRegistry
    function accreditor(bytes32 issuer) external view returns (bytes32) {
        return _accreditors[issuer];
    }

    /// @inheritdoc IIssuerRegistry
    function issuerEntries(bytes32 issuer) external view returns (DatedList.Entry[] memory) {
        return _issuerEntries[issuer];
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
    function accounts(bytes32 issuer) external view returns (address[] memory) {
        return _accounts[issuer];
    }

    /// @inheritdoc IIssuerRegistry
    function accountIssuer(address account) external view returns (bytes32 issuer) {
        return _accountIssuers[account];
    }

    /// @inheritdoc IIssuerRegistry
    function accountEntries(address account) external view returns (DatedList.Entry[] memory) {
        return _accountEntries[account];
    }

    /// @inheritdoc IIssuerRegistry
    function changes(Change kind_) external view returns (uint256 count, bytes32 head) {
        return (_changes[kind_].count, _changes[kind_].head);
    }

    /// @inheritdoc IIssuerRegistry
    function mayActFor(address account, bytes32 issuer) public view override returns (bool) {
        if (_accreditors[issuer] == 0) return false;
        if (_accountIssuers[account] == issuer && _accountEntries[account].current() == 1) return true;
        return _isActing(account, _accreditors[issuer]);
    }

    function _append(Change kind, bytes32 change) internal override returns (uint256 index) {
        return _changes[kind].append(change);
    }

    function _requireAccreditor(bytes32 issuer) internal view override {
        if (_accreditors[issuer] == 0) revert IssuerRegistryIssuerUnknown(issuer);
        if (!_isActing(msg.sender, _accreditors[issuer])) revert IssuerRegistryNotAccreditor(msg.sender, issuer);
    }

    function _setIssuer(bytes32 issuer, uint32 code, uint32 reason) private {
        DatedList.Entry memory entry = _issuerEntries[issuer].record(code, reason, 0, 0);
        bytes32 accreditor_ = _accreditors[issuer];
        uint256 index = _append(Change.ISSUER, keccak256(abi.encode(issuer, accreditor_, entry)));
        emit IssuerChanged(index, issuer, accreditor_, entry);
    }

    function _logAccreditation(bytes32 issuer, bytes32 kind, DatedList.Entry memory entry) private {
        uint256 index = _append(Change.ACCREDITATION, keccak256(abi.encode(issuer, kind, entry)));
        emit AccreditationChanged(index, issuer, kind, entry);
    }

    function _logAccount(bytes32 issuer, address account, DatedList.Entry memory entry) private {
        uint256 index = _append(Change.ACCOUNT, keccak256(abi.encode(issuer, account, entry)));
        emit AccountChanged(index, issuer, account, entry);
    }

    function _isActing(address account, bytes32 authority) private view returns (bool) {
        return _AUTHORITY_REGISTRY.mayAct(account, authority, IAuthorityRegistry.Role.ACT);
    }
}
