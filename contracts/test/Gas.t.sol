// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {IDocumentRegistry} from "../src/interfaces/IDocumentRegistry.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {IOperatorRegistry} from "../src/interfaces/IOperatorRegistry.sol";
import {IRecognitionRegistry} from "../src/interfaces/IRecognitionRegistry.sol";
import {Consortium} from "./Consortium.sol";

/// @title Every writing call as it is usually made, for the gas table in docs/contracts.md
contract GasTest is Consortium {
    bytes32 private constant _X = keccak256("x");

    function test_VotesAndServiceKeys() external {
        _byVote(abi.encodeCall(authorities.admitMember, ("JP", 0)));
        _byVote(abi.encodeCall(authorities.endMember, ("KR", 0)));
        VM.prank(CN_ACT);
        authorities.addServiceKey(CN, IAuthorityRegistry.Purpose.ANSWERS, KEY, 1, _X, _X, 0, 0);
        VM.prank(CN_ACT);
        authorities.endServiceKey(KEY, 0);
    }

    function test_Issuers() external {
        _addCarrier();
        VM.prank(CN_ACT);
        issuers.suspendIssuer(CARRIER, 1);
        VM.prank(CN_ACT);
        issuers.reinstateIssuer(CARRIER);
        VM.prank(CN_ACT);
        issuers.endAccreditation(CARRIER, BILL, 0);
        VM.prank(CARRIER_ACCOUNT);
        issuers.suspendKey(KEY, 1);
        VM.prank(CN_ACT);
        issuers.reinstateKey(KEY);
        VM.prank(CN_ACT);
        issuers.retireKey(KEY, 0);
        VM.prank(CN_ACT);
        issuers.markCompromised(KEY, 0);
        VM.prank(CN_ACT);
        issuers.endAccount(CARRIER_ACCOUNT, 0);
    }

    function test_Governance() external {
        uint256 proposal = _approved(_one(abi.encodeCall(authorities.changeQuorum, (3))));
        VM.prank(SG_VOTE);
        authorities.withdrawApproval(proposal);
        VM.prank(SG_VOTE);
        authorities.approve(proposal);
        _execute(proposal);
    }

    function test_Bodies() external {
        _addCarrier();
        bytes32[] memory codes = new bytes32[](1);
        codes[0] = "port.cnsha";
        VM.prank(CN_ACT);
        issuers.authorizeBody(CARRIER, 0, 0);
        VM.prank(CN_ACT);
        issuers.addScope(CARRIER, BILL, codes, 0, 0);
        VM.prank(CARRIER_ACCOUNT);
        issuers.addIssuer("cn.agent", CARRIER);
        codes[0] = BILL;
        VM.prank(CARRIER_ACCOUNT);
        issuers.accreditWithin("cn.agent", codes, 4, 0, 0);
        codes[0] = "port.cnsha";
        VM.prank(CARRIER_ACCOUNT);
        issuers.addScope("cn.agent", BILL, codes, 0, 0);
        issuers.covers("cn.agent", BILL, codes, START, START);
    }

    /// @dev As many directions as a party of fifteen has: here between two countries, in fourteen programmes.
    function test_WhatIsRare() external {
        VM.prank(CN_VOTE);
        authorities.proposeUntil(_one(abi.encodeCall(authorities.changeQuorum, (3))), START + 60);
        _addCarrier();
        bytes32[] memory codes = new bytes32[](1);
        codes[0] = "port.cnsha";
        VM.startPrank(CN_ACT);
        issuers.authorizeBody(CARRIER, 0, 0);
        issuers.endBody(CARRIER, 0);
        issuers.addScope(CARRIER, BILL, codes, 0, 0);
        issuers.endScope(CARRIER, BILL, "port.cnsha", 0);
        recognitions.proposeArrangement("cn.rare", "aeo", _X, new bytes2[](0), 0);
        recognitions.inviteParty("cn.rare", "SG");
        IRecognitionRegistry.Terms[] memory terms = new IRecognitionRegistry.Terms[](1);
        terms[0] = IRecognitionRegistry.Terms("cn.rare", _X, "CN", "SG", 1, START, 0);
        recognitions.offer(terms);
        codes[0] = keccak256(abi.encode(terms[0]));
        recognitions.closeOffers(codes);
        VM.stopPrank();
    }

    function test_ManyRecognitions() external {
        bytes2[] memory others = new bytes2[](1);
        others[0] = "SG";
        for (uint256 i = 0; i < 14; ++i) {
            VM.prank(CN_ACT);
            recognitions.proposeArrangement(_arrangement(i), _programme(i), _X, others, 0);
            VM.prank(SG_ACT);
            recognitions.acceptArrangement(_arrangement(i), 0);
        }
        _agree(28);
    }

    function test_Recognitions() external {
        bytes2[] memory others = new bytes2[](14);
        for (uint256 i = 0; i < 14; ++i) {
            others[i] = i == 0 ? bytes2("SG") : bytes2(uint16(0x4141 + i));
        }
        VM.prank(CN_ACT);
        recognitions.proposeArrangement(_arrangement(0), _programme(0), _X, others, 0);
        VM.prank(SG_ACT);
        recognitions.acceptArrangement(_arrangement(0), 0);
        _agree(2);
        IRecognitionRegistry.Direction[] memory one = new IRecognitionRegistry.Direction[](1);
        one[0] = IRecognitionRegistry.Direction(_programme(0), "CN", "SG");
        VM.prank(CN_ACT);
        recognitions.suspend(one, 1);
        VM.prank(CN_ACT);
        recognitions.resume(one);
        VM.prank(SG_ACT);
        recognitions.end(one, 0);
        VM.prank(SG_ACT);
        recognitions.leaveArrangement(_arrangement(0), 0);
        recognitions.recognition(_programme(0), "CN", "SG", START, START);
    }

    function test_OneRecognition() external {
        bytes2[] memory others = new bytes2[](1);
        others[0] = "SG";
        VM.prank(CN_ACT);
        recognitions.proposeArrangement(_arrangement(0), _programme(0), _X, others, 0);
        VM.prank(SG_ACT);
        recognitions.acceptArrangement(_arrangement(0), 0);
        _agree(1);
    }

    function test_Operators() external {
        IOperatorRegistry.Grant[] memory grants = new IOperatorRegistry.Grant[](1);
        grants[0] = IOperatorRegistry.Grant("AEOCN1234567890", 1, 1, 0, 0);
        VM.prank(CN_ACT);
        operators.grant(grants);
        bytes32[] memory one = new bytes32[](1);
        one[0] = keccak256("AEOCN1234567890");
        VM.prank(CN_ACT);
        operators.suspend(one, 1);
        VM.prank(CN_ACT);
        operators.reinstate(one);
        VM.prank(CN_ACT);
        operators.end(one, 0);
        IOperatorRegistry.AliasGrant[] memory aliases = new IOperatorRegistry.AliasGrant[](1);
        aliases[0] = IOperatorRegistry.AliasGrant(one[0], SG, "CN12345678901234567", 0, 0);
        VM.prank(CN_ACT);
        operators.addAliases(aliases);
        one[0] = operators.aliasId(CN, SG, "CN12345678901234567");
        VM.prank(CN_ACT);
        operators.endAliases(one, 0);
        operators.status(CN, keccak256("AEOCN1234567890"), START, START);
    }

    function test_ManyOperators() external {
        IOperatorRegistry.Grant[] memory grants = new IOperatorRegistry.Grant[](30);
        bytes32[] memory ids = new bytes32[](30);
        for (uint256 i = 0; i < 30; ++i) {
            grants[i] = IOperatorRegistry.Grant(string.concat("AEOCN12345678", string(_digits(i))), 1, 1, 0, 0);
            ids[i] = keccak256(bytes(grants[i].code));
        }
        VM.prank(CN_ACT);
        operators.grant(grants);
        VM.prank(CN_ACT);
        operators.suspend(ids, 1);
    }

    function test_Intents() external {
        address signer = VM.addr(7);
        _byVote(abi.encodeCall(authorities.addAccount, (CN, IAuthorityRegistry.Role.ACT, signer, 0, 0)));
        _addCarrier();
        bytes32[] memory arguments = new bytes32[](2);
        (arguments[0], arguments[1]) = (CARRIER, bytes32(uint256(1)));
        IIntents.Intent memory intent =
            IIntents.Intent(signer, "suspendIssuer(bytes32,uint32)", arguments, CARRIER, 0, START);
        issuers.relay(intent, _signature(intent));
        VM.prank(signer);
        issuers.skipNonce(CARRIER);
    }

    function test_Documents() external {
        _addCarrier();
        _warmUp();
        IDocumentRegistry.Batch[] memory batches = new IDocumentRegistry.Batch[](100);
        IDocumentRegistry.StatusChange[] memory changes = new IDocumentRegistry.StatusChange[](100);
        for (uint256 i = 0; i < 100; ++i) {
            bytes32 some = keccak256(abi.encode(i));
            batches[i] = IDocumentRegistry.Batch(some, 1000, some);
            changes[i] =
                IDocumentRegistry.StatusChange(CARRIER, some, IDocumentRegistry.Status.REVOKED, 1, bytes32(0));
        }
        VM.prank(CN_ANCHOR);
        documents.anchor(_X, 1000, _X);
        VM.prank(CN_ANCHOR);
        documents.anchorMany(batches);
        VM.prank(CARRIER_ACCOUNT);
        documents.setStatus(IDocumentRegistry.StatusChange(CARRIER, _X, IDocumentRegistry.Status.SUPERSEDED, 1, KEY));
        VM.prank(CARRIER_ACCOUNT);
        documents.setStatuses(changes);
    }

    /// @dev The first change of a kind also fills the slots of its running hash; what follows does not.
    function _warmUp() private {
        bytes32 first = keccak256("first");
        VM.prank(CN_ANCHOR);
        documents.anchorMany(_oneBatch(first));
        VM.prank(CARRIER_ACCOUNT);
        documents.setStatuses(_oneChange(first));
    }

    function _oneBatch(bytes32 some) private pure returns (IDocumentRegistry.Batch[] memory batches) {
        batches = new IDocumentRegistry.Batch[](1);
        batches[0] = IDocumentRegistry.Batch(some, 1, some);
    }

    function _oneChange(bytes32 digest) private pure returns (IDocumentRegistry.StatusChange[] memory changes) {
        changes = new IDocumentRegistry.StatusChange[](1);
        changes[0] = IDocumentRegistry.StatusChange(CARRIER, digest, IDocumentRegistry.Status.REVOKED, 1, bytes32(0));
    }

    function _agree(uint256 count) private {
        IRecognitionRegistry.Terms[] memory terms = new IRecognitionRegistry.Terms[](count);
        bytes32[] memory offers = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            (bytes2 first, bytes2 second) = i % 2 == 0 ? (bytes2("CN"), bytes2("SG")) : (bytes2("SG"), bytes2("CN"));
            terms[i] = IRecognitionRegistry.Terms(_arrangement(i / 2), _X, first, second, 1, START, 0);
            offers[i] = keccak256(abi.encode(terms[i]));
        }
        VM.prank(CN_ACT);
        recognitions.offer(terms);
        VM.prank(SG_ACT);
        recognitions.accept(offers);
    }

    function _arrangement(uint256 number) private pure returns (bytes32) {
        return bytes32(abi.encodePacked("cn.many", _digits(number)));
    }

    function _programme(uint256 number) private pure returns (bytes32) {
        return bytes32(abi.encodePacked("p", _digits(number)));
    }

    function _signature(IIntents.Intent memory intent) private view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Portseal IssuerRegistry"),
                keccak256("1"),
                block.chainid,
                address(issuers)
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
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(7, keccak256(abi.encodePacked(hex"1901", domain, content)));
        return abi.encodePacked(r, s, v);
    }

    function _digits(uint256 number) private pure returns (bytes memory) {
        return abi.encodePacked(uint8(48 + number / 10), uint8(48 + number % 10));
    }
}
