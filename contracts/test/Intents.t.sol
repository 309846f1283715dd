// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IssuerRegistry} from "../src/IssuerRegistry.sol";
import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {IDocumentRegistry} from "../src/interfaces/IDocumentRegistry.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {IntentCase} from "./IntentCase.sol";

contract IntentsTest is IntentCase {
    function test_AnybodySubmitsWhatTheSignerMayDo() external {
        IIntents.Intent memory intent = _suspend(0);
        VM.prank(STRANGER);
        issuers.relay(intent, _sign(intent, _ACT_KEY));
        require(_last(issuers.issuerEntries(CARRIER)).code == 2, "suspended");
        require(_last(issuers.issuerHoldEntries(CARRIER)).code == 3, "by the authority");
        require(issuers.nonce(_signer, CARRIER) == 1 && issuers.nonce(_signer, "other") == 0, "one used");
    }

    function test_WhoMayNotDoItMayNotSignItEither() external {
        IIntents.Intent memory intent = _suspend(0);
        intent.signer = VM.addr(7);
        _refuses(
            intent,
            _sign(intent, 7),
            abi.encodeWithSelector(IIssuerRegistry.IssuerRegistryNotAccreditor.selector, intent.signer, CARRIER)
        );
        require(issuers.nonce(intent.signer, CARRIER) == 0, "what failed uses no nonce");
    }

    function test_OnceOnly() external {
        IIntents.Intent memory intent = _suspend(0);
        bytes memory signature = _sign(intent, _ACT_KEY);
        issuers.relay(intent, signature);
        VM.prank(CN_ACT);
        issuers.reinstateIssuer(CARRIER);
        _refuses(intent, signature, _nonceInvalid(1));
    }

    function testFuzz_TheNonceIsTheNextOne(uint256 number) external {
        VM.assume(number != 0);
        IIntents.Intent memory intent = _suspend(number);
        _refuses(intent, _sign(intent, _ACT_KEY), _nonceInvalid(0));
    }

    /// @dev The first intent for the carrier waits (for a kind that no id is); another subject goes by.
    function test_OneThatWaitsHoldsUpNoOtherSubject() external {
        IIntents.Intent memory waits = _suspend(5);
        IIntents.Intent memory urgent = _suspend(0);
        urgent.subject = "urgent";
        _refuses(waits, _sign(waits, _ACT_KEY), _nonceInvalid(0));
        issuers.relay(urgent, _sign(urgent, _ACT_KEY));
        require(issuers.nonce(_signer, CARRIER) == 0 && issuers.nonce(_signer, "urgent") == 1, "a lane of its own");
    }

    function testFuzz_UntilItsDeadline(uint64 time) external {
        IIntents.Intent memory intent = _suspend(0);
        time = uint64(_bound(time, START, START + 200));
        VM.warp(time);
        bytes memory signature = _sign(intent, _ACT_KEY);
        if (time <= intent.deadline) {
            issuers.relay(intent, signature);
        } else {
            _refuses(intent, signature, abi.encodeWithSelector(IIntents.IntentExpired.selector, intent.deadline));
        }
    }

    function test_InItsLastSecondAndNoLonger() external {
        IIntents.Intent memory intent = _suspend(0);
        bytes memory signature = _sign(intent, _ACT_KEY);
        VM.warp(intent.deadline + 1);
        _refuses(intent, signature, abi.encodeWithSelector(IIntents.IntentExpired.selector, intent.deadline));
        VM.warp(intent.deadline);
        issuers.relay(intent, signature);
    }

    function test_NotOnAnotherChain() external {
        IIntents.Intent memory intent = _suspend(0);
        bytes memory signature = _sign(intent, _ACT_KEY);
        VM.chainId(block.chainid + 1);
        _refusesAnotherSigner(intent, signature);
    }

    function test_NotInAnotherContract() external {
        IIntents.Intent memory intent = _suspend(0);
        bytes memory signature = _sign(intent, _ACT_KEY);
        issuers = new IssuerRegistry(address(authorities));
        _refusesAnotherSigner(intent, signature);
    }

    /// @dev Whatever is changed after signing, somebody else seems to have signed it.
    function test_NothingCanBeChanged() external {
        bytes memory signature = _sign(_suspend(0), _ACT_KEY);
        for (uint256 i = 0; i < 5; ++i) {
            IIntents.Intent memory intent = _suspend(0);
            if (i == 0) intent.action = "suspendKey(bytes32,uint32)";
            if (i == 1) intent.arguments[1] = bytes32(uint256(10));
            if (i == 2) intent.subject = "other";
            if (i == 3) intent.deadline += 1;
            if (i == 4) intent.signer = CN_ACT;
            _refusesAnotherSigner(intent, signature);
        }
    }

    function test_OneFormOfSignatureOnly() external {
        IIntents.Intent memory intent = _suspend(0);
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(_ACT_KEY, _digest(intent));
        bytes32 high = bytes32(_ORDER - uint256(s));
        _refuses(
            intent,
            abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27)),
            abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, high)
        );
        bytes memory compact = abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
        _refuses(intent, compact, abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureLength.selector, 64));
        _refuses(
            intent, abi.encodePacked(r, s, uint8(3)), abi.encodeWithSelector(ECDSA.ECDSAInvalidSignature.selector)
        );
    }

    function test_SkippingMakesVoidWhatWasSigned() external {
        IIntents.Intent memory intent = _suspend(0);
        VM.prank(_signer);
        issuers.skipNonce(CARRIER);
        _refuses(intent, _sign(intent, _ACT_KEY), _nonceInvalid(1));
        IIntents.Intent memory skip = _suspend(0);
        (skip.subject, skip.action) = ("urgent", "skipNonce(bytes32)");
        skip.arguments = new bytes32[](1);
        skip.arguments[0] = CARRIER;
        VM.prank(STRANGER);
        issuers.relay(skip, _sign(skip, _ACT_KEY));
        require(issuers.nonce(_signer, CARRIER) == 2 && issuers.nonce(STRANGER, CARRIER) == 0, "the signer's own");
    }

    function test_WhatTheContractDoesNotUnderstand() external {
        string[3] memory actions = ["", "nothing()", "suspendIssuer(bytes32)"];
        for (uint256 i = 0; i < actions.length; ++i) {
            IIntents.Intent memory intent = _suspend(0);
            intent.action = actions[i];
            _refuses(
                intent,
                _sign(intent, _ACT_KEY),
                abi.encodeWithSelector(IIntents.IntentActionInvalid.selector, actions[i])
            );
        }
        IIntents.Intent memory short = _suspend(0);
        short.arguments = new bytes32[](1);
        _refuses(
            short, _sign(short, _ACT_KEY), abi.encodeWithSelector(IIntents.IntentActionInvalid.selector, short.action)
        );
    }

    /// @dev Words that follow the arguments, as an actor of one's own would, change nothing about who acts.
    function testFuzz_NobodyPassesForAnother(address victim) external {
        VM.assume(victim != STRANGER);
        _assumeOutside(victim);
        bytes memory call = abi.encodePacked(abi.encodeCall(issuers.suspendIssuer, (CARRIER, 1)), CN_ACT);
        VM.prank(STRANGER);
        (bool succeeded, bytes memory returned) = address(issuers).call(call);
        bytes4 refused = IIssuerRegistry.IssuerRegistryNotAccreditor.selector;
        require(!succeeded && bytes4(returned) == refused, "by a stranger");
        IIntents.Intent memory intent = _suspend(0);
        intent.signer = VM.addr(7);
        intent.arguments = new bytes32[](4);
        intent.arguments[0] = CARRIER;
        intent.arguments[2] = bytes32(uint256(uint160(CN_ACT)) << 96);
        intent.arguments[3] = bytes32(uint256(uint160(victim)) << 96);
        _refuses(intent, _sign(intent, 7), abi.encodeWithSelector(refused, intent.signer, CARRIER));
    }

    /// @dev A call of the contract by itself is what a vote makes; an intent is one too and must not pass for it.
    function test_AnIntentIsNoVote() external {
        IIntents.Intent memory intent = _voteIntent("admitMember(bytes2,uint64)", 2);
        intent.arguments[0] = "JP";
        bytes memory signature = _signFor(address(authorities), "Portseal AuthorityRegistry", intent, _VOTE_KEY);
        (bool succeeded, bytes memory returned) =
            address(authorities).call(abi.encodeCall(authorities.relay, (intent, signature)));
        require(!succeeded, "refused");
        require(
            keccak256(returned)
                == keccak256(
                    abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryNotByVote.selector, VM.addr(_VOTE_KEY))
                ),
            "not by vote"
        );
    }

    function test_AVoteByIntent() external {
        _byVote(abi.encodeCall(authorities.addAccount, (KR, IAuthorityRegistry.Role.VOTE, VM.addr(_VOTE_KEY), 0, 0)));
        VM.prank(CN_VOTE);
        uint256 proposal = authorities.propose(_one(abi.encodeCall(authorities.admitMember, ("JP", 0))));
        string[2] memory actions = ["approve(uint256)", "execute(uint256)"];
        for (uint256 i = 0; i < 2; ++i) {
            IIntents.Intent memory intent = _voteIntent(actions[i], 1);
            (intent.arguments[0], intent.nonce) = (bytes32(proposal), i);
            bytes memory signature = _signFor(address(authorities), "Portseal AuthorityRegistry", intent, _VOTE_KEY);
            authorities.relay(intent, signature);
        }
        require(authorities.memberEntries("JP").length == 1, "admitted by China and Korea");
    }

    function test_AnAnchoringByIntentNamesTheSigner() external {
        address anchors = VM.addr(9);
        _byVote(abi.encodeCall(authorities.addAccount, (CN, IAuthorityRegistry.Role.ANCHOR, anchors, 0, 0)));
        IIntents.Intent memory intent =
            IIntents.Intent(anchors, "anchor(bytes32,uint64,bytes32)", new bytes32[](3), "root", 0, START);
        (intent.arguments[0], intent.arguments[1], intent.arguments[2]) = ("root", bytes32(uint256(5)), "manifest");
        VM.prank(STRANGER);
        documents.relay(intent, _signFor(address(documents), "Portseal DocumentRegistry", intent, 9));
        IDocumentRegistry.Anchoring memory anchored = documents.anchoring("root", 5, "manifest");
        require(anchored.account == anchors && anchored.anchoredAt == START, "not the one who submitted it");
    }

    function test_WhatAFunctionReturnsIsReturned() external {
        IIntents.Intent memory intent = _suspend(0);
        intent.action = "accreditor(bytes32)";
        require(abi.decode(issuers.relay(intent, _sign(intent, _ACT_KEY)), (bytes32)) == CN, "its accreditor");
    }

    function test_TheDomainCanBeRead() external view {
        (bytes1 fields, string memory name, string memory version, uint256 chainId, address at,,) =
            issuers.eip712Domain();
        require(fields == 0x0f && at == address(issuers) && chainId == block.chainid, "EIP-5267");
        require(keccak256(bytes(name)) == keccak256("Portseal IssuerRegistry"), "name");
        require(keccak256(bytes(version)) == keccak256("1"), "version");
    }
}
