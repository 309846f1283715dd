// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "./DatedList.sol";
import {IIssuerRegistry} from "./interfaces/IIssuerRegistry.sol";
import {IssuerParties} from "./IssuerParties.sol";

/// @title The keys that issuers sign with, and since when one of them does not count
/// @notice A key serves one term, from its first entry until it is retired or its end-date; suspensions lie within.
abstract contract IssuerKeys is IssuerParties {
    using DatedList for DatedList.Entry[];

    uint32 private constant _KEY_ACTIVE = 1;
    uint32 private constant _KEY_RETIRED = 2;
    uint32 private constant _KEY_SUSPENDED = 3;
    uint32 private constant _KEY_COMPROMISED = 4;

    mapping(bytes32 issuer => bytes32[]) private _keys;
    mapping(bytes32 thumbprint => IssuerKey) private _key;
    mapping(bytes32 thumbprint => DatedList.Entry[]) private _keyEntries;
    mapping(bytes32 thumbprint => DatedList.Entry[]) private _keyHoldEntries;
    mapping(bytes32 thumbprint => DatedList.Entry[]) private _compromiseEntries;

    /// @inheritdoc IIssuerRegistry
    function addKey(
        bytes32 issuer,
        bytes32 thumbprint,
        uint256 algorithm,
        bytes32 x,
        bytes32 y,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) external {
        _requireAccreditor(issuer);
        if (_key[thumbprint].issuer != 0) revert IssuerRegistryKeyTaken(thumbprint);
        bool fits = (algorithm == 1 && y != 0) || (algorithm == 2 && y == 0);
        if (thumbprint == 0 || x == 0 || !fits) revert IssuerRegistryKeyInvalid(thumbprint);
        _key[thumbprint] = IssuerKey(issuer, x, y, algorithm);
        _keys[issuer].push(thumbprint);
        _logKey(thumbprint, _keyEntries[thumbprint].record(_KEY_ACTIVE, 0, effectiveFrom, effectiveUntil));
    }

    /// @inheritdoc IIssuerRegistry
    function retireKey(bytes32 thumbprint, uint64 effectiveFrom) external {
        _requireAccreditor(_issuerOf(thumbprint));
        uint64 end = _endOf(thumbprint);
        DatedList.Entry memory entry = _keyEntries[thumbprint].record(_KEY_RETIRED, 0, effectiveFrom, 0);
        if (end != 0 && end <= entry.effectiveFrom) revert IssuerRegistryKeyRetired(thumbprint);
        _logKey(thumbprint, entry);
    }

    /// @inheritdoc IIssuerRegistry
    function suspendKey(bytes32 thumbprint, uint32 reason) external {
        bytes32 issuer = _issuerOf(thumbprint);
        Power power = powerOver(_actor(), issuer);
        if (power == Power.NONE) revert IssuerRegistryNotIssuer(_actor(), issuer);
        uint64 end = _requireInTerm(thumbprint);
        bool suspended = _keyEntries[thumbprint].current() == _KEY_SUSPENDED;
        if (suspended && (power == Power.ISSUER || uint32(power) <= _keyHoldEntries[thumbprint].current())) {
            revert IssuerRegistryKeySuspended(thumbprint);
        }
        _logKey(thumbprint, _keyEntries[thumbprint].record(_KEY_SUSPENDED, reason, 0, end));
        _hold(_keyHoldEntries[thumbprint], issuer, thumbprint, power);
    }

    /// @inheritdoc IIssuerRegistry
    function reinstateKey(bytes32 thumbprint) external {
        bytes32 issuer = _issuerOf(thumbprint);
        Power power = _requireAccreditor(issuer);
        uint64 end = _requireInTerm(thumbprint);
        DatedList.Entry[] storage entries = _keyEntries[thumbprint];
        if (_compromiseEntries[thumbprint].length != 0) revert IssuerRegistryKeyRetired(thumbprint);
        if (entries.current() != _KEY_SUSPENDED) revert IssuerRegistryKeyNotSuspended(thumbprint);
        _release(_keyHoldEntries[thumbprint], issuer, thumbprint, power);
        uint64 start = entries[0].effectiveFrom;
        if (start < block.timestamp) start = uint64(block.timestamp);
        _logKey(thumbprint, entries.record(_KEY_ACTIVE, 0, start, end));
    }

    /// @inheritdoc IIssuerRegistry
    function markCompromised(bytes32 thumbprint, uint64 since) external {
        _requireAuthority(_issuerOf(thumbprint));
        uint64 present = uint64(block.timestamp);
        if (since == 0) since = present;
        if (since > present) revert IssuerRegistrySinceInFuture(since, present);
        DatedList.Entry[] storage entries = _compromiseEntries[thumbprint];
        if (entries.length != 0) {
            uint64 earliest = entries[entries.length - 1].effectiveFrom;
            if (since >= earliest) revert IssuerRegistrySinceNotEarlier(since, earliest);
        }
        _logKey(thumbprint, entries.recordSince(_KEY_COMPROMISED, 0, since, 0));
    }

    /// @inheritdoc IIssuerRegistry
    function keys(bytes32 issuer) external view returns (bytes32[] memory thumbprints) {
        return _keys[issuer];
    }

    /// @inheritdoc IIssuerRegistry
    function key(bytes32 thumbprint) external view returns (IssuerKey memory) {
        return _key[thumbprint];
    }

    /// @inheritdoc IIssuerRegistry
    function keyEntries(bytes32 thumbprint) external view returns (DatedList.Entry[] memory) {
        return _keyEntries[thumbprint];
    }

    /// @inheritdoc IIssuerRegistry
    function keyHoldEntries(bytes32 thumbprint) external view returns (DatedList.Entry[] memory) {
        return _keyHoldEntries[thumbprint];
    }

    /// @inheritdoc IIssuerRegistry
    function compromiseEntries(bytes32 thumbprint) external view returns (DatedList.Entry[] memory) {
        return _compromiseEntries[thumbprint];
    }

    function _logKey(bytes32 thumbprint, DatedList.Entry memory entry) private {
        bytes32 issuer = _key[thumbprint].issuer;
        uint256 index = _append(Change.KEY, keccak256(abi.encode(issuer, thumbprint, entry)));
        emit KeyChanged(index, issuer, thumbprint, entry);
    }

    function _issuerOf(bytes32 thumbprint) private view returns (bytes32 issuer) {
        issuer = _key[thumbprint].issuer;
        if (issuer == 0) revert IssuerRegistryKeyUnknown(thumbprint);
    }

    /// @dev The end of the key's term; 0 if none is known. The newest entry tells, since each takes over the end.
    function _endOf(bytes32 thumbprint) private view returns (uint64) {
        DatedList.Entry[] storage entries = _keyEntries[thumbprint];
        DatedList.Entry memory newest = entries[entries.length - 1];
        return newest.code == _KEY_RETIRED ? newest.effectiveFrom : newest.effectiveUntil;
    }

    function _requireInTerm(bytes32 thumbprint) private view returns (uint64 end) {
        end = _endOf(thumbprint);
        if (end != 0 && end <= block.timestamp) revert IssuerRegistryKeyRetired(thumbprint);
    }
}
