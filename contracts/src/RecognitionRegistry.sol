// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Arrangements} from "./Arrangements.sol";
import {DatedList} from "./DatedList.sol";
import {IRecognitionRegistry} from "./interfaces/IRecognitionRegistry.sol";
import {Slots} from "./Slots.sol";

/// @title Which country recognises which: offered by one side, accepted by the other, suspended or ended by either
contract RecognitionRegistry is Arrangements, Slots {
    using DatedList for DatedList.Entry[];

    uint32 private constant _OPEN = 1;
    uint32 private constant _ACCEPTED = 2;

    mapping(bytes32 offer => Terms) private _offerTerms;
    mapping(bytes32 offer => DatedList.Entry[]) private _offerEntries;
    mapping(bytes32 programme => bytes32[]) private _agreed;
    mapping(bytes32 programme => mapping(bytes4 direction => DatedList.Entry[])) private _recognitionEntries;
    mapping(bytes32 programme => mapping(bytes4 direction => mapping(uint256 number => bytes32))) private
        _recognitionOffers;
    mapping(bytes32 programme => mapping(bytes4 direction => mapping(bytes2 by => DatedList.Entry[]))) private
        _suspensionEntries;

    constructor(address authorityRegistry) Arrangements(authorityRegistry) {}

    /// @inheritdoc IRecognitionRegistry
    function offer(Terms[] calldata terms) external {
        for (uint256 i = 0; i < terms.length; ++i) {
            _offer(terms[i]);
        }
    }

    /// @inheritdoc IRecognitionRegistry
    function accept(bytes32[] calldata offers) external {
        for (uint256 i = 0; i < offers.length; ++i) {
            _accept(offers[i]);
        }
    }

    /// @inheritdoc IRecognitionRegistry
    function closeOffers(bytes32[] calldata offers) external {
        for (uint256 i = 0; i < offers.length; ++i) {
            Terms memory terms = _requireOpen(offers[i]);
            bytes2 country = _speaker(_programme(terms.arrangement));
            _requireSide(country, terms.recogniser, terms.recognised);
            _logOffer(offers[i], country, 0);
        }
    }

    /// @inheritdoc IRecognitionRegistry
    function suspend(Direction[] calldata directions, uint32 reason) external {
        for (uint256 i = 0; i < directions.length; ++i) {
            (DatedList.Entry[] storage entries, bytes2 by) = _suspensions(directions[i]);
            if (entries.current() == 1) {
                revert RecognitionRegistrySuspended(directions[i].recogniser, directions[i].recognised, by);
            }
            _logSuspension(directions[i], by, entries.record(1, reason, 0, 0));
        }
    }

    /// @inheritdoc IRecognitionRegistry
    function resume(Direction[] calldata directions) external {
        for (uint256 i = 0; i < directions.length; ++i) {
            (DatedList.Entry[] storage entries, bytes2 by) = _suspensions(directions[i]);
            if (entries.current() != 1) {
                revert RecognitionRegistryNotSuspended(directions[i].recogniser, directions[i].recognised, by);
            }
            _logSuspension(directions[i], by, entries.record(0, 0, 0, 0));
        }
    }

    /// @inheritdoc IRecognitionRegistry
    function end(Direction[] calldata directions, uint64 effectiveFrom) external {
        for (uint256 i = 0; i < directions.length; ++i) {
            _requireAgreed(directions[i]);
            Direction calldata one = directions[i];
            bytes4 direction = _direction(one.recogniser, one.recognised);
            _logRecognition(one, 0, _recognitionEntries[one.programme][direction].end(effectiveFrom));
        }
    }

    /// @inheritdoc IRecognitionRegistry
    function offerTerms(bytes32 id) external view returns (Terms memory) {
        return _offerTerms[id];
    }

    /// @inheritdoc IRecognitionRegistry
    function offerEntries(bytes32 id) external view returns (DatedList.Entry[] memory) {
        return _offerEntries[id];
    }

    /// @inheritdoc IRecognitionRegistry
    function agreed(bytes32 programme) external view returns (bytes32[] memory) {
        return _agreed[programme];
    }

    /// @inheritdoc IRecognitionRegistry
    function recognitionEntries(bytes32 programme, bytes2 recogniser, bytes2 recognised)
        external
        view
        returns (DatedList.Entry[] memory)
    {
        return _recognitionEntries[programme][_direction(recogniser, recognised)];
    }

    /// @inheritdoc IRecognitionRegistry
    function recognitionOffer(bytes32 programme, bytes2 recogniser, bytes2 recognised, uint256 number)
        external
        view
        returns (bytes32)
    {
        return _recognitionOffers[programme][_direction(recogniser, recognised)][number];
    }

    /// @inheritdoc IRecognitionRegistry
    function suspensionEntries(bytes32 programme, bytes2 recogniser, bytes2 recognised, bytes2 by)
        external
        view
        returns (DatedList.Entry[] memory)
    {
        return _suspensionEntries[programme][_direction(recogniser, recognised)][by];
    }

    /// @inheritdoc IRecognitionRegistry
    function recognition(bytes32 programme, bytes2 recogniser, bytes2 recognised, uint64 time, uint64 knownAt)
        external
        view
        returns (Recognition memory answer)
    {
        bytes4 direction = _direction(recogniser, recognised);
        DatedList.Entry[] storage entries = _recognitionEntries[programme][direction];
        if (entries.hasEnded(time, knownAt)) return Recognition(State.ENDED, 0, 0);
        uint256 number = entries.find(time, knownAt);
        if (number == 0) return answer;
        answer.roles = entries[number - 1].detail;
        answer.offer = _recognitionOffers[programme][direction][number - 1];
        answer.state = _stateAt(programme, direction, answer.offer, time, knownAt);
    }

    function _offer(Terms calldata terms) private {
        bytes2 country = _speaker(_programme(terms.arrangement));
        _requireSide(country, terms.recogniser, terms.recognised);
        bool runs = terms.effectiveUntil == 0 || terms.effectiveUntil > terms.effectiveFrom;
        if (terms.recogniser == terms.recognised || !runs) {
            revert RecognitionRegistryTermsInvalid(terms.recogniser, terms.recognised);
        }
        bytes32 id = keccak256(abi.encode(terms));
        if (_offerEntries[id].current() == _OPEN) revert RecognitionRegistryOfferOpen(id);
        _offerTerms[id] = terms;
        _logOffer(id, country, _OPEN);
    }

    function _accept(bytes32 id) private {
        Terms memory terms = _requireOpen(id);
        bytes32 programme = _programme(terms.arrangement);
        bytes2 country = _speaker(programme);
        _requireSide(country, terms.recogniser, terms.recognised);
        if (_offerEntries[id][_offerEntries[id].length - 1].detail == uint16(country)) {
            revert RecognitionRegistryNotSide(country, terms.recogniser, terms.recognised);
        }
        bytes4 direction = _direction(terms.recogniser, terms.recognised);
        DatedList.Entry[] storage entries = _recognitionEntries[programme][direction];
        if (entries.length == 0) _agreed[programme].push(direction);
        _recognitionOffers[programme][direction][entries.length] = id;
        DatedList.Entry memory entry = entries.recordSince(1, terms.roles, terms.effectiveFrom, terms.effectiveUntil);
        _requireParty(terms.arrangement, terms.recogniser, entry.effectiveFrom);
        _requireParty(terms.arrangement, terms.recognised, entry.effectiveFrom);
        _logOffer(id, country, _ACCEPTED);
        _logRecognition(Direction(programme, terms.recogniser, terms.recognised), id, entry);
    }

    function _logOffer(bytes32 id, bytes2 country, uint32 code) private {
        DatedList.Entry memory entry = _offerEntries[id].record(code, uint16(country), 0, 0);
        uint256 index = _append(Change.OFFER, keccak256(abi.encode(id, country, entry)));
        emit OfferChanged(index, id, country, entry);
    }

    function _logRecognition(Direction memory one, bytes32 id, DatedList.Entry memory entry) private {
        bytes32 change = keccak256(abi.encode(one.recogniser, one.recognised, one.programme, id, entry));
        uint256 index = _append(Change.RECOGNITION, change);
        emit RecognitionChanged(index, one.recogniser, one.recognised, one.programme, id, entry);
    }

    function _logSuspension(Direction calldata one, bytes2 by, DatedList.Entry memory entry) private {
        bytes32 change = keccak256(abi.encode(one.recogniser, one.recognised, one.programme, by, entry));
        uint256 index = _append(Change.SUSPENSION, change);
        emit SuspensionChanged(index, one.recogniser, one.recognised, one.programme, by, entry);
    }

    /// @dev The suspensions by the actor's own country, of a direction that was ever agreed.
    function _suspensions(Direction calldata one)
        private
        view
        returns (DatedList.Entry[] storage entries, bytes2 by)
    {
        by = _requireAgreed(one);
        entries = _suspensionEntries[one.programme][_direction(one.recogniser, one.recognised)][by];
    }

    function _requireAgreed(Direction calldata one) private view returns (bytes2 country) {
        country = _speaker(one.programme);
        _requireSide(country, one.recogniser, one.recognised);
        if (_recognitionEntries[one.programme][_direction(one.recogniser, one.recognised)].length == 0) {
            revert RecognitionRegistryUnknown(one.recogniser, one.recognised, one.programme);
        }
    }

    function _requireOpen(bytes32 id) private view returns (Terms memory) {
        if (_offerEntries[id].current() != _OPEN) revert RecognitionRegistryOfferNotOpen(id);
        return _offerTerms[id];
    }

    /// @dev The state of a direction for which agreed terms cover the time.
    function _stateAt(bytes32 programme, bytes4 direction, bytes32 id, uint64 time, uint64 knownAt)
        private
        view
        returns (State)
    {
        bool suspended = false;
        for (uint256 side = 0; side < 2; ++side) {
            bytes2 country = bytes2(direction << (16 * side));
            if (_hasLeft(_offerTerms[id].arrangement, country, time, knownAt)) return State.LEFT;
            (uint32 code,) = _suspensionEntries[programme][direction][country].at(time, knownAt);
            if (code == 1) suspended = true;
        }
        return suspended ? State.SUSPENDED : State.IN_EFFECT;
    }

    /// @dev Left the arrangement, or the consortium with whose accounts it could have said so.
    function _hasLeft(bytes32 id, bytes2 country, uint64 time, uint64 knownAt) private view returns (bool) {
        return !_isPartyAt(id, country, time, knownAt) || _AUTHORITY_REGISTRY.memberHasLeft(country, time, knownAt);
    }

    function _requireSide(bytes2 country, bytes2 recogniser, bytes2 recognised) private pure {
        if (country != recogniser && country != recognised) {
            revert RecognitionRegistryNotSide(country, recogniser, recognised);
        }
    }

    function _direction(bytes2 recogniser, bytes2 recognised) private pure returns (bytes4) {
        return bytes4(recogniser) | (bytes4(recognised) >> 16);
    }
}
