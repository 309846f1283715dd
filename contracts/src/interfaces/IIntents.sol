// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Calls that their author signs and anybody submits
/// @notice EIP-712 typed data under the domain of this contract (`eip712Domain`: name, version "1", chain id, address).
/// The type is Intent(address signer,string action,bytes32[] arguments,bytes32 subject,uint256 nonce,uint256 deadline).
/// A wallet thus shows the function by its name and every argument as a word of its own.
/// Signers are accounts with a key; contracts as signers (EIP-1271) are not served.
interface IIntents {
    /// @param signer as whom the function runs
    /// @param action the function's signature, `suspendIssuer(bytes32,uint32)`; the call's selector is made from it
    /// @param arguments their ABI encoding, word by word
    /// @param subject nonces count per signer and subject, so that what waits for one subject holds up no other. By
    /// custom the id that the call is about; any other word opens a lane of its own, for what is urgent
    /// @param deadline seconds since the epoch, inclusive
    struct Intent {
        address signer;
        string action;
        bytes32[] arguments;
        bytes32 subject;
        uint256 nonce;
        uint256 deadline;
    }

    error IntentExpired(uint256 deadline);
    /// @notice Also where the intent was signed for another chain, contract or content.
    error IntentSignerInvalid(address recovered, address signer);
    error IntentNonceInvalid(address signer, bytes32 subject, uint256 current);
    /// @notice This contract has no such function, or not with these arguments.
    error IntentActionInvalid(string action);

    /// @notice Calls this contract's own function as the signer. What it reverts with is passed on, and the nonce
    /// then stays unused.
    /// @return returned what the function returned, ABI encoded
    function relay(Intent calldata intent, bytes calldata signature) external returns (bytes memory returned);

    /// @notice Makes void what was signed for this nonce of the caller's and not submitted yet.
    function skipNonce(bytes32 subject) external;

    /// @notice The nonce that the signer's next intent for the subject must state, from 0.
    function nonce(address signer, bytes32 subject) external view returns (uint256);
}
