// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChangeLog} from "./ChangeLog.sol";
import {DatedList} from "./DatedList.sol";
import {Identifier} from "./Identifier.sol";
import {Intents} from "./Intents.sol";
import {IAuthorityRegistry} from "./interfaces/IAuthorityRegistry.sol";
import {IIssuerRegistry} from "./interfaces/IIssuerRegistry.sol";

/// @title Issuers and the bodies among them, their accounts, and who has power over whom
/// @notice The chain is authority -> issuer or authority -> body -> issuer; a body makes no further bodies.
abstract contract IssuerParties is IIssuerRegistry, Intents {
    using ChangeLog for ChangeLog.Log;
    using DatedList for DatedList.Entry[];
    using Identifier for bytes32;

    uint32 internal constant _ISSUER_ACTIVE = 1;
    uint32 internal constant _ISSUER_SUSPENDED = 2;

    IAuthorityRegistry internal immutable _AUTHORITY_REGISTRY;

    bytes32[] private _issuers;
    mapping(bytes32 issuer => bytes32) private _accreditors;
    mapping(bytes32 issuer => bytes32) private _authorities;
    mapping(bytes32 issuer => DatedList.Entry[]) private _issuerEntries;
    mapping(bytes32 issuer => DatedList.Entry[]) private _issuerHoldEntries;
    mapping(bytes32 body => DatedList.Entry[]) private _bodyEntries;
    mapping(bytes32 issuer => address[]) private _accounts;
    mapping(address account => bytes32) private _accountIssuers;
    mapping(address account => DatedList.Entry[]) private _accountEntries;
    mapping(Change kind => ChangeLog.Log) private _changes;

    constructor(address authorityRegistry) Intents("Portseal IssuerRegistry") {
        if (authorityRegistry.code.length == 0) revert IssuerRegistryNoContract(authorityRegistry);
        _AUTHORITY_REGISTRY = IAuthorityRegistry(authorityRegistry);
    }

    /// @inheritdoc IIssuerRegistry
    function addIssuer(bytes32 issuer, bytes32 accreditor_) external {
        bytes32 authority = _authorities[accreditor_];
        // An id that an authority bears means the authority.
        (bytes2 country,) = _AUTHORITY_REGISTRY.authority(accreditor_);
        if (country != 0 || authority == 0) authority = accreditor_;
        bool byBody = authority != accreditor_ && _isBodyOf(_actor(), accreditor_);
        if (!byBody && !_isActing(_actor(), authority)) revert IssuerRegistryNotAccreditor(_actor(), issuer);
        if (issuer.country() == 0 || issuer.country() != accreditor_.country()) {
            revert IssuerRegistryIdInvalid(issuer);
        }
        if (_accreditors[issuer] != 0) revert IssuerRegistryIssuerExists(issuer);
        if (authority != accreditor_ && !_isBody(accreditor_)) revert IssuerRegistryBodyInvalid(accreditor_);
        _accreditors[issuer] = accreditor_;
        _authorities[issuer] = authority;
        _issuers.push(issuer);
        _setIssuer(issuer, _ISSUER_ACTIVE, 0);
    }

    /// @inheritdoc IIssuerRegistry
    function suspendIssuer(bytes32 issuer, uint32 reason) external {
        Power power = _requireAccreditor(issuer);
        bool suspended = _issuerEntries[issuer].current() != _ISSUER_ACTIVE;
        if (suspended && uint32(power) <= _issuerHoldEntries[issuer].current()) {
            revert IssuerRegistryIssuerSuspended(issuer);
        }
        _setIssuer(issuer, _ISSUER_SUSPENDED, reason);
        _hold(_issuerHoldEntries[issuer], issuer, 0, power);
    }

    /// @inheritdoc IIssuerRegistry
    function reinstateIssuer(bytes32 issuer) external {
        Power power = _requireAccreditor(issuer);
        if (_issuerEntries[issuer].current() != _ISSUER_SUSPENDED) revert IssuerRegistryIssuerNotSuspended(issuer);
        _release(_issuerHoldEntries[issuer], issuer, 0, power);
        _setIssuer(issuer, _ISSUER_ACTIVE, 0);
    }

    /// @inheritdoc IIssuerRegistry
    function authorizeBody(bytes32 body, uint64 effectiveFrom, uint64 effectiveUntil) external {
        _requireAuthority(body);
        if (_accreditors[body] != _authorities[body]) revert IssuerRegistryBodyInvalid(body);
        _logBody(body, _bodyEntries[body].record(1, 0, effectiveFrom, effectiveUntil));
    }

    /// @inheritdoc IIssuerRegistry
    function endBody(bytes32 body, uint64 effectiveFrom) external {
        _requireAuthority(body);
        if (_bodyEntries[body].length == 0) revert IssuerRegistryBodyInvalid(body);
        _logBody(body, _bodyEntries[body].end(effectiveFrom));
    }

    /// @inheritdoc IIssuerRegistry
    function addAccount(bytes32 issuer, address account, uint64 effectiveFrom, uint64 effectiveUntil) external {
        _requireAccreditor(issuer);
        if (account == address(0) || account == address(this)) revert IssuerRegistryAccountInvalid(account);
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
    function issuerEntries(bytes32 issuer) external view returns (DatedList.Entry[] memory) {
        return _issuerEntries[issuer];
    }

    /// @inheritdoc IIssuerRegistry
    function issuerHoldEntries(bytes32 issuer) external view returns (DatedList.Entry[] memory) {
        return _issuerHoldEntries[issuer];
    }

    /// @inheritdoc IIssuerRegistry
    function bodyEntries(bytes32 body) external view returns (DatedList.Entry[] memory) {
        return _bodyEntries[body];
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
    function mayActFor(address account, bytes32 issuer) external view returns (bool) {
        return _isOwn(account, issuer) || powerOver(account, issuer) != Power.NONE;
    }

    /// @inheritdoc IIssuerRegistry
    function accreditor(bytes32 issuer) public view returns (bytes32) {
        return _accreditors[issuer];
    }

    /// @inheritdoc IIssuerRegistry
    function authorityOf(bytes32 issuer) public view returns (bytes32) {
        return _authorities[issuer];
    }

    /// @inheritdoc IIssuerRegistry
    function powerOver(address account, bytes32 issuer) public view returns (Power) {
        bytes32 authority = _authorities[issuer];
        if (authority == 0) return Power.NONE;
        if (_isActing(account, authority)) return Power.AUTHORITY;
        bytes32 body = _accreditors[issuer];
        if (body != authority && _isBodyOf(account, body)) return Power.BODY;
        return _isOwn(account, issuer) ? Power.ISSUER : Power.NONE;
    }

    function _append(Change kind, bytes32 change) internal returns (uint256 index) {
        return _changes[kind].append(change);
    }

    /// @dev Remembers who suspended, where that was more than the issuer itself.
    function _hold(DatedList.Entry[] storage holds, bytes32 issuer, bytes32 thumbprint, Power power) internal {
        if (power > Power.ISSUER) _logHold(issuer, thumbprint, holds.record(uint32(power), 0, 0, 0));
    }

    /// @dev Nobody reinstates what was suspended by more power than they have.
    function _release(DatedList.Entry[] storage holds, bytes32 issuer, bytes32 thumbprint, Power power) internal {
        uint32 held = holds.current();
        if (uint32(power) < held) revert IssuerRegistryHeld(issuer, thumbprint, Power(held));
        if (held != 0) _logHold(issuer, thumbprint, holds.record(0, 0, 0, 0));
    }

    function _requireAccreditor(bytes32 issuer) internal view returns (Power power) {
        if (_accreditors[issuer] == 0) revert IssuerRegistryIssuerUnknown(issuer);
        power = powerOver(_actor(), issuer);
        if (power < Power.BODY) revert IssuerRegistryNotAccreditor(_actor(), issuer);
    }

    function _requireAuthority(bytes32 issuer) internal view {
        if (_requireAccreditor(issuer) != Power.AUTHORITY) revert IssuerRegistryNotAccreditor(_actor(), issuer);
    }

    /// @dev True if the issuer was active and, as a body, authorized at `time`, as known at `knownAt`.
    function _isBodyAt(bytes32 body, uint64 time, uint64 knownAt) internal view returns (bool) {
        (uint32 authorized,) = _bodyEntries[body].at(time, knownAt);
        return authorized == 1 && _isActiveAt(body, time, knownAt);
    }

    function _isActiveAt(bytes32 issuer, uint64 time, uint64 knownAt) internal view returns (bool) {
        (uint32 state,) = _issuerEntries[issuer].at(time, knownAt);
        return state == _ISSUER_ACTIVE;
    }

    function _isBodyThroughout(bytes32 body, DatedList.Entry memory term) internal view returns (bool) {
        return _bodyEntries[body].holds(term.effectiveFrom, term.effectiveUntil, 0);
    }

    function _setIssuer(bytes32 issuer, uint32 code, uint32 reason) private {
        DatedList.Entry memory entry = _issuerEntries[issuer].record(code, reason, 0, 0);
        bytes32 accreditor_ = _accreditors[issuer];
        uint256 index = _append(Change.ISSUER, keccak256(abi.encode(issuer, accreditor_, entry)));
        emit IssuerChanged(index, issuer, accreditor_, entry);
    }

    function _logAccount(bytes32 issuer, address account, DatedList.Entry memory entry) private {
        uint256 index = _append(Change.ACCOUNT, keccak256(abi.encode(issuer, account, entry)));
        emit AccountChanged(index, issuer, account, entry);
    }

    function _logBody(bytes32 body, DatedList.Entry memory entry) private {
        uint256 index = _append(Change.BODY, keccak256(abi.encode(body, entry)));
        emit BodyChanged(index, body, entry);
    }

    function _logHold(bytes32 issuer, bytes32 thumbprint, DatedList.Entry memory entry) private {
        uint256 index = _append(Change.HOLD, keccak256(abi.encode(issuer, thumbprint, entry)));
        emit HoldChanged(index, issuer, thumbprint, entry);
    }

    function _isActing(address account, bytes32 authority) private view returns (bool) {
        return _AUTHORITY_REGISTRY.mayAct(account, authority, IAuthorityRegistry.Role.ACT);
    }

    function _isOwn(address account, bytes32 issuer) private view returns (bool) {
        return issuer != 0 && _accountIssuers[account] == issuer && _accountEntries[account].current() == 1;
    }

    function _isBodyOf(address account, bytes32 body) private view returns (bool) {
        return _isOwn(account, body) && _isBody(body);
    }

    /// @dev True if the body may accredit now.
    function _isBody(bytes32 body) private view returns (bool) {
        uint64 present = uint64(block.timestamp);
        return _isBodyAt(body, present, present) && _AUTHORITY_REGISTRY.inOffice(_authorities[body], present, present);
    }
}
