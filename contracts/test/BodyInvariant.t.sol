// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IssuerRegistry} from "../src/IssuerRegistry.sol";
import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {Consortium} from "./Consortium.sol";
import {History} from "./History.sol";
import {Cheats, Vm} from "./Vm.sol";

/// @title An authority and a body grant and end terms at random; what the body grants is looked up second by second
contract BodyHandler is Cheats {
    bytes32 internal constant BODY = "cn.body";
    bytes32 internal constant ISSUER = "cn.issuer";
    bytes32 internal constant KIND = "bill-of-lading";
    bytes32[2] internal codes = [bytes32("port.cnsha"), "port.cnngb"];
    uint64 internal constant LAST = START + 400;

    IssuerRegistry public registry;
    History public history = new History();
    address internal authority;
    address internal body;
    uint256 public granted;

    constructor(IssuerRegistry registry_, address authority_, address body_) {
        (registry, authority, body) = (registry_, authority_, body_);
    }

    function authorize(uint256 seed) external {
        seed = _mix(seed);
        (uint64 from, uint64 until) = _term(seed);
        _call(authority, abi.encodeCall(registry.authorizeBody, (BODY, from, until)));
    }

    function endBody(uint256 seed) external {
        seed = _mix(seed);
        (uint64 from,) = _term(seed);
        _call(authority, abi.encodeCall(registry.endBody, (BODY, from)));
    }

    function accreditBody(uint256 seed) external {
        seed = _mix(seed);
        (uint64 from, uint64 until) = _term(seed);
        uint32 limits = seed >> 250 < 32 ? 4 : 0;
        _call(authority, abi.encodeCall(registry.accreditWithin, (BODY, _one(KIND), limits, from, until)));
    }

    function endBodyKind(uint256 seed) external {
        seed = _mix(seed);
        (uint64 from,) = _term(seed);
        if (seed >> 252 < 4) _call(authority, abi.encodeCall(registry.endAccreditation, (BODY, KIND, from)));
    }

    function scopeBody(uint256 seed) external {
        seed = _mix(seed);
        (uint64 from, uint64 until) = _term(seed);
        bytes32 code = codes[(seed >> 200) % 2];
        bytes memory call = (seed >> 201) % 4 == 0
            ? abi.encodeCall(registry.endScope, (BODY, KIND, code, from))
            : abi.encodeCall(registry.addScope, (BODY, KIND, _one(code), from, until));
        _call(authority, call);
    }

    /// @dev By the body or by the authority above it.
    function accredit(uint256 seed, bool above) external {
        seed = _mix(seed);
        (uint64 from, uint64 until) = _term(seed);
        uint32 limits = seed >> 250 < 32 ? 4 : 0;
        bytes memory call = abi.encodeCall(registry.accreditWithin, (ISSUER, _one(KIND), limits, from, until));
        if (!_call(above ? authority : body, call)) return;
        for (uint64 time = _start(from); time < _end(until); ++time) {
            require(history.codeAt("body", time) == 1, "beyond the term of the body");
            require(history.codeAt("body kind", time) == 1, "beyond its kind");
            uint32 detail = history.detailAt("body kind", time);
            require(detail & ~limits == 0, "beyond its limits");
        }
        ++granted;
    }

    function scope(uint256 seed, bool above) external {
        seed = _mix(seed);
        (uint64 from, uint64 until) = _term(seed);
        bytes32 code = codes[(seed >> 200) % 2];
        bytes memory call = abi.encodeCall(registry.addScope, (ISSUER, KIND, _one(code), from, until));
        if (!_call(above ? authority : body, call)) return;
        bool unlimited = true;
        bool has = true;
        for (uint64 time = _start(from); time < _end(until); ++time) {
            require(history.codeAt("body", time) == 1, "beyond the term of the body");
            if (history.codeAt("body kind", time) != 1 || history.detailAt("body kind", time) != 0) {
                unlimited = false;
            }
            if (history.codeAt(code, time) != 1) has = false;
        }
        require(unlimited || has, "beyond its scope");
        ++granted;
    }

    function wait(uint256 time) external {
        VM.warp(block.timestamp + _bound(time, 0, 20));
    }

    /// @dev Wherever the issuer is covered, the body is.
    function requireCovered() external view {
        uint64 present = uint64(block.timestamp);
        for (uint64 time = START; time < LAST; time += 7) {
            for (uint256 i = 0; i < 2; ++i) {
                bool covered = registry.covers(ISSUER, KIND, _one(codes[i]), time, present);
                require(!covered || registry.covers(BODY, KIND, _one(codes[i]), time, present), "broken chain");
                require(!covered || history.codeAt("body", time) == 1, "no body then");
            }
        }
    }

    function _call(address sender, bytes memory call) private returns (bool succeeded) {
        VM.recordLogs();
        VM.prank(sender);
        (succeeded,) = address(registry).call(call);
        Vm.Log[] memory logs = VM.getRecordedLogs();
        if (!succeeded) return false;
        history.fold(logs);
        history.observe("body", registry.bodyEntries(BODY));
        history.observe("body kind", registry.accreditationEntries(BODY, KIND));
        history.observe("issuer kind", registry.accreditationEntries(ISSUER, KIND));
        for (uint256 i = 0; i < 2; ++i) {
            history.observe(codes[i], registry.scopeEntries(BODY, KIND, codes[i]));
        }
        history.ask("body");
        history.ask("issuer kind");
    }

    function _term(uint256 seed) private view returns (uint64 from, uint64 until) {
        from = seed % 3 == 0 ? 0 : uint64(block.timestamp + (seed >> 8) % 60);
        until = (seed >> 16) % 4 == 0 ? 0 : _start(from) + uint64(1 + (seed >> 24) % 90);
    }

    function _start(uint64 from) private view returns (uint64) {
        return from == 0 ? uint64(block.timestamp) : from;
    }

    /// @dev What has no end is looked at far enough: every date lies within 150 s from now.
    function _end(uint64 until) private view returns (uint64) {
        return until == 0 ? uint64(block.timestamp) + 200 : until;
    }

    function _one(bytes32 value) private pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = value;
    }
}

