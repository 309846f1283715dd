// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {IssuerRegistry} from "../src/IssuerRegistry.sol";
import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {Consortium} from "./Consortium.sol";
import {History} from "./History.sol";
import {Cheats, Vm} from "./Vm.sol";

/// @title Two accreditors, their issuers and a stranger try everything; China leaves on the way
contract IssuerHandler is Cheats {
    bytes32[3] internal issuers = [bytes32("cn.carrier"), "sg.carrier", "sg.chamber"];
    bytes32[3] internal keys = [keccak256("1"), keccak256("2"), keccak256("3")];
    bytes32[2] internal kinds = [bytes32("bill-of-lading"), "certificate-of-origin"];
    address[6] internal actors;

    IssuerRegistry public registry;
    History public history = new History();
    uint64 public chinaLeaves;

    constructor(IssuerRegistry registry_, address chinaActs, address singaporeActs, uint64 chinaLeaves_) {
        registry = registry_;
        chinaLeaves = chinaLeaves_;
        actors = [chinaActs, singaporeActs, _address("a"), _address("b"), _address("c"), _address("d")];
    }

    function issuer(uint256 actor, uint256 seed) external {
        bytes32 id = issuers[seed % 3];
        bytes32 accreditor = id == issuers[0] ? bytes32("cn.customs") : bytes32("sg.customs");
        uint256 which = (seed >> 8) % 3;
        bytes memory call = abi.encodeCall(registry.addIssuer, (id, accreditor));
        if (which == 1) call = abi.encodeCall(registry.suspendIssuer, (id, uint32(seed)));
        if (which == 2) call = abi.encodeCall(registry.reinstateIssuer, (id));
        _attempt(actor, call, id, false);
    }

    function accreditation(uint256 actor, uint256 seed) external {
        bytes32 id = issuers[seed % 3];
        bytes32[] memory some = new bytes32[](1);
        some[0] = kinds[(seed >> 8) % 2];
        uint64 from = _from(seed >> 16);
        uint64 until = (seed >> 32) % 2 == 0 ? 0 : uint64(block.timestamp + (seed >> 40) % 90);
        bytes memory call = (seed >> 48) % 2 == 0
            ? abi.encodeCall(registry.accredit, (id, some, from, until))
            : abi.encodeCall(registry.endAccreditation, (id, some[0], from));
        _attempt(actor, call, id, false);
    }

    function account(uint256 actor, uint256 seed) external {
        address own = actors[2 + (seed >> 8) % 4];
        if ((seed >> 16) % 3 != 0) {
            bytes32 id = issuers[seed % 3];
            _attempt(actor, abi.encodeCall(registry.addAccount, (id, own, _from(seed >> 24), 0)), id, false);
        } else {
            bytes memory call = abi.encodeCall(registry.endAccount, (own, _from(seed >> 24)));
            _attempt(actor, call, registry.accountIssuer(own), false);
        }
    }

    function addKey(uint256 actor, uint256 seed) external {
        bytes32 id = issuers[seed % 3];
        uint64 until = (seed >> 32) % 2 == 0 ? 0 : uint64(block.timestamp + (seed >> 40) % 300);
        bytes memory call =
            abi.encodeCall(registry.addKey, (id, keys[(seed >> 8) % 3], 2, "x", 0, _from(seed >> 16), until));
        _attempt(actor, call, id, false);
    }

    function key(uint256 actor, uint256 seed) external {
        bytes32 thumbprint = keys[(seed >> 8) % 3];
        bytes32 id = registry.key(thumbprint).issuer;
        uint256 which = (seed >> 16) % 4;
        bytes memory call = abi.encodeCall(registry.suspendKey, (thumbprint, uint32(seed)));
        if (which == 1) call = abi.encodeCall(registry.reinstateKey, (thumbprint));
        if (which == 2) call = abi.encodeCall(registry.retireKey, (thumbprint, _from(seed >> 24)));
        if (which == 3) {
            uint64 since = uint64(block.timestamp + 10 - (seed >> 32) % 200);
            call = abi.encodeCall(registry.markCompromised, (thumbprint, since));
        }
        _attempt(actor, call, id, which == 0);
    }

    function wait(uint256 time) external {
        VM.warp(block.timestamp + _bound(time, 1, 40));
    }

    function requireCompromisesMoveEarlier() external view {
        for (uint256 i = 0; i < keys.length; ++i) {
            DatedList.Entry[] memory entries = registry.compromiseEntries(keys[i]);
            for (uint256 j = 0; j < entries.length; ++j) {
                require(entries[j].effectiveFrom <= entries[j].recordedAt, "in the future");
                require(j == 0 || entries[j].effectiveFrom < entries[j - 1].effectiveFrom, "not earlier");
            }
        }
    }

    function _attempt(uint256 seed, bytes memory call, bytes32 id, bool byIssuerToo) private {
        address actor = actors[seed % 3 == 0 ? seed % 6 : id == issuers[0] ? 0 : 1];
        bool allowed = actor == _accreditorOf(id) || (byIssuerToo && _isOwn(actor, id));
        VM.recordLogs();
        VM.prank(actor);
        (bool succeeded,) = address(registry).call(call);
        Vm.Log[] memory logs = VM.getRecordedLogs();
        require(allowed || !succeeded, "somebody else has acted");
        require(!succeeded || logs.length == 1 || logs.length == 2, "one event for each change, and who holds it");
        if (succeeded) {
            history.fold(logs);
            _observe();
        }
        history.ask(issuers[block.timestamp % 3]);
        history.ask(keys[block.timestamp % 3]);
    }

    function _observe() private {
        for (uint256 i = 0; i < 3; ++i) {
            history.observe(issuers[i], registry.issuerEntries(issuers[i]));
            history.observe(keys[i], registry.keyEntries(keys[i]));
            history.observe(keccak256(abi.encode("compromised", keys[i])), registry.compromiseEntries(keys[i]));
            for (uint256 j = 0; j < 2; ++j) {
                bytes32 list = keccak256(abi.encode(issuers[i], kinds[j]));
                history.observe(list, registry.accreditationEntries(issuers[i], kinds[j]));
                history.ask(list);
            }
        }
        for (uint256 i = 2; i < actors.length; ++i) {
            history.observe(_list(actors[i]), registry.accountEntries(actors[i]));
        }
    }

    function _accreditorOf(bytes32 id) private view returns (address) {
        if (id == 0) return address(0);
        if (id != issuers[0]) return actors[1];
        return block.timestamp < chinaLeaves ? actors[0] : address(0);
    }

    function _isOwn(address actor, bytes32 id) private view returns (bool) {
        return registry.accountIssuer(actor) == id && history.codeAt(_list(actor), uint64(block.timestamp)) == 1;
    }

    function _from(uint256 seed) private view returns (uint64) {
        return seed % 2 == 0 ? 0 : uint64(block.timestamp + (seed >> 8) % 30);
    }

    function _list(address own) private pure returns (bytes32) {
        return bytes32(uint256(uint160(own)));
    }
}

