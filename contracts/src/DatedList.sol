// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Append-only dated lists: every registry fact that can change is one
/// @notice An entry says: from `effectiveFrom` (inclusive) until `effectiveUntil` (exclusive, 0 = without end) the
/// fact had `code`, as the registry knew from `recordedAt` on. The newest entry that covers a time wins.
/// @dev One entry fills one storage slot, so every fact is provable at a slot that can be computed off chain.
library DatedList {
    struct Entry {
        uint32 code;
        uint32 detail;
        uint64 effectiveFrom;
        uint64 effectiveUntil;
        uint64 recordedAt;
    }

    /// @notice The interval is empty or runs backwards.
    error DatedListIntervalEmpty(uint64 effectiveFrom, uint64 effectiveUntil);
    /// @notice The entry would change the past.
    error DatedListBackdated(uint64 effectiveFrom, uint64 earliest);

    /// @notice The fact ends already, and not later than asked.
    error DatedListEnded(uint64 effectiveFrom);

    /// @notice Appends a fact that starts now or later.
    /// @param effectiveFrom seconds since the epoch; 0 means now
    /// @param effectiveUntil seconds since the epoch, exclusive; 0 means without end
    function record(Entry[] storage list, uint32 code, uint32 detail, uint64 effectiveFrom, uint64 effectiveUntil)
        internal
        returns (Entry memory entry)
    {
        uint64 present = uint64(block.timestamp);
        if (effectiveFrom == 0) effectiveFrom = present;
        if (effectiveFrom < present) revert DatedListBackdated(effectiveFrom, present);
        entry = _push(list, code, detail, effectiveFrom, effectiveUntil);
    }

    /// @notice Appends a fact that may start in the past; since when it was known, `recordedAt` tells. For *compromised
    /// since*, for what all sides agree on, and for what was so before it was entered here (`recordOpening`).
    /// @param effectiveFrom seconds since the epoch; 0 means now
    function recordSince(
        Entry[] storage list,
        uint32 code,
        uint32 detail,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) internal returns (Entry memory entry) {
        if (effectiveFrom == 0) effectiveFrom = uint64(block.timestamp);
        entry = _push(list, code, detail, effectiveFrom, effectiveUntil);
    }

    /// @notice Appends a fact that starts now or later, or, as the first of its list, may have started before.
    function recordOpening(
        Entry[] storage list,
        uint32 code,
        uint32 detail,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) internal returns (Entry memory entry) {
        return list.length == 0
            ? recordSince(list, code, detail, effectiveFrom, effectiveUntil)
            : record(list, code, detail, effectiveFrom, effectiveUntil);
    }

    /// @notice Appends the end (code 0) of a fact that has one entry at least; an end may only move earlier.
    /// @param effectiveFrom seconds since the epoch; 0 means now
    function end(Entry[] storage list, uint64 effectiveFrom) internal returns (Entry memory entry) {
        Entry memory newest = list[list.length - 1];
        entry = record(list, 0, 0, effectiveFrom, 0);
        if (newest.code == 0 && newest.effectiveFrom <= entry.effectiveFrom) {
            revert DatedListEnded(newest.effectiveFrom);
        }
    }

    /// @notice True if, as far as is known now, a fact other than code 0 holds from `time` on and has no end.
    function lasts(Entry[] storage list, uint64 time) internal view returns (bool) {
        if (list.length == 0) return false;
        Entry memory newest = list[list.length - 1];
        return newest.code != 0 && newest.effectiveUntil == 0 && newest.effectiveFrom <= time;
    }

    /// @notice The code that holds now; 0 if none does.
    function current(Entry[] storage list) internal view returns (uint32 code) {
        (code,) = at(list, uint64(block.timestamp), uint64(block.timestamp));
    }

    /// @notice True if, as far as is known now, code 1 holds throughout the interval, with no bit in its detail that
    /// `allowed` lacks.
    /// @param effectiveUntil exclusive; 0 = without end
    function holds(Entry[] storage list, uint64 effectiveFrom, uint64 effectiveUntil, uint32 allowed)
        internal
        view
        returns (bool)
    {
        if (!_holdsAt(list, effectiveFrom, allowed)) return false;
        // What holds changes only where an entry begins or ends.
        for (uint256 i = 0; i < list.length; ++i) {
            (uint64 begin, uint64 end_) = (list[i].effectiveFrom, list[i].effectiveUntil);
            bool begins = _isWithin(begin, effectiveFrom, effectiveUntil);
            if (begins && !_holdsAt(list, begin, allowed)) return false;
            bool ends = _isWithin(end_, effectiveFrom, effectiveUntil);
            if (ends && !_holdsAt(list, end_, allowed)) return false;
        }
        return true;
    }

    /// @notice The fact at `time` as it was known at `knownAt`; (0, 0) if none covers it.
    function at(Entry[] storage list, uint64 time, uint64 knownAt)
        internal
        view
        returns (uint32 code, uint32 detail)
    {
        uint256 number = find(list, time, knownAt);
        if (number != 0) (code, detail) = (list[number - 1].code, list[number - 1].detail);
    }

    /// @notice Which entry tells the fact at `time` as it was known at `knownAt`, counted from 1; 0 if none does.
    function find(Entry[] storage list, uint64 time, uint64 knownAt) internal view returns (uint256 number) {
        for (uint256 i = list.length; i > 0; --i) {
            Entry memory entry = list[i - 1];
            if (entry.recordedAt > knownAt || entry.effectiveFrom > time) continue;
            if (entry.effectiveUntil == 0 || time < entry.effectiveUntil) return i;
        }
    }

    /// @notice True if, as was known at `knownAt`, the fact had begun before `time` and held no longer.
    function hasEnded(Entry[] storage list, uint64 time, uint64 knownAt) internal view returns (bool) {
        uint256 number = find(list, time, knownAt);
        if (number != 0) return list[number - 1].code == 0;
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i].recordedAt <= knownAt && list[i].effectiveFrom <= time) return true;
        }
        return false;
    }

    function _push(Entry[] storage list, uint32 code, uint32 detail, uint64 effectiveFrom, uint64 effectiveUntil)
        private
        returns (Entry memory entry)
    {
        if (effectiveUntil != 0 && effectiveUntil <= effectiveFrom) {
            revert DatedListIntervalEmpty(effectiveFrom, effectiveUntil);
        }
        entry = Entry(code, detail, effectiveFrom, effectiveUntil, uint64(block.timestamp));
        list.push(entry);
    }

    function _holdsAt(Entry[] storage list, uint64 time, uint32 allowed) private view returns (bool) {
        (uint32 code, uint32 detail) = at(list, time, uint64(block.timestamp));
        return code == 1 && detail & ~allowed == 0;
    }

    function _isWithin(uint64 time, uint64 effectiveFrom, uint64 effectiveUntil) private pure returns (bool) {
        return time > effectiveFrom && (effectiveUntil == 0 || time < effectiveUntil);
    }
}
