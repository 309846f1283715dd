// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {IssuerRegistry} from "../src/IssuerRegistry.sol";
import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {Consortium} from "./Consortium.sol";

contract IssuerRegistryTest is Consortium {
    bytes32 private constant _ORIGIN = "certificate-of-origin";

    function testFuzz_OnlyTheAccreditorActs(address account) external {
        _addCarrier();
        VM.assume(account != CN_ACT);
        _assumeOutside(account);
        bytes[] memory calls = new bytes[](7);
        calls[0] = abi.encodeCall(issuers.suspendIssuer, (CARRIER, 1));
        calls[1] = abi.encodeCall(issuers.reinstateIssuer, (CARRIER));
        calls[2] = abi.encodeCall(issuers.accredit, (CARRIER, _kinds(_ORIGIN), 0, 0));
        calls[3] = abi.encodeCall(issuers.endAccreditation, (CARRIER, BILL, 0));
        calls[4] = abi.encodeCall(issuers.addAccount, (CARRIER, STRANGER, 0, 0));
        calls[5] = abi.encodeCall(issuers.endAccount, (CARRIER_ACCOUNT, 0));
        calls[6] = abi.encodeCall(issuers.addIssuer, ("cn.other", CN));
        for (uint256 i = 0; i < calls.length; ++i) {
            VM.prank(account);
            (bool succeeded, bytes memory returned) = address(issuers).call(calls[i]);
            bytes memory refused = abi.encodeWithSelector(
                IIssuerRegistry.IssuerRegistryNotAccreditor.selector, account, i == 6 ? bytes32("cn.other") : CARRIER
            );
            require(!succeeded && keccak256(returned) == keccak256(refused), "not the accreditor");
        }
    }

    function test_AnAccreditorThatLeftActsNoLonger() external {
        _addCarrier();
        _byVote(abi.encodeCall(authorities.endAuthority, (CN, START + 10)));
        VM.warp(START + 10);
        VM.prank(CN_ACT);
        VM.expectRevert(abi.encodeWithSelector(IIssuerRegistry.IssuerRegistryNotAccreditor.selector, CN_ACT, CARRIER));
        issuers.suspendIssuer(CARRIER, 1);
        require(issuers.mayActFor(CARRIER_ACCOUNT, CARRIER), "its own account can still revoke");
    }

    function test_AnIdBelongsToTheCountryOfItsAccreditor() external {
        bytes32[3] memory wrong = [bytes32("sg.carrier"), "carrier", "CN.carrier"];
        for (uint256 i = 0; i < wrong.length; ++i) {
            VM.prank(CN_ACT);
            VM.expectRevert(abi.encodeWithSelector(IIssuerRegistry.IssuerRegistryIdInvalid.selector, wrong[i]));
            issuers.addIssuer(wrong[i], CN);
        }
        VM.prank(SG_ACT);
        VM.expectRevert(
            abi.encodeWithSelector(IIssuerRegistry.IssuerRegistryNotAccreditor.selector, SG_ACT, bytes32("cn.x"))
        );
        issuers.addIssuer("cn.x", CN);
    }

    function test_AnIssuerIsEnteredOnce() external {
        _addCarrier();
        VM.prank(CN_ACT);
        VM.expectRevert(abi.encodeWithSelector(IIssuerRegistry.IssuerRegistryIssuerExists.selector, CARRIER));
        issuers.addIssuer(CARRIER, CN);
        require(issuers.accreditor(CARRIER) == CN && issuers.issuers().length == 1, "once");
    }

    function test_UnknownIssuers() external {
        bytes memory unknown = abi.encodeWithSelector(IIssuerRegistry.IssuerRegistryIssuerUnknown.selector, CARRIER);
        VM.prank(CN_ACT);
        VM.expectRevert(unknown);
        issuers.suspendIssuer(CARRIER, 1);
        VM.prank(CN_ACT);
        VM.expectRevert(unknown);
        issuers.accredit(CARRIER, _kinds(BILL), 0, 0);
        require(!issuers.mayActFor(CN_ACT, CARRIER) && !issuers.mayActFor(STRANGER, 0), "nobody acts for it");
    }

    function test_SuspendAndReinstate() external {
        _addCarrier();
        _requireRefused(
            abi.encodeCall(issuers.reinstateIssuer, (CARRIER)),
            IIssuerRegistry.IssuerRegistryIssuerNotSuspended.selector
        );
        VM.warp(START + 10);
        _act(abi.encodeCall(issuers.suspendIssuer, (CARRIER, 9)));
        _requireRefused(
            abi.encodeCall(issuers.suspendIssuer, (CARRIER, 9)),
            IIssuerRegistry.IssuerRegistryIssuerSuspended.selector
        );
        VM.warp(START + 20);
        _act(abi.encodeCall(issuers.reinstateIssuer, (CARRIER)));
        DatedList.Entry[] memory entries = issuers.issuerEntries(CARRIER);
        require(entries.length == 3 && entries[1].code == 2 && entries[1].detail == 9, "suspended with its reason");
        require(entries[1].effectiveFrom == START + 10 && entries[2].code == 1, "then active");
    }

    function test_Accreditations() external {
        _addCarrier();
        _act(abi.encodeCall(issuers.accredit, (CARRIER, _kinds(_ORIGIN), START + 10, START + 20)));
        require(issuers.kinds(CARRIER).length == 2, "both kinds");
        DatedList.Entry memory entry = issuers.accreditationEntries(CARRIER, _ORIGIN)[0];
        require(entry.effectiveFrom == START + 10 && entry.effectiveUntil == START + 20, "as given");
        _act(abi.encodeCall(issuers.endAccreditation, (CARRIER, BILL, START + 5)));
        require(_last(issuers.accreditationEntries(CARRIER, BILL)).code == 0, "ended");
        _act(abi.encodeCall(issuers.accredit, (CARRIER, _kinds(BILL), START + 50, 0)));
        require(issuers.kinds(CARRIER).length == 2, "a kind is listed once");
        _requireRefused(
            abi.encodeCall(issuers.endAccreditation, (CARRIER, "aeo-credential", 0)),
            IIssuerRegistry.IssuerRegistryAccreditationUnknown.selector
        );
    }

    function test_KindsAreIds() external {
        _addCarrier();
        bytes4 invalid = IIssuerRegistry.IssuerRegistryKindInvalid.selector;
        _requireRefused(abi.encodeCall(issuers.accredit, (CARRIER, new bytes32[](0), 0, 0)), invalid);
        _requireRefused(abi.encodeCall(issuers.accredit, (CARRIER, _kinds("Bill of lading"), 0, 0)), invalid);
        bytes32[] memory kinds = new bytes32[](2);
        kinds[0] = _ORIGIN;
        _requireRefused(abi.encodeCall(issuers.accredit, (CARRIER, kinds, 0, 0)), invalid);
        require(issuers.accreditationEntries(CARRIER, _ORIGIN).length == 0, "all or none");
    }

    function test_AnAccountIsForOneIssuerForEver() external {
        _addCarrier();
        require(issuers.mayActFor(CARRIER_ACCOUNT, CARRIER), "its own");
        require(issuers.mayActFor(CN_ACT, CARRIER) && !issuers.mayActFor(SG_ACT, CARRIER), "its accreditor's");
        _act(abi.encodeCall(issuers.endAccount, (CARRIER_ACCOUNT, 0)));
        require(!issuers.mayActFor(CARRIER_ACCOUNT, CARRIER), "ended");
        _requireRefused(
            abi.encodeCall(issuers.addAccount, (CARRIER, CARRIER_ACCOUNT, 0, 0)),
            IIssuerRegistry.IssuerRegistryAccountTaken.selector
        );
        _requireRefused(
            abi.encodeCall(issuers.addAccount, (CARRIER, address(0), 0, 0)),
            IIssuerRegistry.IssuerRegistryAccountInvalid.selector
        );
        _requireRefused(
            abi.encodeCall(issuers.endAccount, (STRANGER, 0)), IIssuerRegistry.IssuerRegistryAccountUnknown.selector
        );
        require(issuers.accountIssuer(CARRIER_ACCOUNT) == CARRIER && issuers.accounts(CARRIER).length == 1, "kept");
    }

    function testFuzz_NothingIsBackdated(uint64 time) external {
        _addCarrier();
        time = uint64(_bound(time, 1, START - 1));
        bytes4 backdated = DatedList.DatedListBackdated.selector;
        _requireRefused(abi.encodeCall(issuers.accredit, (CARRIER, _kinds(BILL), time, 0)), backdated);
        _requireRefused(abi.encodeCall(issuers.endAccreditation, (CARRIER, BILL, time)), backdated);
        _requireRefused(abi.encodeCall(issuers.addAccount, (CARRIER, STRANGER, time, 0)), backdated);
        _requireRefused(abi.encodeCall(issuers.endAccount, (CARRIER_ACCOUNT, time)), backdated);
        _requireRefused(abi.encodeCall(issuers.addKey, (CARRIER, "k", 2, "x", 0, time, 0)), backdated);
        _requireRefused(abi.encodeCall(issuers.retireKey, (KEY, time)), backdated);
    }

    function test_TheAuthorityRegistryMustBeAContract() external {
        VM.expectRevert(abi.encodeWithSelector(IIssuerRegistry.IssuerRegistryNoContract.selector, STRANGER));
        new IssuerRegistry(STRANGER);
    }

    function _kinds(bytes32 kind) private pure returns (bytes32[] memory kinds) {
        kinds = new bytes32[](1);
        kinds[0] = kind;
    }

    function _act(bytes memory call) private {
        VM.prank(CN_ACT);
        (bool succeeded,) = address(issuers).call(call);
        require(succeeded, "accepted");
    }

    function _requireRefused(bytes memory call, bytes4 selector) private {
        VM.prank(CN_ACT);
        (bool succeeded, bytes memory returned) = address(issuers).call(call);
        require(!succeeded && bytes4(returned) == selector, "refused for another reason");
    }
}
