// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {RecognitionRegistry} from "../src/RecognitionRegistry.sol";
import {IRecognitionRegistry} from "../src/interfaces/IRecognitionRegistry.sol";
import {History} from "./History.sol";
import {Cheats, Vm} from "./Vm.sol";

/// @title Three countries and a stranger offer, accept, suspend, end and leave at random; one country goes on the way
contract RecognitionHandler is Cheats {
    struct Question {
        bytes2 recogniser;
        bytes2 recognised;
        uint64 time;
        uint64 knownAt;
        bytes32 answer;
    }

    bytes32 internal constant AEO = "aeo";
    bytes2[3] internal countries = [bytes2("CN"), "SG", "KR"];
    bytes32[2] internal treaties = [bytes32("cn.first"), "cn.second"];
    address[4] internal actors;
    uint64 internal koreaLeaves;

    RecognitionRegistry public registry;
    History public history = new History();
    bytes32[] internal offers;
    mapping(bytes32 offer => bytes2) internal offeredBy;
    Question[] internal questions;

    constructor(RecognitionRegistry registry_, address[4] memory actors_, uint64 koreaLeaves_) {
        (registry, actors, koreaLeaves) = (registry_, actors_, koreaLeaves_);
    }

    function propose(uint256 actor, uint256 seed) external {
        bytes2[] memory others = new bytes2[](2);
        (others[0], others[1]) = ("SG", "KR");
        bytes32 id = treaties[seed % 2];
        uint64 signed = _past(seed >> 8);
        if (_call(actor, abi.encodeCall(registry.proposeArrangement, (id, AEO, "text", others, signed)))) {
            require(_country(actor) == "CN", "an id of China's");
        }
    }

    function sign(uint256 actor, uint256 seed) external {
        bytes32 id = treaties[seed % 2];
        bytes memory call = (seed >> 8) % 4 == 0
            ? abi.encodeCall(registry.leaveArrangement, (id, _later(seed >> 16)))
            : abi.encodeCall(registry.acceptArrangement, (id, (seed >> 9) % 2 == 0 ? 0 : _past(seed >> 16)));
        bytes32 before = _others(id, _country(actor));
        _call(actor, call);
        require(_others(id, _country(actor)) == before, "one country has signed or left for another");
    }

    function offer(uint256 actor, uint256 seed) external {
        seed = _mix(seed);
        IRecognitionRegistry.Terms[] memory terms = new IRecognitionRegistry.Terms[](1 + seed % 2);
        terms[0] = _terms(seed >> 8);
        if (terms.length == 2) terms[1] = _terms(seed >> 100);
        // Mostly a direction of one's own.
        if (actor % 4 < 3 && (seed >> 200) % 4 != 0) terms[0].recogniser = countries[actor % 4];
        if (!_call(actor, abi.encodeCall(registry.offer, (terms)))) return;
        for (uint256 i = 0; i < terms.length; ++i) {
            require(_isSide(_country(actor), terms[i].recogniser, terms[i].recognised), "offered by another");
            bytes32 id = keccak256(abi.encode(terms[i]));
            offers.push(id);
            offeredBy[id] = _country(actor);
        }
    }

    /// @dev No recognition without both sides.
    function accept(uint256 actor, uint256 seed) external {
        seed = _mix(seed);
        // Mostly one of the newest, which is still open.
        bytes32 id = offers.length == 0 ? bytes32(seed) : offers[offers.length - 1 - (seed % offers.length) % 4];
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = id;
        bytes2 by = offeredBy[id];
        IRecognitionRegistry.Terms memory terms = registry.offerTerms(id);
        // Mostly by the other side, sometimes by who offered it.
        if (seed % 5 == 1) actor = _index(by);
        if (seed % 5 > 1) actor = _index(by == terms.recogniser ? terms.recognised : terms.recogniser);
        if (!_call(actor, abi.encodeCall(registry.accept, (ids)))) return;
        bytes2 country = _country(actor);
        require(by != 0 && by != country, "nobody else has offered it");
        require(_isSide(by, terms.recogniser, terms.recognised), "not offered by a side");
        require(_isSide(country, terms.recogniser, terms.recognised), "not accepted by a side");
        uint64 from = terms.effectiveFrom == 0 ? uint64(block.timestamp) : terms.effectiveFrom;
        require(history.codeAt(_party(terms.arrangement, by), from) == 1, "who offers is no party");
        require(history.codeAt(_party(terms.arrangement, country), from) == 1, "who accepts is no party");
        offeredBy[id] = 0;
    }

    function closeOffer(uint256 actor, uint256 seed) external {
        seed = _mix(seed);
        if (offers.length == 0 || seed % 3 != 0) return;
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = offers[(seed >> 8) % offers.length];
        if (_call(actor, abi.encodeCall(registry.closeOffers, (ids)))) offeredBy[ids[0]] = 0;
    }

    function change(uint256 actor, uint256 seed) external {
        seed = _mix(seed);
        (bytes2 first, bytes2 second) = _pair(seed >> 8);
        if ((seed >> 128) % 4 != 0 && registry.agreed(AEO).length != 0) {
            bytes32 known = registry.agreed(AEO)[(seed >> 130) % registry.agreed(AEO).length];
            (first, second) = (bytes2(known), bytes2(known << 16));
            actor = _index((seed >> 200) % 2 == 0 ? first : second);
        }
        IRecognitionRegistry.Direction[] memory one = new IRecognitionRegistry.Direction[](1);
        one[0] = IRecognitionRegistry.Direction(AEO, first, second);
        bytes memory call = abi.encodeCall(registry.suspend, (one, uint32(seed)));
        if (seed % 3 == 1) call = abi.encodeCall(registry.resume, (one));
        if (seed % 3 == 2) call = abi.encodeCall(registry.end, (one, _later(seed >> 16)));
        bytes2 other = _country(actor) == first ? second : first;
        uint256 before = registry.suspensionEntries(AEO, first, second, other).length;
        if (_call(actor, call)) require(_isSide(_country(actor), first, second), "changed by another");
        uint256 count = registry.suspensionEntries(AEO, first, second, other).length;
        require(first == second || count == before, "one side has suspended or resumed for the other");
    }

    function wait(uint256 time) external {
        VM.warp(block.timestamp + _bound(time, 1, 40));
    }

    /// @dev Compared with the plain reading of the lists, then remembered: nothing recorded later may change it.
    function ask(uint256 seed) external {
        seed = _mix(seed);
        (bytes2 first, bytes2 second) = _pair(seed);
        bytes32[] memory agreed = registry.agreed(AEO);
        if (agreed.length != 0 && seed % 4 != 0) {
            bytes32 one = agreed[(seed >> 2) % agreed.length];
            (first, second) = (bytes2(one), bytes2(one << 16));
        }
        uint64 knownAt = uint64(block.timestamp - 1 - (seed >> 32) % 100);
        uint64 time = uint64(block.timestamp - 300 + (seed >> 64) % 500);
        IRecognitionRegistry.Recognition memory answer = registry.recognition(AEO, first, second, time, knownAt);
        require(answer.state == _plainly(first, second, time, knownAt), "another answer than the lists give");
        questions.push(Question(first, second, time, knownAt, keccak256(abi.encode(answer))));
    }

    function requireAnswersStay() external view {
        history.requireAnswersStay();
        for (uint256 i = 0; i < questions.length; ++i) {
            Question memory one = questions[i];
            IRecognitionRegistry.Recognition memory answer =
                registry.recognition(AEO, one.recogniser, one.recognised, one.time, one.knownAt);
            require(keccak256(abi.encode(answer)) == one.answer, "a past answer has changed");
        }
    }

    function _plainly(bytes2 first, bytes2 second, uint64 time, uint64 knownAt)
        private
        view
        returns (IRecognitionRegistry.State)
    {
        bytes32 list = _direction(first, second);
        if (!history.hasBegun(list, time, knownAt)) return IRecognitionRegistry.State.NONE;
        if (history.entryAt(list, time, knownAt).code == 0) return IRecognitionRegistry.State.ENDED;
        bytes32 id = registry.recognition(AEO, first, second, time, knownAt).offer;
        bytes32 treaty = registry.offerTerms(id).arrangement;
        if (history.entryAt(_party(treaty, first), time, knownAt).code != 1) return IRecognitionRegistry.State.LEFT;
        if (history.entryAt(_party(treaty, second), time, knownAt).code != 1) return IRecognitionRegistry.State.LEFT;
        if ((first == "KR" || second == "KR") && time >= koreaLeaves) return IRecognitionRegistry.State.LEFT;
        bool suspended = history.entryAt(_suspension(first, second, first), time, knownAt).code == 1
            || history.entryAt(_suspension(first, second, second), time, knownAt).code == 1;
        return suspended ? IRecognitionRegistry.State.SUSPENDED : IRecognitionRegistry.State.IN_EFFECT;
    }

    function _call(uint256 actor, bytes memory call) private returns (bool succeeded) {
        VM.recordLogs();
        VM.prank(actors[actor % 4]);
        (succeeded,) = address(registry).call(call);
        Vm.Log[] memory logs = VM.getRecordedLogs();
        require(!succeeded || _country(actor) != 0, "a stranger has acted, or Korea after it left");
        if (!succeeded) return false;
        history.fold(logs);
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 j = 0; j < 2; ++j) {
                history.observe(_party(treaties[j], countries[i]), registry.partyEntries(treaties[j], countries[i]));
            }
            for (uint256 j = 0; j < 3; ++j) {
                _observe(countries[i], countries[j]);
            }
        }
        _requirePresent();
    }

    /// @dev After every change each direction that was ever agreed is now what the lists give.
    function _requirePresent() private view {
        bytes32[] memory agreed = registry.agreed(AEO);
        uint64 present = uint64(block.timestamp);
        for (uint256 i = 0; i < agreed.length; ++i) {
            (bytes2 first, bytes2 second) = (bytes2(agreed[i]), bytes2(agreed[i] << 16));
            IRecognitionRegistry.State state = registry.recognition(AEO, first, second, present, present).state;
            require(state == _plainly(first, second, present, present), "another answer than the lists give now");
        }
    }

    function _observe(bytes2 first, bytes2 second) private {
        history.observe(_direction(first, second), registry.recognitionEntries(AEO, first, second));
        for (uint256 i = 0; i < 3; ++i) {
            history.observe(
                _suspension(first, second, countries[i]), registry.suspensionEntries(AEO, first, second, countries[i])
            );
        }
    }

    function _terms(uint256 seed) private view returns (IRecognitionRegistry.Terms memory terms) {
        terms.arrangement = treaties[seed % 4 == 0 ? 1 : 0];
        (terms.recogniser, terms.recognised) = _pair(seed >> 8);
        terms.roles = uint32((seed >> 16) % 4);
        terms.effectiveFrom =
            (seed >> 24) % 3 == 0 ? 0 : (seed >> 24) % 3 == 1 ? _past(seed >> 32) : _later(seed >> 32);
        uint64 from = terms.effectiveFrom == 0 ? uint64(block.timestamp) : terms.effectiveFrom;
        terms.effectiveUntil = (seed >> 48) % 3 == 0 ? from + uint64((seed >> 56) % 200) : 0;
    }

    function _pair(uint256 seed) private view returns (bytes2 first, bytes2 second) {
        first = countries[seed % 3];
        second = countries[(seed % 3 + (seed >> 4) % 7) % 3];
    }

    function _index(bytes2 country) private view returns (uint256) {
        return country == countries[0] ? 0 : country == countries[1] ? 1 : 2;
    }

    function _past(uint256 seed) private view returns (uint64) {
        return uint64(block.timestamp - seed % 400);
    }

    function _later(uint256 seed) private view returns (uint64) {
        return seed % 2 == 0 ? 0 : uint64(block.timestamp + (seed >> 8) % 60);
    }

    /// @dev Zero for the stranger, and for Korea once it has left.
    function _country(uint256 actor) private view returns (bytes2) {
        if (actor % 4 == 3 || (actor % 4 == 2 && block.timestamp >= koreaLeaves)) return 0;
        return countries[actor % 4];
    }

    function _others(bytes32 id, bytes2 country) private view returns (bytes32 seen) {
        for (uint256 i = 0; i < 3; ++i) {
            if (countries[i] != country) seen = keccak256(abi.encode(seen, registry.partyEntries(id, countries[i])));
        }
    }

    function _isSide(bytes2 country, bytes2 first, bytes2 second) private pure returns (bool) {
        return country == first || country == second;
    }

    function _party(bytes32 id, bytes2 country) private pure returns (bytes32) {
        return keccak256(abi.encode("party", id, country));
    }

    function _direction(bytes2 first, bytes2 second) private pure returns (bytes32) {
        return keccak256(abi.encode("direction", first, second));
    }

    function _suspension(bytes2 first, bytes2 second, bytes2 by) private pure returns (bytes32) {
        return keccak256(abi.encode("suspension", first, second, by));
    }
}
