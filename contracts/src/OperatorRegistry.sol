// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChangeLog} from "./ChangeLog.sol";
import {DatedList} from "./DatedList.sol";
import {Identifier} from "./Identifier.sol";
import {Intents} from "./Intents.sol";
import {IAuthorityRegistry} from "./interfaces/IAuthorityRegistry.sol";
import {IOperatorRegistry} from "./interfaces/IOperatorRegistry.sol";
import {Slots} from "./Slots.sol";

/// @title Authorised economic operators, each by the code that its customs gave it
contract OperatorRegistry is IOperatorRegistry, Intents, Slots {
    using ChangeLog for ChangeLog.Log;
    using DatedList for DatedList.Entry[];
    using Identifier for bytes32;

    IAuthorityRegistry private immutable _AUTHORITY_REGISTRY;

    mapping(bytes32 authority => bytes32[]) private _operators;
    mapping(bytes32 authority => mapping(bytes32 operator => string)) private _codes;
    mapping(bytes32 authority => mapping(bytes32 operator => DatedList.Entry[])) private _operatorEntries;
    mapping(bytes32 authority => mapping(bytes32 operator => DatedList.Entry[])) private _suspensionEntries;
    mapping(bytes32 authority => mapping(bytes32 operator => bytes32[])) private _aliases;
    mapping(bytes32 id => Alias) private _alias;
    mapping(bytes32 id => DatedList.Entry[]) private _aliasEntries;
    mapping(Change kind => ChangeLog.Log) private _changes;

    constructor(address authorityRegistry) Intents("Portseal OperatorRegistry") {
        if (authorityRegistry.code.length == 0) revert OperatorRegistryNoContract(authorityRegistry);
        _AUTHORITY_REGISTRY = IAuthorityRegistry(authorityRegistry);
    }

    /// @inheritdoc IOperatorRegistry
    function grant(Grant[] calldata grants) external {
        bytes32 authority = _customs();
        for (uint256 i = 0; i < grants.length; ++i) {
            _grant(authority, grants[i]);
        }
    }

    /// @inheritdoc IOperatorRegistry
    function end(bytes32[] calldata operators_, uint64 effectiveFrom) external {
        bytes32 authority = _customs();
        for (uint256 i = 0; i < operators_.length; ++i) {
            _requireOperator(authority, operators_[i]);
            DatedList.Entry memory entry = _operatorEntries[authority][operators_[i]].end(effectiveFrom);
            _logOperator(authority, operators_[i], entry);
        }
    }

    /// @inheritdoc IOperatorRegistry
    function suspend(bytes32[] calldata operators_, uint32 reason) external {
        bytes32 authority = _customs();
        for (uint256 i = 0; i < operators_.length; ++i) {
            bytes32 operator = operators_[i];
            _requireOperator(authority, operator);
            DatedList.Entry[] storage entries = _suspensionEntries[authority][operator];
            if (entries.current() == 1) revert OperatorRegistrySuspended(operator);
            _logSuspension(authority, operator, entries.record(1, reason, 0, 0));
        }
    }

    /// @inheritdoc IOperatorRegistry
    function reinstate(bytes32[] calldata operators_) external {
        bytes32 authority = _customs();
        for (uint256 i = 0; i < operators_.length; ++i) {
            bytes32 operator = operators_[i];
            DatedList.Entry[] storage entries = _suspensionEntries[authority][operator];
            if (entries.current() != 1) revert OperatorRegistryNotSuspended(operator);
            _logSuspension(authority, operator, entries.record(0, 0, 0, 0));
        }
    }

    /// @inheritdoc IOperatorRegistry
    function addAliases(AliasGrant[] calldata grants) external {
        bytes32 authority = _customs();
        for (uint256 i = 0; i < grants.length; ++i) {
            _addAlias(authority, grants[i]);
        }
    }

    /// @inheritdoc IOperatorRegistry
    function endAliases(bytes32[] calldata ids, uint64 effectiveFrom) external {
        bytes32 authority = _customs();
        for (uint256 i = 0; i < ids.length; ++i) {
            Alias storage found = _alias[ids[i]];
            bool own = found.counterpart != 0
                && ids[i] == _aliasId(authority, found.counterpart, keccak256(bytes(found.code)));
            if (!own) revert OperatorRegistryAliasUnknown(ids[i]);
            _logAlias(authority, ids[i], _aliasEntries[ids[i]].end(effectiveFrom));
        }
    }

    /// @inheritdoc IOperatorRegistry
    function operatorCount(bytes32 authority) external view returns (uint256) {
        return _operators[authority].length;
    }

    /// @inheritdoc IOperatorRegistry
    function operators(bytes32 authority, uint256 first, uint256 count)
        external
        view
        returns (bytes32[] memory page)
    {
        bytes32[] storage all = _operators[authority];
        uint256 left = first < all.length ? all.length - first : 0;
        page = new bytes32[](count < left ? count : left);
        for (uint256 i = 0; i < page.length; ++i) {
            page[i] = all[first + i];
        }
    }

    /// @inheritdoc IOperatorRegistry
    function code(bytes32 authority, bytes32 operator) external view returns (string memory) {
        return _codes[authority][operator];
    }

    /// @inheritdoc IOperatorRegistry
    function operatorEntries(bytes32 authority, bytes32 operator) external view returns (DatedList.Entry[] memory) {
        return _operatorEntries[authority][operator];
    }

    /// @inheritdoc IOperatorRegistry
    function suspensionEntries(bytes32 authority, bytes32 operator) external view returns (DatedList.Entry[] memory) {
        return _suspensionEntries[authority][operator];
    }

    /// @inheritdoc IOperatorRegistry
    function status(bytes32 authority, bytes32 operator, uint64 time, uint64 knownAt)
        external
        view
        returns (Status memory answer)
    {
        DatedList.Entry[] storage entries = _operatorEntries[authority][operator];
        if (entries.hasEnded(time, knownAt)) return Status(State.ENDED, 0, 0);
        (uint32 code_, uint32 detail) = entries.at(time, knownAt);
        if (code_ == 0) return answer;
        (answer.tier, answer.roles) = (uint8(detail >> 24), detail & 0xffffff);
        (uint32 suspended,) = _suspensionEntries[authority][operator].at(time, knownAt);
        answer.state = suspended == 1 ? State.SUSPENDED : State.AUTHORIZED;
        if (_AUTHORITY_REGISTRY.authorityHasLeft(authority, time, knownAt)) answer.state = State.LEFT;
    }

    /// @inheritdoc IOperatorRegistry
    function aliases(bytes32 authority, bytes32 operator) external view returns (bytes32[] memory ids) {
        return _aliases[authority][operator];
    }

    /// @inheritdoc IOperatorRegistry
    function aliasOf(bytes32 id) external view returns (Alias memory) {
        return _alias[id];
    }

    /// @inheritdoc IOperatorRegistry
    function aliasEntries(bytes32 id) external view returns (DatedList.Entry[] memory) {
        return _aliasEntries[id];
    }

    /// @inheritdoc IOperatorRegistry
    function changes(Change kind) external view returns (uint256 count, bytes32 head) {
        return (_changes[kind].count, _changes[kind].head);
    }

    /// @inheritdoc IOperatorRegistry
    function aliasId(bytes32 authority, bytes32 counterpart, string calldata code_) external pure returns (bytes32) {
        return _aliasId(authority, counterpart, keccak256(bytes(code_)));
    }

    function _grant(bytes32 authority, Grant calldata one) private {
        if (one.roles >= 1 << 24) revert OperatorRegistryRolesInvalid(one.roles);
        _requireCode(one.code);
        bytes32 operator = keccak256(bytes(one.code));
        DatedList.Entry[] storage entries = _operatorEntries[authority][operator];
        if (entries.length == 0) {
            _operators[authority].push(operator);
            _codes[authority][operator] = one.code;
        }
        uint32 detail = (uint32(one.tier) << 24) | one.roles;
        _logOperator(authority, operator, entries.recordOpening(1, detail, one.effectiveFrom, one.effectiveUntil));
    }

    function _addAlias(bytes32 authority, AliasGrant calldata one) private {
        _requireOperator(authority, one.operator);
        if (!one.counterpart.isValid()) revert OperatorRegistryCounterpartInvalid(one.counterpart);
        _requireCode(one.code);
        bytes32 id = _aliasId(authority, one.counterpart, keccak256(bytes(one.code)));
        DatedList.Entry[] storage entries = _aliasEntries[id];
        if (entries.length == 0) {
            _alias[id] = Alias(one.operator, one.counterpart, one.code);
            _aliases[authority][one.operator].push(id);
        } else if (_alias[id].operator != one.operator) {
            revert OperatorRegistryAliasTaken(id, _alias[id].operator);
        }
        _logAlias(authority, id, entries.recordOpening(1, 0, one.effectiveFrom, one.effectiveUntil));
    }

    function _logOperator(bytes32 authority, bytes32 operator, DatedList.Entry memory entry) private {
        uint256 index = _changes[Change.OPERATOR].append(keccak256(abi.encode(authority, operator, entry)));
        emit OperatorChanged(index, authority, operator, entry);
    }

    function _logSuspension(bytes32 authority, bytes32 operator, DatedList.Entry memory entry) private {
        uint256 index = _changes[Change.SUSPENSION].append(keccak256(abi.encode(authority, operator, entry)));
        emit SuspensionChanged(index, authority, operator, entry);
    }

    function _logAlias(bytes32 authority, bytes32 id, DatedList.Entry memory entry) private {
        (bytes32 operator, bytes32 counterpart) = (_alias[id].operator, _alias[id].counterpart);
        bytes32 change = keccak256(abi.encode(authority, operator, counterpart, id, entry));
        emit AliasChanged(_changes[Change.ALIAS].append(change), authority, operator, counterpart, id, entry);
    }

    /// @dev The authority for which the actor acts now; it must be customs.
    function _customs() private view returns (bytes32 authority) {
        (authority,) = _AUTHORITY_REGISTRY.account(_actor());
        (, IAuthorityRegistry.Domain domain) = _AUTHORITY_REGISTRY.authority(authority);
        bool acts = _AUTHORITY_REGISTRY.mayAct(_actor(), authority, IAuthorityRegistry.Role.ACT);
        if (domain != IAuthorityRegistry.Domain.CUSTOMS || !acts) revert OperatorRegistryNotCustoms(_actor());
    }

    function _requireOperator(bytes32 authority, bytes32 operator) private view {
        if (_operatorEntries[authority][operator].length == 0) {
            revert OperatorRegistryOperatorUnknown(authority, operator);
        }
    }

    /// @dev Printable ASCII, with no space at either end: any form that a customs authority uses.
    function _requireCode(string calldata text) private pure {
        bytes calldata characters = bytes(text);
        bool valid = characters.length > 0 && characters.length <= 64;
        for (uint256 i = 0; valid && i < characters.length; ++i) {
            bool inner = i > 0 && i < characters.length - 1;
            valid = characters[i] <= "~" && (characters[i] > " " || (inner && characters[i] == " "));
        }
        if (!valid) revert OperatorRegistryCodeInvalid(text);
    }

    function _aliasId(bytes32 authority, bytes32 counterpart, bytes32 code_) private pure returns (bytes32) {
        return keccak256(abi.encode(authority, counterpart, code_));
    }
}
