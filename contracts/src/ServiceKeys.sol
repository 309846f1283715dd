// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AuthorityChanges} from "./AuthorityChanges.sol";
import {DatedList} from "./DatedList.sol";
import {IAuthorityRegistry} from "./interfaces/IAuthorityRegistry.sol";

/// @title The keys with which an authority signs answers and checkpoints and is written to, kept by its ACT accounts
abstract contract ServiceKeys is AuthorityChanges {
    using DatedList for DatedList.Entry[];

    mapping(bytes32 id => mapping(Purpose purpose => bytes32[])) private _serviceKeys;
    mapping(bytes32 thumbprint => ServiceKey) private _serviceKey;
    mapping(bytes32 thumbprint => DatedList.Entry[]) private _serviceKeyEntries;

    /// @inheritdoc IAuthorityRegistry
    function addServiceKey(
        bytes32 authority_,
        Purpose purpose,
        bytes32 thumbprint,
        uint128 algorithm,
        bytes32 x,
        bytes32 y,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) external {
        _requireActing(authority_);
        if (_serviceKey[thumbprint].authority != 0) revert AuthorityRegistryKeyTaken(thumbprint);
        if (thumbprint == 0 || x == 0 || !_fits(purpose, algorithm, y)) {
            revert AuthorityRegistryKeyInvalid(thumbprint);
        }
        _serviceKey[thumbprint] = ServiceKey(authority_, x, y, uint128(purpose), algorithm);
        _serviceKeys[authority_][purpose].push(thumbprint);
        DatedList.Entry[] storage entries = _serviceKeyEntries[thumbprint];
        _log(authority_, thumbprint, entries.record(1, uint32(purpose), effectiveFrom, effectiveUntil));
    }

    /// @inheritdoc IAuthorityRegistry
    function endServiceKey(bytes32 thumbprint, uint64 effectiveFrom) external {
        bytes32 authority_ = _serviceKey[thumbprint].authority;
        if (authority_ == 0) revert AuthorityRegistryKeyUnknown(thumbprint);
        _requireActing(authority_);
        _log(authority_, thumbprint, _serviceKeyEntries[thumbprint].end(effectiveFrom));
    }

    /// @inheritdoc IAuthorityRegistry
    function serviceKeys(bytes32 id, Purpose purpose) external view returns (bytes32[] memory thumbprints) {
        return _serviceKeys[id][purpose];
    }

    /// @inheritdoc IAuthorityRegistry
    function serviceKey(bytes32 thumbprint) external view returns (ServiceKey memory) {
        return _serviceKey[thumbprint];
    }

    /// @inheritdoc IAuthorityRegistry
    function serviceKeyEntries(bytes32 thumbprint) external view returns (DatedList.Entry[] memory) {
        return _serviceKeyEntries[thumbprint];
    }

    /// @inheritdoc IAuthorityRegistry
    function mayAct(address account_, bytes32 id, Role role) public view virtual returns (bool);

    function _log(bytes32 id, bytes32 thumbprint, DatedList.Entry memory entry) private {
        uint256 index = _append(Change.SERVICE_KEY, keccak256(abi.encode(id, thumbprint, entry)));
        emit ServiceKeyChanged(index, id, thumbprint, entry);
    }

    function _requireActing(bytes32 id) private view {
        if (!mayAct(_actor(), id, Role.ACT)) revert AuthorityRegistryNotActing(_actor(), id);
    }

    /// @dev Algorithms: 1 ES256 and 2 Ed25519 sign, 3 X25519 and 4 ECDH on P-256 encrypt. Only P-256 has a y.
    function _fits(Purpose purpose, uint128 algorithm, bytes32 y) private pure returns (bool) {
        if (purpose == Purpose.NONE || algorithm == 0 || algorithm > 4) return false;
        bool encrypts = algorithm > 2;
        bool onP256 = algorithm == 1 || algorithm == 4;
        return encrypts == (purpose == Purpose.ENCRYPTION) && onP256 == (y != 0);
    }
}
