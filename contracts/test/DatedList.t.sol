// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {Cheats} from "./Vm.sol";

contract Dated {
    using DatedList for DatedList.Entry[];

    DatedList.Entry[] private _list;

    function record(uint32 code, uint32 detail, uint64 effectiveFrom, uint64 effectiveUntil) external {
        _list.record(code, detail, effectiveFrom, effectiveUntil);
    }

    function recordSince(uint32 code, uint64 effectiveFrom) external {
        _list.recordSince(code, 0, effectiveFrom, 0);
    }

    function end(uint64 effectiveFrom) external {
        _list.end(effectiveFrom);
    }

    function at(uint64 time, uint64 knownAt) external view returns (uint32 code, uint32 detail) {
        return _list.at(time, knownAt);
    }

    function lasts(uint64 time) external view returns (bool) {
        return _list.lasts(time);
    }

    function current() external view returns (uint32 code) {
        return _list.current();
    }

    function entries() external view returns (DatedList.Entry[] memory) {
        return _list;
    }
}

contract DatedListTest is Cheats {
    Dated private _dated;

    function setUp() external {
        VM.warp(START);
        _dated = new Dated();
    }

    /// @dev The model paints each entry over a row of seconds in turn; the last paint on a second is the answer.
    function testFuzz_AnswersAsTheNaiveModel(uint256 seed) external {
        uint32[64] memory painted;
        uint32[64] memory paintedHalf;
        uint256 now_ = 0;
        uint64 half = 0;
        for (uint256 step = 0; step < 8; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            now_ += seed % 5;
            VM.warp(START + now_);
            uint256 from = now_ + (seed >> 8) % 8;
            uint256 until = (seed >> 16) % 3 == 0 ? 64 : from + 1 + (seed >> 24) % 16;
            uint32 code = uint32((seed >> 32) % 4);
            _dated.record(code, uint32(step), START + uint64(from), until == 64 ? 0 : START + uint64(until));
            for (uint256 second = from; second < until && second < 64; ++second) {
                painted[second] = code + 100 * uint32(step) + 1;
                if (step < 4) paintedHalf[second] = painted[second];
            }
            if (step == 3) {
                half = START + uint64(now_);
                ++now_;
            }
        }
        for (uint64 second = 0; second < 64; ++second) {
            _requireAnswer(START + second, type(uint64).max, painted[second]);
            _requireAnswer(START + second, half, paintedHalf[second]);
        }
    }

    function testFuzz_NothingIsBackdated(uint64 effectiveFrom) external {
        effectiveFrom = uint64(_bound(effectiveFrom, 1, START - 1));
        VM.expectRevert(abi.encodeWithSelector(DatedList.DatedListBackdated.selector, effectiveFrom, START));
        _dated.record(1, 0, effectiveFrom, 0);
    }

    function test_NotByOneSecondEither() external {
        VM.expectRevert(abi.encodeWithSelector(DatedList.DatedListBackdated.selector, START - 1, START));
        _dated.record(1, 0, START - 1, 0);
    }

    function testFuzz_AnIntervalIsNeverEmpty(uint64 effectiveFrom, uint64 effectiveUntil) external {
        effectiveFrom = uint64(_bound(effectiveFrom, START, type(uint64).max));
        effectiveUntil = uint64(_bound(effectiveUntil, 1, effectiveFrom));
        VM.expectRevert(
            abi.encodeWithSelector(DatedList.DatedListIntervalEmpty.selector, effectiveFrom, effectiveUntil)
        );
        _dated.record(1, 0, effectiveFrom, effectiveUntil);
    }

    function testFuzz_AnEntryIsKeptAsGiven(uint32 code, uint32 detail, uint64 effectiveFrom) external {
        effectiveFrom = uint64(_bound(effectiveFrom, START, type(uint64).max - 1));
        _dated.record(code, detail, effectiveFrom, type(uint64).max);
        DatedList.Entry memory entry = _dated.entries()[0];
        require(entry.code == code && entry.detail == detail, "code");
        require(entry.effectiveFrom == effectiveFrom && entry.effectiveUntil == type(uint64).max, "interval");
        require(entry.recordedAt == START, "recorded");
    }

    function testFuzz_AnEndMovesEarlierOnly(uint64 first, uint64 second) external {
        first = uint64(_bound(first, START, type(uint64).max));
        second = uint64(_bound(second, START, type(uint64).max));
        _dated.record(1, 0, 0, 0);
        _dated.end(first);
        if (second >= first) {
            VM.expectRevert(abi.encodeWithSelector(DatedList.DatedListEnded.selector, first));
        }
        _dated.end(second);
        uint64 end = second < first ? second : first;
        (uint32 code,) = _dated.at(end, START);
        require(code == 0, "ended");
        if (end > START) {
            (code,) = _dated.at(end - 1, START);
            require(code == 1, "holds until then");
        }
    }

    function test_FromIsInclusiveAndUntilExclusive() external {
        _dated.record(7, 0, START + 10, START + 20);
        _requireCode(START + 9, 0);
        _requireCode(START + 10, 7);
        _requireCode(START + 19, 7);
        _requireCode(START + 20, 0);
    }

    function test_ZeroMeansNow() external {
        _dated.record(7, 0, 0, 0);
        require(_dated.current() == 7 && _dated.entries()[0].effectiveFrom == START, "now");
    }

    function test_WhatWasKnownThenStays() external {
        _dated.record(1, 0, 0, 0);
        VM.warp(START + 5);
        _dated.recordSince(4, START - 100);
        (uint32 code,) = _dated.at(START, START + 4);
        require(code == 1, "as known then");
        (code,) = _dated.at(START, START + 5);
        require(code == 4, "as known now");
    }

    function test_LastsOnlyWithoutEnd() external {
        require(!_dated.lasts(START), "empty");
        _dated.record(1, 0, START + 10, 0);
        require(!_dated.lasts(START + 9) && _dated.lasts(START + 10), "from its start on");
        _dated.end(START + 50);
        require(!_dated.lasts(START + 20), "ends");
        _dated.record(1, 0, 0, START + 90);
        require(!_dated.lasts(START + 20), "has an end-date");
    }

    function _requireCode(uint64 time, uint32 expected) private view {
        (uint32 code,) = _dated.at(time, START);
        require(code == expected, "code");
    }

    function _requireAnswer(uint64 time, uint64 knownAt, uint32 painted) private view {
        (uint32 code, uint32 detail) = _dated.at(time, knownAt);
        if (painted == 0) require(code == 0 && detail == 0, "nothing covers it");
        else require(code == (painted - 1) % 100 && detail == (painted - 1) / 100, "the newest that covers it");
    }
}
