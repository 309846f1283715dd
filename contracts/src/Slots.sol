// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Many storage slots in one call, for who asks about many facts at one block
abstract contract Slots {
    // solhint-disable no-inline-assembly
    /// @notice The words at these places, which follow from the storage layout.
    function slots(bytes32[] calldata places) external view returns (bytes32[] memory words) {
        words = new bytes32[](places.length);
        for (uint256 i = 0; i < places.length; ++i) {
            bytes32 place = places[i];
            bytes32 word;
            assembly ("memory-safe") {
                word := sload(place)
            }
            words[i] = word;
        }
    }
    // solhint-enable no-inline-assembly
}
