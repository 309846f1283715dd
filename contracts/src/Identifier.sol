// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Ids on chain: left-aligned lower-case ASCII in 32 bytes (`cn.customs`, `bill-of-lading`)
library Identifier {
    /// @notice 1 to 32 of a-z, 0-9, `.` and `-`, with a letter or digit at both ends, then zeros only.
    function isValid(bytes32 id) internal pure returns (bool) {
        uint256 length = 0;
        while (length < 32 && id[length] != 0) {
            if (!_isAlphanumeric(id[length]) && id[length] != "." && id[length] != "-") return false;
            ++length;
        }
        if (length == 0 || uint256(id) << (8 * length) != 0) return false;
        return _isAlphanumeric(id[0]) && _isAlphanumeric(id[length - 1]);
    }

    /// @notice The upper-case country code that the id begins with; zero if it is not a valid id of that form.
    function country(bytes32 id) internal pure returns (bytes2) {
        if (!isValid(id) || id[2] != "." || !_isLetter(id[0]) || !_isLetter(id[1])) return 0;
        return bytes2(id) & 0xdfdf;
    }

    /// @notice Two letters A to Z (ISO 3166-1 alpha-2).
    function isCountry(bytes2 code) internal pure returns (bool) {
        return code[0] >= "A" && code[0] <= "Z" && code[1] >= "A" && code[1] <= "Z";
    }

    function _isAlphanumeric(bytes1 character) private pure returns (bool) {
        return _isLetter(character) || (character >= "0" && character <= "9");
    }

    function _isLetter(bytes1 character) private pure returns (bool) {
        return character >= "a" && character <= "z";
    }
}
