// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {OperatorRegistry} from "../src/OperatorRegistry.sol";
import {IOperatorRegistry} from "../src/interfaces/IOperatorRegistry.sol";
import {Consortium} from "./Consortium.sol";
import {History} from "./History.sol";
import {Cheats, Vm} from "./Vm.sol";

/// @title Two customs and a stranger grant, suspend and end at random; one of them leaves on the way
contract OperatorHandler is Cheats {
    struct Question {
        bytes32 authority;
        bytes32 operator;
        uint64 time;
        uint64 knownAt;
        bytes32 answer;
    }

    string[3] internal codes = ["AEO-1", "AEO-2", "AEO-3"];
    bytes32[2] internal customs = [bytes32("cn.customs"), "sg.customs"];
    address[3] internal actors;
    uint64 internal singaporeLeaves;

    OperatorRegistry public registry;
    History public history = new History();
    Question[] internal questions;
    mapping(bytes32 id => bytes32) internal aliasOwner;

    constructor(OperatorRegistry registry_, address[3] memory actors_, uint64 singaporeLeaves_) {
        (registry, actors, singaporeLeaves) = (registry_, actors_, singaporeLeaves_);
    }

    function grant(uint256 actor, uint256 seed) external {
        seed = _mix(seed);
        IOperatorRegistry.Grant[] memory some = new IOperatorRegistry.Grant[](1 + seed % 2);
        for (uint256 i = 0; i < some.length; ++i) {
            some[i] = _grant(seed >> (1 + 100 * i));
        }
        bool first = history.length(_list("term", actor, keccak256(bytes(some[0].code)))) == 0;
        if (!_call(actor, abi.encodeCall(registry.grant, (some)))) return;
        uint64 from = some[0].effectiveFrom;
        require(first || from == 0 || from >= block.timestamp, "a later term was backdated");
    }

    function change(uint256 actor, uint256 seed) external {
        seed = _mix(seed);
        bytes32[] memory one = new bytes32[](1);
        one[0] = keccak256(bytes(codes[(seed >> 8) % 3]));
        bytes memory call = abi.encodeCall(registry.suspend, (one, uint32(seed)));
        if (seed % 3 == 1) call = abi.encodeCall(registry.reinstate, (one));
        if (seed % 3 == 2) {
            uint64 from = (seed >> 16) % 2 == 0 ? 0 : uint64(block.timestamp - 20 + (seed >> 24) % 60);
            call = abi.encodeCall(registry.end, (one, from));
        }
        bool succeeded = _call(actor, call);
        bool known = history.length(_list("term", actor, one[0])) != 0;
        require(!succeeded || known, "an unknown operator has changed");
    }

    function rename(uint256 actor, uint256 seed) external {
        seed = _mix(seed);
        IOperatorRegistry.AliasGrant[] memory one = new IOperatorRegistry.AliasGrant[](1);
        bytes32 operator = keccak256(bytes(codes[seed % 3]));
        one[0] = IOperatorRegistry.AliasGrant(operator, "jp.customs", codes[(seed >> 8) % 3], 0, 0);
        if (!_call(actor, abi.encodeCall(registry.addAliases, (one)))) return;
        bytes32 id = registry.aliasId(customs[actor % 3], "jp.customs", one[0].code);
        require(aliasOwner[id] == 0 || aliasOwner[id] == operator, "an alias has changed hands");
        require(registry.aliasOf(id).operator == operator, "kept");
        aliasOwner[id] = operator;
    }

    function wait(uint256 time) external {
        VM.warp(block.timestamp + _bound(time, 1, 40));
    }

    function ask(uint256 seed) external {
        seed = _mix(seed);
        uint256 place = seed % 2;
        bytes32 operator = keccak256(bytes(codes[(seed >> 8) % 3]));
        uint64 knownAt = uint64(block.timestamp - 1 - (seed >> 32) % 100);
        uint64 time = uint64(block.timestamp - 300 + (seed >> 64) % 500);
        IOperatorRegistry.Status memory answer = registry.status(customs[place], operator, time, knownAt);
        require(answer.state == _plainly(place, operator, time, knownAt), "another answer than the lists give");
        questions.push(Question(customs[place], operator, time, knownAt, keccak256(abi.encode(answer))));
    }

    function requireAnswersStay() external view {
        history.requireAnswersStay();
        for (uint256 i = 0; i < questions.length; ++i) {
            Question memory one = questions[i];
            bytes memory answer = abi.encode(registry.status(one.authority, one.operator, one.time, one.knownAt));
            require(keccak256(answer) == one.answer, "a past answer has changed");
        }
    }

    /// @dev Every operator stands in the list once.
    function requireListed() external view {
        for (uint256 place = 0; place < 2; ++place) {
            bytes32[] memory all = registry.operators(customs[place], 0, 100);
            uint256 known = 0;
            for (uint256 i = 0; i < 3; ++i) {
                if (history.length(_list("term", place, keccak256(bytes(codes[i])))) != 0) ++known;
            }
            require(all.length == known && registry.operatorCount(customs[place]) == known, "not all, or too many");
        }
    }

    function _plainly(uint256 place, bytes32 operator, uint64 time, uint64 knownAt)
        private
        view
        returns (IOperatorRegistry.State)
    {
        bytes32 list = _list("term", place, operator);
        if (!history.hasBegun(list, time, knownAt)) return IOperatorRegistry.State.NONE;
        if (history.entryAt(list, time, knownAt).code == 0) return IOperatorRegistry.State.ENDED;
        if (place == 1 && time >= singaporeLeaves) return IOperatorRegistry.State.LEFT;
        bool suspended = history.entryAt(_list("suspension", place, operator), time, knownAt).code == 1;
        return suspended ? IOperatorRegistry.State.SUSPENDED : IOperatorRegistry.State.AUTHORIZED;
    }

    function _call(uint256 actor, bytes memory call) private returns (bool succeeded) {
        bool gone = actor % 3 == 1 && block.timestamp >= singaporeLeaves;
        VM.recordLogs();
        VM.prank(actors[actor % 3]);
        (succeeded,) = address(registry).call(call);
        Vm.Log[] memory logs = VM.getRecordedLogs();
        require(!succeeded || (actor % 3 != 2 && !gone), "somebody else has acted");
        if (!succeeded) return false;
        history.fold(logs);
        for (uint256 place = 0; place < 2; ++place) {
            for (uint256 i = 0; i < 3; ++i) {
                _observe(place, keccak256(bytes(codes[i])));
            }
        }
    }

    function _observe(uint256 place, bytes32 operator) private {
        bytes32 authority = customs[place];
        history.observe(_list("term", place, operator), registry.operatorEntries(authority, operator));
        history.observe(_list("suspension", place, operator), registry.suspensionEntries(authority, operator));
        history.ask(_list("suspension", place, operator));
    }

    function _grant(uint256 seed) private view returns (IOperatorRegistry.Grant memory one) {
        one.code = codes[seed % 3];
        (one.tier, one.roles) = (uint8(seed >> 8), uint32(seed >> 16) & 0xffffff);
        one.effectiveFrom = (seed >> 40) % 2 == 0 ? 0 : uint64(block.timestamp - 200 + (seed >> 48) % 300);
        uint64 from = one.effectiveFrom == 0 ? uint64(block.timestamp) : one.effectiveFrom;
        one.effectiveUntil = (seed >> 60) % 2 == 0 ? 0 : from + uint64((seed >> 64) % 200);
    }

    function _list(string memory what, uint256 place, bytes32 operator) private pure returns (bytes32) {
        return keccak256(abi.encode(what, place % 3, operator));
    }
}

contract OperatorInvariantTest is Consortium {
    OperatorHandler private _handler;

    function setUp() public override {
        super.setUp();
        _byVote(abi.encodeCall(authorities.endMember, ("SG", START + 900)));
        _handler = new OperatorHandler(operators, [CN_ACT, SG_ACT, STRANGER], START + 900);
        VM.warp(START + 500);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_EveryOperatorIsListedOnce() external view {
        _handler.requireListed();
    }

    /// @dev Once at the end of each run.
    function afterInvariant() external view {
        _handler.requireAnswersStay();
        _requireHead(IOperatorRegistry.OperatorChanged.selector, IOperatorRegistry.Change.OPERATOR);
        _requireHead(IOperatorRegistry.SuspensionChanged.selector, IOperatorRegistry.Change.SUSPENSION);
        _requireHead(IOperatorRegistry.AliasChanged.selector, IOperatorRegistry.Change.ALIAS);
    }

    function _requireHead(bytes32 topic, IOperatorRegistry.Change kind) private view {
        (uint256 count, bytes32 head) = operators.changes(kind);
        _handler.history().requireHead(topic, count, head);
    }
}
