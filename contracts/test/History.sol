// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {Vm} from "./Vm.sol";

/// @title What an observer of a registry remembers, to catch it changing its history
/// @notice Lists may only grow at their end; what was answered about a past time stays the answer; the running hash
/// is what the events give.
contract History {
    struct Answer {
        bytes32 list;
        uint64 time;
        uint32 code;
    }

    Answer[] private _answers;
    mapping(bytes32 list => DatedList.Entry[]) private _seen;
    mapping(bytes32 topic => uint256) private _counts;
    mapping(bytes32 topic => bytes32) private _heads;

    /// @dev Compares with what was seen before, then remembers.
    function observe(bytes32 list, DatedList.Entry[] calldata entries) external {
        DatedList.Entry[] storage seen = _seen[list];
        require(entries.length >= seen.length, "a list has become shorter");
        for (uint256 i = 0; i < seen.length; ++i) {
            require(keccak256(abi.encode(entries[i])) == keccak256(abi.encode(seen[i])), "an entry has changed");
        }
        for (uint256 i = seen.length; i < entries.length; ++i) {
            seen.push(entries[i]);
        }
    }

    /// @dev Remembers the answer about the second before this one, which nothing recorded later may change.
    function ask(bytes32 list) external {
        uint64 time = uint64(block.timestamp) - 1;
        _answers.push(Answer(list, time, codeAt(list, time)));
    }

    /// @dev Events of the registries name their index first and their other indexed fields next, and all fields are
    /// static; so the change is the hash of the topics after the index and the data.
    function fold(Vm.Log[] calldata logs) external {
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32[] calldata topics = logs[i].topics;
            require(uint256(topics[1]) == _counts[topics[0]], "the index counts the changes");
            bytes memory change = topics.length == 4
                ? abi.encodePacked(topics[2], topics[3], logs[i].data)
                : abi.encodePacked(topics[2], logs[i].data);
            ++_counts[topics[0]];
            _heads[topics[0]] = keccak256(abi.encode(_heads[topics[0]], keccak256(change)));
        }
    }

    function requireHead(bytes32 topic, uint256 count, bytes32 head) external view {
        require(_counts[topic] == count, "count of changes");
        require(_heads[topic] == head, "running hash");
    }

    function requireAnswersStay() external view {
        for (uint256 i = 0; i < _answers.length; ++i) {
            require(codeAt(_answers[i].list, _answers[i].time) == _answers[i].code, "a past answer has changed");
        }
    }

    function length(bytes32 list) external view returns (uint256) {
        return _seen[list].length;
    }

    function codeAt(bytes32 list, uint64 time) public view returns (uint32 code) {
        return entryAt(list, time, type(uint64).max).code;
    }

    function detailAt(bytes32 list, uint64 time) public view returns (uint32 detail) {
        return entryAt(list, time, type(uint64).max).detail;
    }

    function hasBegun(bytes32 list, uint64 time, uint64 knownAt) public view returns (bool) {
        DatedList.Entry[] storage seen = _seen[list];
        for (uint256 i = 0; i < seen.length; ++i) {
            if (seen[i].recordedAt <= knownAt && seen[i].effectiveFrom <= time) return true;
        }
        return false;
    }

    /// @dev The naive reading: the last entry that covers the time, of those recorded by then.
    function entryAt(bytes32 list, uint64 time, uint64 knownAt) public view returns (DatedList.Entry memory found) {
        DatedList.Entry[] storage seen = _seen[list];
        for (uint256 i = 0; i < seen.length; ++i) {
            DatedList.Entry memory entry = seen[i];
            bool ended = entry.effectiveUntil != 0 && entry.effectiveUntil <= time;
            if (entry.effectiveFrom <= time && !ended && entry.recordedAt <= knownAt) found = entry;
        }
    }
}
