// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {OperatorRegistry} from "../src/OperatorRegistry.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {Consortium} from "./Consortium.sol";
import {Cheats} from "./Vm.sol";

/// @title Intents are signed, kept, submitted in any order, again and elsewhere; each has its effect once at most
contract IntentHandler is Cheats {
    struct Signed {
        IIntents.Intent intent;
        bytes signature;
        uint256 at;
        bool relayed;
    }

    uint256 internal constant KEY = 0xA11CE;
    bytes32[3] internal subjects = [bytes32("a"), "b", "urgent"];
    OperatorRegistry[2] internal registries;
    Signed[] internal signed;

    constructor(OperatorRegistry first, OperatorRegistry second) {
        registries = [first, second];
    }

    /// @dev The effect is that of `skipNonce`: a nonce of another subject counts up.
    function sign(uint256 seed) external {
        uint256 at = seed % 2;
        bytes32 subject = subjects[(seed >> 8) % 3];
        address signer = VM.addr(KEY);
        IIntents.Intent memory intent;
        (intent.signer, intent.subject) = (signer, subject);
        intent.action = "skipNonce(bytes32)";
        intent.arguments = new bytes32[](1);
        intent.arguments[0] = bytes32(uint256(1) << 255 | seed);
        intent.nonce = registries[at].nonce(signer, subject) + (seed >> 16) % 3;
        intent.deadline = block.timestamp + (seed >> 24) % 100;
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(KEY, _digest(address(registries[at]), intent));
        signed.push(Signed(intent, abi.encodePacked(r, s, v), at, false));
    }

    function relay(uint256 seed, uint256 place) external {
        if (signed.length == 0) return;
        Signed storage one = signed[seed % signed.length];
        uint256 at = place % 2;
        uint256 current = registries[at].nonce(one.intent.signer, one.intent.subject);
        VM.prank(address(uint160(place)));
        (bool succeeded,) =
            address(registries[at]).call(abi.encodeCall(registries[at].relay, (one.intent, one.signature)));
        bool due = at == one.at && one.intent.nonce == current && block.timestamp <= one.intent.deadline;
        require(succeeded == due, "exactly when it is due, whatever waits elsewhere");
        if (!succeeded) return;
        require(!one.relayed, "relayed twice");
        one.relayed = true;
        require(registries[at].nonce(one.intent.signer, one.intent.subject) == current + 1, "one nonce is used");
        require(registries[at].nonce(one.intent.signer, one.intent.arguments[0]) != 0, "and it has its effect");
    }

    function skip(uint256 seed) external {
        if (seed % 4 != 0) return;
        VM.prank(VM.addr(KEY));
        registries[seed % 2].skipNonce(subjects[(seed >> 8) % 3]);
    }

    function wait(uint256 time) external {
        VM.warp(block.timestamp + _bound(time, 0, 30));
    }

    function _digest(address at, IIntents.Intent memory intent) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Portseal OperatorRegistry"),
                keccak256("1"),
                block.chainid,
                at
            )
        );
        bytes memory kind =
            "Intent(address signer,string action,bytes32[] arguments,bytes32 subject,uint256 nonce,uint256 deadline)";
        bytes32 content = keccak256(
            abi.encode(
                keccak256(kind),
                intent.signer,
                keccak256(bytes(intent.action)),
                keccak256(abi.encodePacked(intent.arguments)),
                intent.subject,
                intent.nonce,
                intent.deadline
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, content));
    }
}

contract IntentInvariantTest is Consortium {
    IntentHandler private _handler;

    function setUp() public override {
        super.setUp();
        _handler = new IntentHandler(operators, new OperatorRegistry(address(authorities)));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev What is required of every relay stands in the handler.
    function invariant_AStrangerHasNoNonce() external view {
        require(operators.nonce(STRANGER, "a") == 0, "relaying is not signing");
    }
}
