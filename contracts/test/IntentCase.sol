// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IssuerRegistry} from "../src/IssuerRegistry.sol";
import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {IDocumentRegistry} from "../src/interfaces/IDocumentRegistry.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {Consortium} from "./Consortium.sol";

/// @dev A signer for China and what an intent needs: its typed data, its signature.
abstract contract IntentCase is Consortium {
    uint256 internal constant _ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    uint256 internal constant _ACT_KEY = 0xA11CE;
    uint256 internal constant _VOTE_KEY = 0xB0B;
    address internal _signer;

    function setUp() public virtual override {
        super.setUp();
        _signer = VM.addr(_ACT_KEY);
        _byVote(abi.encodeCall(authorities.addAccount, (CN, IAuthorityRegistry.Role.ACT, _signer, 0, 0)));
        _addCarrier();
    }

    function _suspend(uint256 number) internal view returns (IIntents.Intent memory) {
        bytes32[] memory arguments = new bytes32[](2);
        (arguments[0], arguments[1]) = (CARRIER, bytes32(uint256(9)));
        return IIntents.Intent(_signer, "suspendIssuer(bytes32,uint32)", arguments, CARRIER, number, START + 100);
    }

    function _voteIntent(string memory action, uint256 words) internal pure returns (IIntents.Intent memory) {
        return IIntents.Intent(VM.addr(_VOTE_KEY), action, new bytes32[](words), "votes", 0, START);
    }

    function _refuses(IIntents.Intent memory intent, bytes memory signature, bytes memory expected) internal {
        (bool succeeded, bytes memory returned) =
            address(issuers).call(abi.encodeCall(issuers.relay, (intent, signature)));
        require(!succeeded && keccak256(returned) == keccak256(expected), "refused for another reason");
    }

    function _refusesAnotherSigner(IIntents.Intent memory intent, bytes memory signature) internal {
        (bool succeeded, bytes memory returned) =
            address(issuers).call(abi.encodeCall(issuers.relay, (intent, signature)));
        require(!succeeded && bytes4(returned) == IIntents.IntentSignerInvalid.selector, "another reason");
    }

    function _nonceInvalid(uint256 current) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IIntents.IntentNonceInvalid.selector, _signer, CARRIER, current);
    }

    function _sign(IIntents.Intent memory intent, uint256 key) internal view returns (bytes memory) {
        return _signFor(address(issuers), "Portseal IssuerRegistry", intent, key);
    }

    function _signFor(address at, string memory name, IIntents.Intent memory intent, uint256 key)
        internal
        view
        returns (bytes memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, _digestFor(at, name, intent));
        return abi.encodePacked(r, s, v);
    }

    function _digest(IIntents.Intent memory intent) internal view returns (bytes32) {
        return _digestFor(address(issuers), "Portseal IssuerRegistry", intent);
    }

    function _digestFor(address at, string memory name, IIntents.Intent memory intent)
        internal
        view
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                at
            )
        );
        bytes memory words;
        for (uint256 i = 0; i < intent.arguments.length; ++i) {
            words = bytes.concat(words, intent.arguments[i]);
        }
        bytes32 content = keccak256(
            abi.encode(
                keccak256(
                    "Intent(address signer,string action,bytes32[] arguments,bytes32 subject,uint256 nonce,uint256 deadline)"
                ),
                intent.signer,
                keccak256(bytes(intent.action)),
                keccak256(words),
                intent.subject,
                intent.nonce,
                intent.deadline
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, content));
    }
}
