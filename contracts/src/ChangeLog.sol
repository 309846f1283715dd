// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title A change count and a running hash, so that a list of changes can be proved complete against one slot
library ChangeLog {
    struct Log {
        uint256 count;
        bytes32 head;
    }

    /// @notice head = keccak256(head, change); the first head is zero.
    /// @param change keccak256 of abi.encode of the event's fields, in the order of the event
    /// @return index the number of this change, from 0
    function append(Log storage log, bytes32 change) internal returns (uint256 index) {
        index = log.count;
        log.count = index + 1;
        log.head = keccak256(abi.encode(log.head, change));
    }
}
