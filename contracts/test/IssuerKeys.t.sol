// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {Consortium} from "./Consortium.sol";

contract IssuerKeysTest is Consortium {
    uint32 private constant _ACTIVE = 1;
    uint32 private constant _RETIRED = 2;
    uint32 private constant _SUSPENDED = 3;
    bytes32 private constant _TERM = keccak256("a key from START + 100 until START + 200");

    function setUp() public override {
        super.setUp();
        _addCarrier();
        VM.prank(CN_ACT);
        issuers.addKey(CARRIER, _TERM, 2, bytes32(uint256(1)), 0, START + 100, START + 200);
    }

    function test_AKeyIsKeptAsGiven() external view {
        IIssuerRegistry.IssuerKey memory key = issuers.key(KEY);
        require(key.issuer == CARRIER && key.algorithm == 1, "key");
        require(key.x == bytes32(uint256(1)) && key.y == bytes32(uint256(2)), "x, y");
        require(issuers.keys(CARRIER).length == 2 && issuers.keys(CARRIER)[1] == _TERM, "listed");
    }

    function testFuzz_KeysAreWellFormed(uint256 algorithm, bool hasX, bool hasY, bool hasThumbprint) external {
        algorithm = _bound(algorithm, 0, 4);
        bool fits = (algorithm == 1 && hasY) || (algorithm == 2 && !hasY);
        bytes32 thumbprint = hasThumbprint ? keccak256("new") : bytes32(0);
        VM.prank(CN_ACT);
        if (!(fits && hasX && hasThumbprint)) {
            VM.expectRevert(abi.encodeWithSelector(IIssuerRegistry.IssuerRegistryKeyInvalid.selector, thumbprint));
        }
        issuers.addKey(
            CARRIER, thumbprint, algorithm, bytes32(uint256(hasX ? 1 : 0)), bytes32(uint256(hasY ? 1 : 0)), 0, 0
        );
    }

    function test_AThumbprintIsRegisteredOnce() external {
        _act(abi.encodeCall(issuers.retireKey, (KEY, 0)));
        VM.prank(SG_ACT);
        issuers.addIssuer("sg.carrier", SG);
        VM.prank(SG_ACT);
        VM.expectRevert(abi.encodeWithSelector(IIssuerRegistry.IssuerRegistryKeyTaken.selector, KEY));
        issuers.addKey("sg.carrier", KEY, 1, bytes32(uint256(1)), bytes32(uint256(2)), 0, 0);
    }

    function test_TheIssuerItselfOnlySuspendsItsKeys() external {
        bytes memory refused =
            abi.encodeWithSelector(IIssuerRegistry.IssuerRegistryNotAccreditor.selector, CARRIER_ACCOUNT, CARRIER);
        VM.prank(CARRIER_ACCOUNT);
        issuers.suspendKey(KEY, 3);
        require(_codeAt(KEY, START) == _SUSPENDED, "at once");
        VM.prank(CARRIER_ACCOUNT);
        VM.expectRevert(refused);
        issuers.reinstateKey(KEY);
        VM.prank(CARRIER_ACCOUNT);
        VM.expectRevert(refused);
        issuers.retireKey(KEY, 0);
        VM.prank(CARRIER_ACCOUNT);
        VM.expectRevert(refused);
        issuers.markCompromised(KEY, START);
        VM.prank(CARRIER_ACCOUNT);
        VM.expectRevert(refused);
        issuers.addKey(CARRIER, "k", 2, "x", 0, 0, 0);
    }

    function testFuzz_NobodyElseSuspends(address account) external {
        VM.assume(account != CN_ACT && account != CARRIER_ACCOUNT);
        _assumeOutside(account);
        VM.prank(account);
        VM.expectRevert(abi.encodeWithSelector(IIssuerRegistry.IssuerRegistryNotIssuer.selector, account, CARRIER));
        issuers.suspendKey(KEY, 1);
    }

    function test_SuspendAndReinstate() external {
        _requireRefused(
            abi.encodeCall(issuers.reinstateKey, (KEY)), IIssuerRegistry.IssuerRegistryKeyNotSuspended.selector
        );
        VM.warp(START + 10);
        _act(abi.encodeCall(issuers.suspendKey, (KEY, 1)));
        _requireRefused(
            abi.encodeCall(issuers.suspendKey, (KEY, 1)), IIssuerRegistry.IssuerRegistryKeySuspended.selector
        );
        VM.warp(START + 20);
        _act(abi.encodeCall(issuers.reinstateKey, (KEY)));
        require(_codeAt(KEY, START + 9) == _ACTIVE && _codeAt(KEY, START + 10) == _SUSPENDED, "suspended");
        require(_codeAt(KEY, START + 19) == _SUSPENDED && _codeAt(KEY, START + 20) == _ACTIVE, "reinstated");
    }

    function test_ARetiredKeyStaysRetired() external {
        _act(abi.encodeCall(issuers.retireKey, (KEY, START + 50)));
        VM.warp(START + 50);
        bytes4 retired = IIssuerRegistry.IssuerRegistryKeyRetired.selector;
        _requireRefused(abi.encodeCall(issuers.suspendKey, (KEY, 1)), retired);
        _requireRefused(abi.encodeCall(issuers.reinstateKey, (KEY)), retired);
        _requireRefused(abi.encodeCall(issuers.retireKey, (KEY, 0)), retired);
        require(_codeAt(KEY, START + 49) == _ACTIVE && _codeAt(KEY, START + 50) == _RETIRED, "from then on");
    }

    function test_RetiringMovesEarlierOnly() external {
        _act(abi.encodeCall(issuers.retireKey, (KEY, START + 50)));
        _requireRefused(
            abi.encodeCall(issuers.retireKey, (KEY, START + 60)), IIssuerRegistry.IssuerRegistryKeyRetired.selector
        );
        _act(abi.encodeCall(issuers.retireKey, (KEY, START + 40)));
        _requireRefused(
            abi.encodeCall(issuers.retireKey, (_TERM, START + 200)), IIssuerRegistry.IssuerRegistryKeyRetired.selector
        );
    }

    function test_ACompromisedKeyIsNotReinstated() external {
        _act(abi.encodeCall(issuers.suspendKey, (KEY, 1)));
        _act(abi.encodeCall(issuers.markCompromised, (KEY, START - 500)));
        _requireRefused(
            abi.encodeCall(issuers.reinstateKey, (KEY)), IIssuerRegistry.IssuerRegistryKeyRetired.selector
        );
    }

    function testFuzz_CompromisedSinceMovesEarlierOnly(uint64 first, uint64 second) external {
        first = uint64(_bound(first, 1, START));
        second = uint64(_bound(second, 1, START + 1000));
        _act(abi.encodeCall(issuers.markCompromised, (KEY, first)));
        VM.prank(CN_ACT);
        if (second > START) {
            VM.expectRevert(
                abi.encodeWithSelector(IIssuerRegistry.IssuerRegistrySinceInFuture.selector, second, START)
            );
        } else if (second >= first) {
            VM.expectRevert(
                abi.encodeWithSelector(IIssuerRegistry.IssuerRegistrySinceNotEarlier.selector, second, first)
            );
        }
        issuers.markCompromised(KEY, second);
        DatedList.Entry[] memory entries = issuers.compromiseEntries(KEY);
        require(_last(entries).effectiveFrom == (second < first ? second : first), "the earlier");
        require(_last(entries).code == 4 && _last(entries).recordedAt == START, "and when it was recorded");
    }

    function test_CompromisedSinceTheSameMomentIsNotEarlier() external {
        _act(abi.encodeCall(issuers.markCompromised, (KEY, START - 5)));
        _requireRefused(
            abi.encodeCall(issuers.markCompromised, (KEY, START - 5)),
            IIssuerRegistry.IssuerRegistrySinceNotEarlier.selector
        );
    }

    function test_CompromisedSinceZeroMeansNow() external {
        _act(abi.encodeCall(issuers.markCompromised, (KEY, 0)));
        require(issuers.compromiseEntries(KEY)[0].effectiveFrom == START, "now");
    }

    function test_UnknownKeys() external {
        bytes4 unknown = IIssuerRegistry.IssuerRegistryKeyUnknown.selector;
        _requireRefused(abi.encodeCall(issuers.suspendKey, ("k", 1)), unknown);
        _requireRefused(abi.encodeCall(issuers.reinstateKey, ("k")), unknown);
        _requireRefused(abi.encodeCall(issuers.retireKey, ("k", 0)), unknown);
        _requireRefused(abi.encodeCall(issuers.markCompromised, ("k", 0)), unknown);
    }

    /// @dev Whatever is suspended, reinstated and retired, the key is never active outside the term first given to
    /// it, nor from its (earliest) retirement on.
    function testFuzz_ATermNeverGrows(uint256 seed) external {
        uint64 end = START + 200;
        for (uint256 step = 0; step < 12; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint64 present = START + uint64(step * 20);
            VM.warp(present + seed % 20);
            uint64 retired = uint64(block.timestamp + (seed >> 8) % 40);
            VM.prank(CN_ACT);
            bytes memory call = (seed >> 16) % 7 == 0
                ? abi.encodeCall(issuers.retireKey, (_TERM, retired))
                : (seed >> 24) % 2 == 0
                    ? abi.encodeCall(issuers.suspendKey, (_TERM, 1))
                    : abi.encodeCall(issuers.reinstateKey, (_TERM));
            (bool succeeded,) = address(issuers).call(call);
            if (succeeded && bytes4(call) == issuers.retireKey.selector && retired < end) end = retired;
        }
        for (uint64 time = START; time < START + 300; time += 3) {
            if (_codeAt(_TERM, time) == _ACTIVE) require(time >= START + 100 && time < end, "within its term");
        }
        require(_codeAt(_TERM, end) != _SUSPENDED, "and a suspension ends with it");
    }

    function _codeAt(bytes32 thumbprint, uint64 time) private view returns (uint32 code) {
        DatedList.Entry[] memory entries = issuers.keyEntries(thumbprint);
        for (uint256 i = 0; i < entries.length; ++i) {
            bool begun = entries[i].effectiveFrom <= time;
            if (begun && (entries[i].effectiveUntil == 0 || time < entries[i].effectiveUntil)) {
                code = entries[i].code;
            }
        }
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