contract IssuerInvariantTest is Consortium {
    IssuerHandler private _handler;

    function setUp() public override {
        super.setUp();
        _byVote(abi.encodeCall(authorities.endMember, ("CN", START + 600)));
        _handler = new IssuerHandler(issuers, CN_ACT, SG_ACT, START + 600);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_CompromisedSinceMovesEarlierOnly() external view {
        _handler.requireCompromisesMoveEarlier();
    }

    /// @dev Once at the end of each run: history stays, and the running hashes are what the events give.
    function afterInvariant() external view {
        _handler.history().requireAnswersStay();
        _requireHead(IIssuerRegistry.IssuerChanged.selector, IIssuerRegistry.Change.ISSUER);
        _requireHead(IIssuerRegistry.AccreditationChanged.selector, IIssuerRegistry.Change.ACCREDITATION);
        _requireHead(IIssuerRegistry.AccountChanged.selector, IIssuerRegistry.Change.ACCOUNT);
        _requireHead(IIssuerRegistry.KeyChanged.selector, IIssuerRegistry.Change.KEY);
        _requireHead(IIssuerRegistry.HoldChanged.selector, IIssuerRegistry.Change.HOLD);
    }

    function _requireHead(bytes32 topic, IIssuerRegistry.Change kind) private view {
        (uint256 count, bytes32 head) = issuers.changes(kind);
        _handler.history().requireHead(topic, count, head);
    }
}
