// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {Consortium} from "./Consortium.sol";

/// @title Authority -> body -> issuer: what the council of chambers may grant, and who undoes whose suspension
contract BodiesTest is Consortium {
    bytes32 private constant _COUNCIL = "cn.council";
    bytes32 private constant _LOCAL = "cn.local";
    bytes32 private constant _ORIGIN = "certificate-of-origin";
    bytes32 private constant _KEY = keccak256("local key");
    bytes32 private constant _RCEP = "agreement.rcep";
    address private immutable _COUNCIL_ACCOUNT = _address("council");
    address private immutable _LOCAL_ACCOUNT = _address("local");

    /// @dev The council: certificates of origin until START + 1000, a body from START + 100 to START + 900.
    function setUp() public override {
        super.setUp();
        _as(CN_ACT, abi.encodeCall(issuers.addIssuer, (_COUNCIL, CN)));
        _as(CN_ACT, abi.encodeCall(issuers.accreditWithin, (_COUNCIL, _list(_ORIGIN), 1, START + 50, START + 1000)));
        _as(CN_ACT, abi.encodeCall(issuers.addScope, (_COUNCIL, _ORIGIN, _list(_RCEP), START + 50, START + 800)));
        _as(CN_ACT, abi.encodeCall(issuers.addAccount, (_COUNCIL, _COUNCIL_ACCOUNT, 0, 0)));
        _as(CN_ACT, abi.encodeCall(issuers.authorizeBody, (_COUNCIL, START + 100, START + 900)));
        VM.warp(START + 100);
        _as(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.addIssuer, (_LOCAL, _COUNCIL)));
        _as(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.addAccount, (_LOCAL, _LOCAL_ACCOUNT, 0, 0)));
        _as(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.addKey, (_LOCAL, _KEY, 2, "x", 0, 0, 0)));
    }

    function test_WhoHasWhichPower() external {
        require(issuers.accreditor(_LOCAL) == _COUNCIL && issuers.authorityOf(_LOCAL) == CN, "the chain");
        require(issuers.accreditor(_COUNCIL) == CN && issuers.authorityOf(_COUNCIL) == CN, "its upper part");
        _requirePower(_LOCAL_ACCOUNT, IIssuerRegistry.Power.ISSUER);
        _requirePower(_COUNCIL_ACCOUNT, IIssuerRegistry.Power.BODY);
        _requirePower(CN_ACT, IIssuerRegistry.Power.AUTHORITY);
        _requirePower(SG_ACT, IIssuerRegistry.Power.NONE);
        require(issuers.powerOver(_COUNCIL_ACCOUNT, _COUNCIL) == IIssuerRegistry.Power.ISSUER, "not over itself");
        require(issuers.powerOver(_LOCAL_ACCOUNT, _COUNCIL) == IIssuerRegistry.Power.NONE, "nor upwards");
        VM.warp(START + 900);
        _requirePower(_COUNCIL_ACCOUNT, IIssuerRegistry.Power.NONE);
    }

    function test_ABodyMustBeInForce() external {
        _as(CN_ACT, abi.encodeCall(issuers.suspendIssuer, (_COUNCIL, 1)));
        _requirePower(_COUNCIL_ACCOUNT, IIssuerRegistry.Power.NONE);
        bytes memory add = abi.encodeCall(issuers.addIssuer, ("cn.other", _COUNCIL));
        _refuses(_COUNCIL_ACCOUNT, add, IIssuerRegistry.IssuerRegistryNotAccreditor.selector);
        _refuses(CN_ACT, add, IIssuerRegistry.IssuerRegistryBodyInvalid.selector);
        _as(CN_ACT, abi.encodeCall(issuers.reinstateIssuer, (_COUNCIL)));
        _requirePower(_COUNCIL_ACCOUNT, IIssuerRegistry.Power.BODY);
        _as(CN_ACT, abi.encodeCall(issuers.endBody, (_COUNCIL, 0)));
        _requirePower(_COUNCIL_ACCOUNT, IIssuerRegistry.Power.NONE);
        require(issuers.bodyEntries(_COUNCIL).length == 2, "kept");
    }

    function test_ABodyWhoseAuthorityLeftHasNoPower() external {
        _byVote(abi.encodeCall(authorities.endMember, ("CN", START + 200)));
        VM.warp(START + 200);
        _requirePower(_COUNCIL_ACCOUNT, IIssuerRegistry.Power.NONE);
        _requirePower(_LOCAL_ACCOUNT, IIssuerRegistry.Power.ISSUER);
    }

    function test_ABodyMakesNoBodies() external {
        bytes memory authorize = abi.encodeCall(issuers.authorizeBody, (_LOCAL, 0, 0));
        _refuses(_COUNCIL_ACCOUNT, authorize, IIssuerRegistry.IssuerRegistryNotAccreditor.selector);
        _refuses(CN_ACT, authorize, IIssuerRegistry.IssuerRegistryBodyInvalid.selector);
        bytes memory under = abi.encodeCall(issuers.addIssuer, ("cn.deeper", _LOCAL));
        _refuses(_LOCAL_ACCOUNT, under, IIssuerRegistry.IssuerRegistryNotAccreditor.selector);
        _refuses(CN_ACT, under, IIssuerRegistry.IssuerRegistryBodyInvalid.selector);
    }

    function test_OnlyTheAuthorityMakesBodies() external {
        bytes4 refused = IIssuerRegistry.IssuerRegistryNotAccreditor.selector;
        _refuses(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.authorizeBody, (_COUNCIL, 0, 0)), refused);
        _refuses(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.endBody, (_COUNCIL, 0)), refused);
        _refuses(SG_ACT, abi.encodeCall(issuers.authorizeBody, (_COUNCIL, 0, 0)), refused);
        _as(CN_ACT, abi.encodeCall(issuers.addIssuer, ("cn.other", CN)));
        _refuses(
            CN_ACT,
            abi.encodeCall(issuers.endBody, ("cn.other", 0)),
            IIssuerRegistry.IssuerRegistryBodyInvalid.selector
        );
    }

    function test_AnAuthorityWithTheIdOfAnIssuerTakesNothingOver() external {
        address chamber = _address("chamber");
        bytes[] memory calls = new bytes[](2);
        calls[0] =
            abi.encodeCall(authorities.addAuthority, ("cn.chamber", "CN", IAuthorityRegistry.Domain.CHAMBER, 0, 0));
        calls[1] = abi.encodeCall(authorities.addAccount, ("cn.chamber", IAuthorityRegistry.Role.ACT, chamber, 0, 0));
        _execute(_approved(calls));
        _as(chamber, abi.encodeCall(issuers.addIssuer, (CN, "cn.chamber")));
        _as(chamber, abi.encodeCall(issuers.authorizeBody, (CN, 0, 0)));
        _addCarrier();
        require(issuers.authorityOf(CARRIER) == CN && issuers.accreditor(CARRIER) == CN, "under the authority");
        require(issuers.powerOver(CN_ACT, CARRIER) == IIssuerRegistry.Power.AUTHORITY, "as before");
        require(issuers.powerOver(chamber, CARRIER) == IIssuerRegistry.Power.NONE, "and not of the chamber");
    }

    function testFuzz_NothingBeyondTheBody(uint64 from, uint64 until, uint8 limits, bool otherKind) external {
        (from, until) = (uint64(_bound(from, START + 100, START + 1100)), uint64(until % 1200));
        until = until == 0 ? 0 : from + until;
        limits = limits % 8;
        bytes32 kind = otherKind ? BILL : _ORIGIN;
        bool within = !otherKind && limits & 1 == 1 && until != 0 && until <= START + 900;
        VM.prank(_COUNCIL_ACCOUNT);
        (bool succeeded, bytes memory returned) =
            address(issuers).call(abi.encodeCall(issuers.accreditWithin, (_LOCAL, _list(kind), limits, from, until)));
        require(succeeded == within, "exactly what the body has");
        bytes4 beyond = IIssuerRegistry.IssuerRegistryBeyondBody.selector;
        require(succeeded || bytes4(returned) == beyond, "refused for another reason");
    }

    function test_TheAuthorityDoesNotGoBeyondTheBodyEither() external {
        _refuses(
            CN_ACT,
            abi.encodeCall(issuers.accredit, (_LOCAL, _list(_ORIGIN), 0, START + 200)),
            IIssuerRegistry.IssuerRegistryBeyondBody.selector
        );
    }

    function testFuzz_NoCodeBeyondTheBody(uint64 until, bool other) external {
        _local(START + 900);
        until = START + 101 + until % 1000;
        bytes32 code = other ? bytes32("agreement.acfta") : _RCEP;
        VM.prank(_COUNCIL_ACCOUNT);
        (bool succeeded,) =
            address(issuers).call(abi.encodeCall(issuers.addScope, (_LOCAL, _ORIGIN, _list(code), 0, until)));
        require(succeeded == (!other && until <= START + 800), "exactly what the body has");
    }

    function test_WhereTheBodyIsNotLimitedItGrantsAnyCode() external {
        _local(START + 900);
        _as(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.addScope, (_LOCAL, _ORIGIN, _list("hs.84"), 0, START + 900)));
        _refuses(
            _COUNCIL_ACCOUNT,
            abi.encodeCall(issuers.addScope, (_LOCAL, _ORIGIN, _list("hs.85"), 0, START + 901)),
            IIssuerRegistry.IssuerRegistryBeyondBody.selector
        );
    }

    function test_TheChainCoversAsLongAsEachLinkDoes() external {
        _local(START + 900);
        _as(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.addScope, (_LOCAL, _ORIGIN, _list(_RCEP), 0, START + 700)));
        require(!_covers(_list(_RCEP), START + 99), "not yet");
        require(_covers(_list(_RCEP), START + 100) && _covers(_list(_RCEP), START + 699), "in force");
        require(!_covers(_list(_RCEP), START + 700), "the code has ended");
        require(!_covers(new bytes32[](0), START + 100), "limited, and no code given");
        require(!_covers(_list("agreement.acfta"), START + 100), "another code");
        bytes32[] memory both = new bytes32[](2);
        (both[0], both[1]) = (_RCEP, "hs.84");
        require(_covers(both, START + 100), "where there is no limit any code will do");
        (both[0], both[1]) = (_RCEP, "agreement.acfta");
        require(!_covers(both, START + 100), "all of them");
    }

    function test_WhatTheBodyLosesItsIssuersLose() external {
        _local(START + 900);
        _as(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.addScope, (_LOCAL, _ORIGIN, _list(_RCEP), 0, START + 700)));
        VM.warp(START + 150);
        _as(CN_ACT, abi.encodeCall(issuers.endScope, (_COUNCIL, _ORIGIN, _RCEP, START + 600)));
        require(_covers(_list(_RCEP), START + 599) && !_covers(_list(_RCEP), START + 600), "the code");
        _as(CN_ACT, abi.encodeCall(issuers.endAccreditation, (_COUNCIL, _ORIGIN, START + 500)));
        require(_covers(_list(_RCEP), START + 499) && !_covers(_list(_RCEP), START + 500), "the kind");
        _as(CN_ACT, abi.encodeCall(issuers.endBody, (_COUNCIL, START + 400)));
        require(_covers(_list(_RCEP), START + 399) && !_covers(_list(_RCEP), START + 400), "to be a body");
        VM.warp(START + 300);
        _as(CN_ACT, abi.encodeCall(issuers.suspendIssuer, (_COUNCIL, 1)));
        require(_covers(_list(_RCEP), START + 299) && !_covers(_list(_RCEP), START + 300), "suspended");
        require(
            issuers.covers(_LOCAL, _ORIGIN, _list(_RCEP), START + 599, START + 149), "as known then it was to last"
        );
        _byVote(abi.encodeCall(authorities.endAuthority, (CN, START + 310)));
        require(!_covers(_list(_RCEP), START + 310), "its authority");
    }

    function test_OneSuspensionEndsIt() external {
        _local(START + 900);
        _as(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.addScope, (_LOCAL, _ORIGIN, _list(_RCEP), 0, START + 700)));
        VM.warp(START + 200);
        _as(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.suspendIssuer, (_LOCAL, 7)));
        require(_covers(_list(_RCEP), START + 199) && !_covers(_list(_RCEP), START + 200), "in its second");
    }

    function test_ScopesAreIdsOfThreeForms() external {
        bytes32[6] memory wrong = [bytes32("rcep"), "agreement.", "HS.84", "ports.cnsha", "hs", ""];
        for (uint256 i = 0; i < wrong.length; ++i) {
            _refuses(
                CN_ACT,
                abi.encodeCall(issuers.addScope, (_COUNCIL, _ORIGIN, _list(wrong[i]), 0, 0)),
                IIssuerRegistry.IssuerRegistryScopeInvalid.selector
            );
        }
        _as(CN_ACT, abi.encodeCall(issuers.addScope, (_COUNCIL, _ORIGIN, _list("port.cnsha"), 0, 0)));
        require(issuers.scope(_COUNCIL, _ORIGIN).length == 2, "listed");
        require(issuers.scopeEntries(_COUNCIL, _ORIGIN, "port.cnsha")[0].detail == 4, "with the limit it is of");
        _refuses(
            CN_ACT,
            abi.encodeCall(issuers.accreditWithin, (_COUNCIL, _list(_ORIGIN), 8, 0, 0)),
            IIssuerRegistry.IssuerRegistryScopeInvalid.selector
        );
        _refuses(
            CN_ACT,
            abi.encodeCall(issuers.addScope, (_COUNCIL, BILL, _list("hs.84"), 0, 0)),
            IIssuerRegistry.IssuerRegistryAccreditationUnknown.selector
        );
        _refuses(
            CN_ACT,
            abi.encodeCall(issuers.endScope, (_COUNCIL, _ORIGIN, "hs.01", 0)),
            IIssuerRegistry.IssuerRegistryScopeInvalid.selector
        );
    }

    function test_TheBodyDoesNotReinstateWhatTheAuthoritySuspended() external {
        bytes memory reinstate = abi.encodeCall(issuers.reinstateIssuer, (_LOCAL));
        _as(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.suspendIssuer, (_LOCAL, 1)));
        require(_last(issuers.issuerHoldEntries(_LOCAL)).code == 2, "held by the body");
        _refuses(
            _COUNCIL_ACCOUNT,
            abi.encodeCall(issuers.suspendIssuer, (_LOCAL, 1)),
            IIssuerRegistry.IssuerRegistryIssuerSuspended.selector
        );
        _as(CN_ACT, abi.encodeCall(issuers.suspendIssuer, (_LOCAL, 2)));
        require(_last(issuers.issuerEntries(_LOCAL)).detail == 2, "taken over");
        _refuses(_COUNCIL_ACCOUNT, reinstate, IIssuerRegistry.IssuerRegistryHeld.selector);
        _refuses(_LOCAL_ACCOUNT, reinstate, IIssuerRegistry.IssuerRegistryNotAccreditor.selector);
        _as(CN_ACT, reinstate);
        require(_last(issuers.issuerHoldEntries(_LOCAL)).code == 0, "released");
        _as(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.suspendIssuer, (_LOCAL, 1)));
        _as(_COUNCIL_ACCOUNT, reinstate);
    }

    function test_TheSameForKeys() external {
        bytes memory suspend = abi.encodeCall(issuers.suspendKey, (_KEY, 1));
        bytes memory reinstate = abi.encodeCall(issuers.reinstateKey, (_KEY));
        _as(_LOCAL_ACCOUNT, suspend);
        require(issuers.keyHoldEntries(_KEY).length == 0, "the issuer itself holds nothing");
        _refuses(_LOCAL_ACCOUNT, suspend, IIssuerRegistry.IssuerRegistryKeySuspended.selector);
        _as(_COUNCIL_ACCOUNT, suspend);
        _refuses(_COUNCIL_ACCOUNT, suspend, IIssuerRegistry.IssuerRegistryKeySuspended.selector);
        _refuses(_LOCAL_ACCOUNT, suspend, IIssuerRegistry.IssuerRegistryKeySuspended.selector);
        _as(CN_ACT, suspend);
        _refuses(_COUNCIL_ACCOUNT, reinstate, IIssuerRegistry.IssuerRegistryHeld.selector);
        _as(CN_ACT, reinstate);
        _as(_LOCAL_ACCOUNT, suspend);
        _as(_COUNCIL_ACCOUNT, reinstate);
        DatedList.Entry[] memory holds = issuers.keyHoldEntries(_KEY);
        require(holds.length == 3 && holds[0].code == 2 && holds[1].code == 3 && holds[2].code == 0, "all kept");
    }

    function test_CompromisedSinceIsTheAuthoritysWord() external {
        bytes memory mark = abi.encodeCall(issuers.markCompromised, (_KEY, START + 50));
        _refuses(_COUNCIL_ACCOUNT, mark, IIssuerRegistry.IssuerRegistryNotAccreditor.selector);
        _refuses(_LOCAL_ACCOUNT, mark, IIssuerRegistry.IssuerRegistryNotAccreditor.selector);
        _as(CN_ACT, mark);
        _as(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.retireKey, (_KEY, 0)));
        require(_last(issuers.compromiseEntries(_KEY)).effectiveFrom == START + 50, "marked");
    }

    function _local(uint64 until) private {
        _as(_COUNCIL_ACCOUNT, abi.encodeCall(issuers.accreditWithin, (_LOCAL, _list(_ORIGIN), 1, 0, until)));
    }

    function _covers(bytes32[] memory codes, uint64 time) private view returns (bool) {
        return issuers.covers(_LOCAL, _ORIGIN, codes, time, uint64(block.timestamp));
    }

    function _requirePower(address account, IIssuerRegistry.Power power) private view {
        require(issuers.powerOver(account, _LOCAL) == power, "another power");
        require(issuers.mayActFor(account, _LOCAL) == (power != IIssuerRegistry.Power.NONE), "acts");
    }

    function _as(address account, bytes memory call) private {
        VM.prank(account);
        (bool succeeded, bytes memory returned) = address(issuers).call(call);
        if (succeeded) return;
        assembly ("memory-safe") {
            revert(add(returned, 0x20), mload(returned))
        }
    }

    function _refuses(address account, bytes memory call, bytes4 selector) private {
        VM.prank(account);
        (bool succeeded, bytes memory returned) = address(issuers).call(call);
        require(!succeeded && bytes4(returned) == selector, "refused for another reason");
    }

    function _list(bytes32 one) private pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = one;
    }
}
