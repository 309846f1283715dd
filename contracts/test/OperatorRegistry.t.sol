// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {OperatorRegistry} from "../src/OperatorRegistry.sol";
import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {IOperatorRegistry} from "../src/interfaces/IOperatorRegistry.sol";
import {Consortium} from "./Consortium.sol";

contract OperatorRegistryTest is Consortium {
    string private constant _CODE = "AEOCN1234567890";
    bytes32 private constant _OPERATOR = keccak256("AEOCN1234567890");
    IOperatorRegistry.State private constant _NONE = IOperatorRegistry.State.NONE;
    IOperatorRegistry.State private constant _AUTHORIZED = IOperatorRegistry.State.AUTHORIZED;
    IOperatorRegistry.State private constant _SUSPENDED = IOperatorRegistry.State.SUSPENDED;
    IOperatorRegistry.State private constant _ENDED = IOperatorRegistry.State.ENDED;
    IOperatorRegistry.State private constant _LEFT = IOperatorRegistry.State.LEFT;

    function test_GrantedBeforeItWasEntered() external {
        _grant(_CODE, 2, 5, START - 1000, START + 1000);
        _requireState(START - 1001, START, _NONE);
        _requireState(START - 1000, START, _AUTHORIZED);
        _requireState(START - 1000, START - 1, _NONE);
        _requireState(START + 1000, START, _ENDED);
        _requireState(START + 1000, START - 1, _NONE);
        IOperatorRegistry.Status memory status = operators.status(CN, _OPERATOR, START, START);
        require(status.tier == 2 && status.roles == 5, "tier and roles");
        require(keccak256(bytes(operators.code(CN, _OPERATOR))) == _OPERATOR, "its code");
        require(operators.operatorCount(CN) == 1 && operators.operators(CN, 0, 10)[0] == _OPERATOR, "listed");
        require(operators.status(SG, _OPERATOR, START, START).state == _NONE, "at its own customs only");
    }

    function test_LaterTermsAreNotBackdated() external {
        _grant(_CODE, 1, 1, START - 1000, 0);
        _refuses(CN_ACT, _grantCall(_CODE, 2, 1, START - 500, 0), DatedList.DatedListBackdated.selector);
        _grant(_CODE, 3, 0xffffff, START + 10, 0);
        require(operators.status(CN, _OPERATOR, START + 9, START).tier == 1, "the old tier");
        IOperatorRegistry.Status memory status = operators.status(CN, _OPERATOR, START + 10, START);
        require(status.tier == 3 && status.roles == 0xffffff, "the new one");
        require(operators.operatorCount(CN) == 1, "listed once");
    }

    function test_SuspendedAndReinstated() external {
        _grant(_CODE, 1, 1, START - 1000, 0);
        VM.warp(START + 10);
        _as(CN_ACT, abi.encodeCall(operators.suspend, (_list(_OPERATOR), 4)));
        _refuses(
            CN_ACT,
            abi.encodeCall(operators.suspend, (_list(_OPERATOR), 4)),
            IOperatorRegistry.OperatorRegistrySuspended.selector
        );
        VM.warp(START + 20);
        _as(CN_ACT, abi.encodeCall(operators.reinstate, (_list(_OPERATOR))));
        _refuses(
            CN_ACT,
            abi.encodeCall(operators.reinstate, (_list(_OPERATOR))),
            IOperatorRegistry.OperatorRegistryNotSuspended.selector
        );
        _requireState(START + 9, START + 20, _AUTHORIZED);
        _requireState(START + 10, START + 20, _SUSPENDED);
        _requireState(START + 20, START + 20, _AUTHORIZED);
        require(operators.suspensionEntries(CN, _OPERATOR)[0].detail == 4, "with its reason");
    }

    function test_ANewTermDoesNotEndASuspension() external {
        _grant(_CODE, 1, 1, 0, 0);
        _as(CN_ACT, abi.encodeCall(operators.suspend, (_list(_OPERATOR), 4)));
        _grant(_CODE, 2, 1, 0, 0);
        _requireState(START, START, _SUSPENDED);
    }

    function test_EndedAndGrantedAgain() external {
        _grant(_CODE, 1, 1, START - 1000, 0);
        _as(CN_ACT, abi.encodeCall(operators.end, (_list(_OPERATOR), START + 50)));
        _refuses(
            CN_ACT, abi.encodeCall(operators.end, (_list(_OPERATOR), START + 50)), DatedList.DatedListEnded.selector
        );
        _refuses(
            CN_ACT,
            abi.encodeCall(operators.end, (_list(_OPERATOR), START - 1)),
            DatedList.DatedListBackdated.selector
        );
        _requireState(START + 49, START, _AUTHORIZED);
        _requireState(START + 50, START, _ENDED);
        _grant(_CODE, 1, 1, START + 60, 0);
        _requireState(START + 59, START, _ENDED);
        _requireState(START + 60, START, _AUTHORIZED);
    }

    function test_AnAuthorityThatLeftVouchesForNobody() external {
        _grant(_CODE, 1, 1, START - 1000, 0);
        _byVote(abi.encodeCall(authorities.endMember, ("CN", START + 10)));
        _requireState(START - 1000, START, _AUTHORIZED);
        _requireState(START + 9, START, _AUTHORIZED);
        _requireState(START + 10, START, _LEFT);
        VM.warp(START + 10);
        _refuses(CN_ACT, _grantCall(_CODE, 1, 1, 0, 0), IOperatorRegistry.OperatorRegistryNotCustoms.selector);
    }

    function testFuzz_OnlyCustomsWrite(address account) external {
        VM.assume(account != CN_ACT && account != SG_ACT && account != KR_ACT);
        _assumeOutside(account);
        bytes32[] memory one = _list(_OPERATOR);
        bytes[] memory calls = new bytes[](6);
        calls[0] = _grantCall(_CODE, 1, 1, 0, 0);
        calls[1] = abi.encodeCall(operators.end, (one, 0));
        calls[2] = abi.encodeCall(operators.suspend, (one, 0));
        calls[3] = abi.encodeCall(operators.reinstate, (one));
        calls[4] = _aliasCall(SG, "SG0");
        calls[5] = abi.encodeCall(operators.endAliases, (one, 0));
        for (uint256 i = 0; i < calls.length; ++i) {
            _refuses(account, calls[i], IOperatorRegistry.OperatorRegistryNotCustoms.selector);
        }
    }

    function test_AChamberIsNoCustoms() external {
        address chamber = _address("chamber");
        bytes[] memory calls = new bytes[](2);
        calls[0] =
            abi.encodeCall(authorities.addAuthority, ("cn.chamber", "CN", IAuthorityRegistry.Domain.CHAMBER, 0, 0));
        calls[1] = abi.encodeCall(authorities.addAccount, ("cn.chamber", IAuthorityRegistry.Role.ACT, chamber, 0, 0));
        _execute(_approved(calls));
        _refuses(chamber, _grantCall(_CODE, 1, 1, 0, 0), IOperatorRegistry.OperatorRegistryNotCustoms.selector);
    }

    function test_NobodyTouchesAnothersOperators() external {
        _grant(_CODE, 1, 1, 0, 0);
        _as(CN_ACT, _aliasCall(SG, "SG0"));
        bytes4 unknown = IOperatorRegistry.OperatorRegistryOperatorUnknown.selector;
        _refuses(SG_ACT, abi.encodeCall(operators.suspend, (_list(_OPERATOR), 1)), unknown);
        _refuses(SG_ACT, abi.encodeCall(operators.end, (_list(_OPERATOR), 0)), unknown);
        _refuses(SG_ACT, _aliasCall(SG, "SG1"), unknown);
        bytes32 id = operators.aliasId(CN, SG, "SG0");
        _refuses(
            SG_ACT,
            abi.encodeCall(operators.endAliases, (_list(id), 0)),
            IOperatorRegistry.OperatorRegistryAliasUnknown.selector
        );
        // The same code at another customs is another operator.
        VM.prank(SG_ACT);
        (bool succeeded,) = address(operators).call(_grantCall(_CODE, 1, 1, 0, 0));
        require(succeeded && operators.operatorCount(SG) == 1 && operators.operatorCount(CN) == 1, "apart");
    }

    function test_CodesOfEveryForm() external {
        string[5] memory good = [
            "JP12345678901234567",
            "GB AEOC 14274/19",
            "AEO<SG123456789012>",
            "1234-AEO-L2-123/123456789012",
            "0123456789012345678901234567890123456789012345678901234567890123"
        ];
        for (uint256 i = 0; i < good.length; ++i) {
            _grant(good[i], 1, 1, 0, 0);
            require(
                keccak256(bytes(operators.code(CN, keccak256(bytes(good[i]))))) == keccak256(bytes(good[i])), "kept"
            );
        }
        require(operators.operators(CN, 1, 3).length == 3, "a page");
        require(operators.operators(CN, 3, 9)[1] == keccak256(bytes(good[4])), "the last page is shorter");
        require(
            operators.operators(CN, 5, 9).length == 0 && operators.operators(CN, 9, type(uint256).max).length == 0,
            "none"
        );
        string[6] memory wrong = [
            "",
            " SG1",
            "SG1 ",
            unicode"中国1",
            "SG\x001",
            "01234567890123456789012345678901234567890123456789012345678901234"
        ];
        for (uint256 i = 0; i < wrong.length; ++i) {
            bytes4 invalid = IOperatorRegistry.OperatorRegistryCodeInvalid.selector;
            _refuses(CN_ACT, _grantCall(wrong[i], 1, 1, 0, 0), invalid);
        }
        _refuses(CN_ACT, _grantCall(_CODE, 1, 1 << 24, 0, 0), IOperatorRegistry.OperatorRegistryRolesInvalid.selector);
    }

    function test_OneCompanyHasOtherCodesElsewhere() external {
        _grant(_CODE, 1, 1, 0, 0);
        _as(CN_ACT, _aliasCall(SG, "CN123456789012345678"));
        _as(CN_ACT, _aliasCall("asean", "CN-2"));
        bytes32 id = operators.aliasId(CN, SG, "CN123456789012345678");
        IOperatorRegistry.Alias memory found = operators.aliasOf(id);
        require(found.operator == _OPERATOR && found.counterpart == SG, "this operator, at this customs");
        require(operators.aliases(CN, _OPERATOR).length == 2 && operators.aliases(CN, _OPERATOR)[0] == id, "both");
        require(operators.aliasEntries(id)[0].effectiveFrom == START - 100, "since before it was entered");
        _as(CN_ACT, abi.encodeCall(operators.endAliases, (_list(id), START + 10)));
        require(_last(operators.aliasEntries(id)).code == 0, "ended");
        _refuses(CN_ACT, _aliasCall(SG, "CN123456789012345678"), DatedList.DatedListBackdated.selector);
        _grant("OTHER", 1, 1, 0, 0);
        IOperatorRegistry.AliasGrant[] memory taken = new IOperatorRegistry.AliasGrant[](1);
        taken[0] = IOperatorRegistry.AliasGrant(keccak256("OTHER"), SG, "CN123456789012345678", START + 20, 0);
        _refuses(
            CN_ACT,
            abi.encodeCall(operators.addAliases, (taken)),
            IOperatorRegistry.OperatorRegistryAliasTaken.selector
        );
        taken[0].counterpart = "SG";
        _refuses(
            CN_ACT,
            abi.encodeCall(operators.addAliases, (taken)),
            IOperatorRegistry.OperatorRegistryCounterpartInvalid.selector
        );
    }

    function test_ManyAtOnceAllOrNone() external {
        IOperatorRegistry.Grant[] memory two = new IOperatorRegistry.Grant[](2);
        two[0] = IOperatorRegistry.Grant("A", 1, 1, 0, 0);
        two[1] = IOperatorRegistry.Grant("", 1, 1, 0, 0);
        _refuses(
            CN_ACT, abi.encodeCall(operators.grant, (two)), IOperatorRegistry.OperatorRegistryCodeInvalid.selector
        );
        require(operators.operatorCount(CN) == 0, "none");
        two[1].code = "B";
        _as(CN_ACT, abi.encodeCall(operators.grant, (two)));
        require(operators.operatorCount(CN) == 2, "both");
    }

    function test_TheAuthorityRegistryMustBeAContract() external {
        VM.expectRevert(abi.encodeWithSelector(IOperatorRegistry.OperatorRegistryNoContract.selector, STRANGER));
        new OperatorRegistry(STRANGER);
    }

    function _grant(string memory code, uint8 tier, uint32 roles, uint64 from, uint64 until) private {
        _as(CN_ACT, _grantCall(code, tier, roles, from, until));
    }

    function _grantCall(string memory code, uint8 tier, uint32 roles, uint64 from, uint64 until)
        private
        view
        returns (bytes memory)
    {
        IOperatorRegistry.Grant[] memory one = new IOperatorRegistry.Grant[](1);
        one[0] = IOperatorRegistry.Grant(code, tier, roles, from, until);
        return abi.encodeCall(operators.grant, (one));
    }

    function _aliasCall(bytes32 counterpart, string memory code) private view returns (bytes memory) {
        IOperatorRegistry.AliasGrant[] memory one = new IOperatorRegistry.AliasGrant[](1);
        one[0] = IOperatorRegistry.AliasGrant(_OPERATOR, counterpart, code, START - 100, 0);
        return abi.encodeCall(operators.addAliases, (one));
    }

    function _requireState(uint64 time, uint64 knownAt, IOperatorRegistry.State state) private view {
        require(operators.status(CN, _OPERATOR, time, knownAt).state == state, "another state");
    }

    function _as(address account, bytes memory call) private {
        VM.prank(account);
        (bool succeeded, bytes memory returned) = address(operators).call(call);
        if (succeeded) return;
        assembly ("memory-safe") {
            revert(add(returned, 0x20), mload(returned))
        }
    }

    function _refuses(address account, bytes memory call, bytes4 selector) private {
        VM.prank(account);
        (bool succeeded, bytes memory returned) = address(operators).call(call);
        require(!succeeded && bytes4(returned) == selector, "refused for another reason");
    }

    function _list(bytes32 one) private pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = one;
    }
}
