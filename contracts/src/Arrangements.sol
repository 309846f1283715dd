// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChangeLog} from "./ChangeLog.sol";
import {DatedList} from "./DatedList.sol";
import {Identifier} from "./Identifier.sol";
import {Intents} from "./Intents.sol";
import {IAuthorityRegistry} from "./interfaces/IAuthorityRegistry.sol";
import {IRecognitionRegistry} from "./interfaces/IRecognitionRegistry.sol";

/// @title What countries have signed: each accepts, and leaves, for itself
abstract contract Arrangements is IRecognitionRegistry, Intents {
    using ChangeLog for ChangeLog.Log;
    using DatedList for DatedList.Entry[];
    using Identifier for bytes2;
    using Identifier for bytes32;

    uint32 private constant _PARTY = 1;
    uint32 private constant _INVITED = 2;

    IAuthorityRegistry internal immutable _AUTHORITY_REGISTRY;

    bytes32[] private _arrangements;
    mapping(bytes32 id => Arrangement) private _arrangement;
    mapping(bytes32 id => bytes32[]) private _parties;
    mapping(bytes32 id => mapping(bytes2 country => DatedList.Entry[])) private _partyEntries;
    mapping(Change kind => ChangeLog.Log) private _changes;

    constructor(address authorityRegistry) Intents("Portseal RecognitionRegistry") {
        if (authorityRegistry.code.length == 0) revert RecognitionRegistryNoContract(authorityRegistry);
        _AUTHORITY_REGISTRY = IAuthorityRegistry(authorityRegistry);
    }

    /// @inheritdoc IRecognitionRegistry
    function proposeArrangement(
        bytes32 id,
        bytes32 programme,
        bytes32 text,
        bytes2[] calldata others,
        uint64 signedAt
    ) external {
        bytes2 country = _speaker(programme);
        if (id.country() != country) revert RecognitionRegistryIdInvalid(id);
        _enter(id, programme, text);
        _sign(id, country, signedAt);
        for (uint256 i = 0; i < others.length; ++i) {
            _invite(id, others[i]);
        }
    }

    /// @inheritdoc IRecognitionRegistry
    function inviteParty(bytes32 id, bytes2 country) external {
        bytes2 own = _speaker(_programme(id));
        _requireParty(id, own, uint64(block.timestamp));
        _invite(id, country);
    }

    /// @inheritdoc IRecognitionRegistry
    function acceptArrangement(bytes32 id, uint64 signedAt) external {
        bytes2 country = _speaker(_programme(id));
        DatedList.Entry[] storage entries = _partyEntries[id][country];
        if (entries.length == 0) revert RecognitionRegistryNotParty(id, country);
        if (entries[entries.length - 1].code == _PARTY) revert RecognitionRegistryAlreadyParty(id, country);
        // Where only the invitation stands, since when it has been a party is its own to say.
        DatedList.Entry memory entry = entries.length == 1
            ? entries.recordSince(_PARTY, 0, signedAt, 0)
            : entries.record(_PARTY, 0, signedAt, 0);
        _logParty(id, country, entry);
    }

    /// @inheritdoc IRecognitionRegistry
    function leaveArrangement(bytes32 id, uint64 effectiveFrom) external {
        bytes2 country = _speaker(_programme(id));
        DatedList.Entry[] storage entries = _partyEntries[id][country];
        if (entries.length == 0) revert RecognitionRegistryNotParty(id, country);
        _logParty(id, country, entries.end(effectiveFrom));
    }

    /// @inheritdoc IRecognitionRegistry
    function arrangements() external view returns (bytes32[] memory) {
        return _arrangements;
    }

    /// @inheritdoc IRecognitionRegistry
    function arrangement(bytes32 id) external view returns (Arrangement memory) {
        return _arrangement[id];
    }

    /// @inheritdoc IRecognitionRegistry
    function parties(bytes32 id) external view returns (bytes2[] memory countries) {
        bytes32[] storage stored = _parties[id];
        countries = new bytes2[](stored.length);
        for (uint256 i = 0; i < stored.length; ++i) {
            countries[i] = bytes2(stored[i]);
        }
    }

    /// @inheritdoc IRecognitionRegistry
    function partyEntries(bytes32 id, bytes2 country) external view returns (DatedList.Entry[] memory) {
        return _partyEntries[id][country];
    }

    /// @inheritdoc IRecognitionRegistry
    function changes(Change kind) external view returns (uint256 count, bytes32 head) {
        return (_changes[kind].count, _changes[kind].head);
    }

    function _append(Change kind, bytes32 change) internal returns (uint256 index) {
        return _changes[kind].append(change);
    }

    /// @dev The country for which the actor speaks now.
    function _speaker(bytes32 programme) internal view returns (bytes2 country) {
        (bytes32 authority,) = _AUTHORITY_REGISTRY.account(_actor());
        IAuthorityRegistry.Domain domain;
        (country, domain) = _AUTHORITY_REGISTRY.authority(authority);
        bool speaks = domain == IAuthorityRegistry.Domain.CUSTOMS
            || (domain == IAuthorityRegistry.Domain.MARITIME && programme == "ebl");
        if (!speaks || !_AUTHORITY_REGISTRY.mayAct(_actor(), authority, IAuthorityRegistry.Role.ACT)) {
            revert RecognitionRegistryNotSpeaker(_actor(), programme);
        }
    }

    function _programme(bytes32 id) internal view returns (bytes32 programme) {
        programme = _arrangement[id].programme;
        if (programme == 0) revert RecognitionRegistryArrangementUnknown(id);
    }

    function _isPartyAt(bytes32 id, bytes2 country, uint64 time, uint64 knownAt) internal view returns (bool) {
        (uint32 code,) = _partyEntries[id][country].at(time, knownAt);
        return code == _PARTY;
    }

    function _requireParty(bytes32 id, bytes2 country, uint64 time) internal view {
        if (!_isPartyAt(id, country, time, uint64(block.timestamp))) revert RecognitionRegistryNotParty(id, country);
    }

    function _enter(bytes32 id, bytes32 programme, bytes32 text) private {
        if (!programme.isValid()) revert RecognitionRegistryIdInvalid(programme);
        if (_arrangement[id].programme != 0) revert RecognitionRegistryArrangementExists(id);
        _arrangement[id] = Arrangement(programme, text);
        _arrangements.push(id);
        uint256 index = _append(Change.ARRANGEMENT, keccak256(abi.encode(id, programme, text)));
        emit ArrangementProposed(index, id, programme, text);
    }

    function _sign(bytes32 id, bytes2 country, uint64 signedAt) private {
        _parties[id].push(country);
        _logParty(id, country, _partyEntries[id][country].recordSince(_PARTY, 0, signedAt, 0));
    }

    function _invite(bytes32 id, bytes2 country) private {
        if (!country.isCountry()) revert RecognitionRegistryCountryInvalid(country);
        DatedList.Entry[] storage entries = _partyEntries[id][country];
        if (entries.length != 0) revert RecognitionRegistryAlreadyParty(id, country);
        _parties[id].push(country);
        _logParty(id, country, entries.record(_INVITED, 0, 0, 0));
    }

    function _logParty(bytes32 id, bytes2 country, DatedList.Entry memory entry) private {
        uint256 index = _append(Change.PARTY, keccak256(abi.encode(id, country, entry)));
        emit PartyChanged(index, id, country, entry);
    }
}
