// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChangeLog} from "./ChangeLog.sol";
import {Intents} from "./Intents.sol";
import {IAuthorityRegistry} from "./interfaces/IAuthorityRegistry.sol";

/// @title The running hashes of the authority registry, one per kind of change
abstract contract AuthorityChanges is IAuthorityRegistry, Intents {
    using ChangeLog for ChangeLog.Log;

    mapping(Change kind => ChangeLog.Log) private _changes;

    constructor() Intents("Portseal AuthorityRegistry") {}

    /// @inheritdoc IAuthorityRegistry
    function changes(Change kind) external view returns (uint256 count, bytes32 head) {
        return (_changes[kind].count, _changes[kind].head);
    }

    function _append(Change kind, bytes32 change) internal returns (uint256 index) {
        return _changes[kind].append(change);
    }
}
