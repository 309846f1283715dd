// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IIntents} from "./interfaces/IIntents.sol";

/// @title Every function by signed intent
/// @notice A contract that inherits this asks `_actor()` in place of msg.sender, and needs no twin of any function.
/// @dev The contract calls itself and appends the actor to the call's data. Nothing else makes it call itself, so the
/// last 20 bytes of a call by itself are always its own. Every frame carries its actor; nothing is kept between calls.
abstract contract Intents is IIntents, EIP712 {
    // solhint-disable-next-line gas-small-strings
    bytes32 private constant _INTENT_TYPEHASH = keccak256(
        "Intent(address signer,string action,bytes32[] arguments,bytes32 subject,uint256 nonce,uint256 deadline)"
    );

    mapping(address signer => mapping(bytes32 subject => uint256)) private _nonces;

    constructor(string memory name) EIP712(name, "1") {}

    /// @inheritdoc IIntents
    function relay(Intent calldata intent, bytes calldata signature) external returns (bytes memory returned) {
        if (block.timestamp > intent.deadline) revert IntentExpired(intent.deadline);
        address signer = ECDSA.recover(_hashTypedDataV4(_hash(intent)), signature);
        if (signer != intent.signer) revert IntentSignerInvalid(signer, intent.signer);
        uint256 current = _nonces[signer][intent.subject];
        if (intent.nonce != current) revert IntentNonceInvalid(signer, intent.subject, current);
        _nonces[signer][intent.subject] = current + 1;
        bytes memory call = abi.encodePacked(bytes4(keccak256(bytes(intent.action))), intent.arguments);
        bool understood;
        (understood, returned) = _callAs(signer, call);
        if (!understood) revert IntentActionInvalid(intent.action);
    }

    /// @inheritdoc IIntents
    function skipNonce(bytes32 subject) external {
        ++_nonces[_actor()][subject];
    }

    /// @inheritdoc IIntents
    function nonce(address signer, bytes32 subject) external view returns (uint256) {
        return _nonces[signer][subject];
    }

    /// @dev Calls this contract as `actor` and passes on what it reverts with; false if it reverted without a word.
    // solhint-disable avoid-low-level-calls, no-inline-assembly
    function _callAs(address actor, bytes memory call) internal returns (bool understood, bytes memory returned) {
        // A selector and whole words: so the appended actor is never read as part of the arguments.
        if (call.length % 32 != 4) return (false, "");
        (understood, returned) = address(this).call(abi.encodePacked(call, actor));
        if (understood || returned.length == 0) return (understood, returned);
        assembly ("memory-safe") {
            revert(add(returned, 0x20), mload(returned))
        }
    }

    // solhint-enable avoid-low-level-calls, no-inline-assembly

    /// @dev Who acts: the sender, or the signer of the intent, or this contract itself by vote.
    function _actor() internal view returns (address) {
        if (msg.sender != address(this)) return msg.sender;
        return address(bytes20(msg.data[msg.data.length - 20:]));
    }

    function _hash(Intent calldata intent) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                _INTENT_TYPEHASH,
                intent.signer,
                keccak256(bytes(intent.action)),
                keccak256(abi.encodePacked(intent.arguments)),
                intent.subject,
                intent.nonce,
                intent.deadline
            )
        );
    }
}
