// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../DatedList.sol";

/// @title Authorised economic operators, each by the code that its customs gave it
/// @notice Only customs write, by an ACT account, about their own operators. An operator is named keccak256 of its
/// code, 1 to 64 printable ASCII characters; the code itself stands in state. Dates are seconds since the epoch;
/// `effectiveFrom` 0 means now, `effectiveUntil` 0 without end. Only the first entry of a list may start in the past:
/// what was granted before it was entered here. `recordedAt` says since when it was known here.
interface IOperatorRegistry {
    /// @notice The kinds of change that have a running hash each (`changes`).
    enum Change {
        OPERATOR,
        SUSPENSION,
        ALIAS
    }

    /// @notice LEFT: the authority's office, or its country's membership, has ended.
    enum State {
        NONE,
        AUTHORIZED,
        SUSPENDED,
        ENDED,
        LEFT
    }

    /// @param roles sum of bits as in IRecognitionRegistry.Terms, below 2^24; 0 = not stated
    struct Grant {
        string code;
        uint8 tier;
        uint32 roles;
        uint64 effectiveFrom;
        uint64 effectiveUntil;
    }

    /// @param counterpart who uses the code: an authority's id (`cn.customs`) or another one (`asean`)
    struct AliasGrant {
        bytes32 operator;
        bytes32 counterpart;
        string code;
        uint64 effectiveFrom;
        uint64 effectiveUntil;
    }

    struct Alias {
        bytes32 operator;
        bytes32 counterpart;
        string code;
    }

    struct Status {
        State state;
        uint8 tier;
        uint32 roles;
    }

    /// @param entry code 1 authorized (detail: tier times 2^24, plus the roles), 0 ended
    event OperatorChanged(
        uint256 indexed index, bytes32 indexed authority, bytes32 indexed operator, DatedList.Entry entry
    );
    /// @param entry code 1 suspended (detail: the reason), 0 reinstated
    event SuspensionChanged(
        uint256 indexed index, bytes32 indexed authority, bytes32 indexed operator, DatedList.Entry entry
    );
    /// @param id keccak256 of the ABI encoded authority, counterpart and keccak256 of the code
    /// @param entry code 1 in use, 0 ended
    event AliasChanged(
        uint256 indexed index,
        bytes32 indexed authority,
        bytes32 indexed operator,
        bytes32 counterpart,
        bytes32 id,
        DatedList.Entry entry
    );

    error OperatorRegistryNoContract(address account);
    error OperatorRegistryNotCustoms(address account);
    error OperatorRegistryCodeInvalid(string code);
    error OperatorRegistryRolesInvalid(uint32 roles);
    error OperatorRegistryCounterpartInvalid(bytes32 counterpart);
    error OperatorRegistryOperatorUnknown(bytes32 authority, bytes32 operator);
    error OperatorRegistrySuspended(bytes32 operator);
    error OperatorRegistryNotSuspended(bytes32 operator);
    /// @notice The counterpart knows another operator of this authority by that code.
    error OperatorRegistryAliasTaken(bytes32 id, bytes32 operator);
    error OperatorRegistryAliasUnknown(bytes32 id);

    // --- by customs, about their own operators; all or none of a list ----------------------------------------------

    /// @notice Enters operators, or gives them another term, tier or roles from a date on.
    function grant(Grant[] calldata grants) external;

    /// @notice May move earlier only.
    function end(bytes32[] calldata operators_, uint64 effectiveFrom) external;

    /// @notice In this block.
    function suspend(bytes32[] calldata operators_, uint32 reason) external;

    function reinstate(bytes32[] calldata operators_) external;

    /// @notice The codes by which others know an operator; a code stays with its operator for ever.
    function addAliases(AliasGrant[] calldata grants) external;

    function endAliases(bytes32[] calldata ids, uint64 effectiveFrom) external;

    // --- reads -----------------------------------------------------------------------------------------------------

    function operatorCount(bytes32 authority) external view returns (uint256);

    /// @notice At most `count` operators that were ever entered, from number `first` on, counted from 0.
    function operators(bytes32 authority, uint256 first, uint256 count) external view returns (bytes32[] memory);

    /// @notice Empty if the operator was never entered.
    function code(bytes32 authority, bytes32 operator) external view returns (string memory);

    function operatorEntries(bytes32 authority, bytes32 operator) external view returns (DatedList.Entry[] memory);

    function suspensionEntries(bytes32 authority, bytes32 operator) external view returns (DatedList.Entry[] memory);

    /// @notice The answer for `time`, as known at `knownAt`; tier and roles where it was authorized then.
    function status(bytes32 authority, bytes32 operator, uint64 time, uint64 knownAt)
        external
        view
        returns (Status memory);

    /// @notice Every alias that the operator ever had.
    function aliases(bytes32 authority, bytes32 operator) external view returns (bytes32[] memory ids);

    function aliasOf(bytes32 id) external view returns (Alias memory);

    function aliasEntries(bytes32 id) external view returns (DatedList.Entry[] memory);

    function changes(Change kind) external view returns (uint256 count, bytes32 head);

    function aliasId(bytes32 authority, bytes32 counterpart, string calldata code_) external pure returns (bytes32);
}