contract BodyInvariantTest is Consortium {
    BodyHandler private _handler;

    function setUp() public override {
        super.setUp();
        address body = _address("body");
        VM.recordLogs();
        VM.prank(CN_ACT);
        issuers.addIssuer("cn.body", CN);
        VM.prank(CN_ACT);
        issuers.addAccount("cn.body", body, 0, 0);
        VM.prank(CN_ACT);
        issuers.authorizeBody("cn.body", 0, 0);
        VM.prank(CN_ACT);
        issuers.addIssuer("cn.issuer", "cn.body");
        _handler = new BodyHandler(issuers, CN_ACT, body);
        _handler.history().fold(VM.getRecordedLogs());
        _handler.history().observe("body", issuers.bodyEntries("cn.body"));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev Once at the end of each run.
    function afterInvariant() external view {
        _handler.requireCovered();
        _handler.history().requireAnswersStay();
        _requireHead(IIssuerRegistry.BodyChanged.selector, IIssuerRegistry.Change.BODY);
        _requireHead(IIssuerRegistry.ScopeChanged.selector, IIssuerRegistry.Change.SCOPE);
        _requireHead(IIssuerRegistry.AccreditationChanged.selector, IIssuerRegistry.Change.ACCREDITATION);
    }

    /// @dev What is required of every grant stands in the handler.
    function invariant_NothingBeyondTheBody() external view {
        (uint256 count,) = issuers.changes(IIssuerRegistry.Change.ISSUER);
        require(count == 2, "two issuers");
    }

    function _requireHead(bytes32 topic, IIssuerRegistry.Change kind) private view {
        (uint256 count, bytes32 head) = issuers.changes(kind);
        _handler.history().requireHead(topic, count, head);
    }
}
