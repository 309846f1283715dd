// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Identifier} from "../src/Identifier.sol";

contract IdentifierTest {
    using Identifier for bytes32;
    using Identifier for bytes2;

    function test_Ids() external pure {
        require(bytes32("cn.customs").isValid() && bytes32("a").isValid() && bytes32("0-.9").isValid(), "valid");
        require(bytes32("abcdefghijklmnopqrstuvwxyz012345").isValid(), "32 characters");
        bytes32[9] memory wrong = [bytes32(0), "Cn.customs", ".a", "a.", "-a", "a-", "a b", "a\x00b", "\x00a"];
        for (uint256 i = 0; i < wrong.length; ++i) {
            require(!wrong[i].isValid(), "refused");
        }
    }

    function test_CountryOfAnId() external pure {
        require(bytes32("cn.customs").country() == "CN" && bytes32("zz.1").country() == "ZZ", "country");
        bytes32[6] memory none = [bytes32("cn"), "cn.", "c.n.customs", "cnx.customs", "c1.customs", "CN.customs"];
        for (uint256 i = 0; i < none.length; ++i) {
            require(none[i].country() == 0, "none");
        }
    }

    function testFuzz_CountryCodes(bytes2 code) external pure {
        bool first = uint8(code[0]) > 64 && uint8(code[0]) < 91;
        bool second = uint8(code[1]) > 64 && uint8(code[1]) < 91;
        require(code.isCountry() == (first && second), "two letters A to Z");
    }

    /// @dev Built from its length on: characters of the alphabet, then zeros, is valid unless an end is a sign.
    function testFuzz_BuiltIdsAreValid(uint256 seed, uint8 size) external pure {
        bytes memory alphabet = "abcdefghijklmnopqrstuvwxyz0123456789.-";
        uint256 length = 1 + size % 32;
        bytes32 id;
        for (uint256 i = 0; i < length; ++i) {
            bool atEnd = i == 0 || i == length - 1;
            bytes1 character = alphabet[(seed >> (8 * i)) % (atEnd ? 36 : 38)];
            id |= bytes32(character) >> (8 * i);
        }
        require(id.isValid(), "valid");
        uint256 changed = 8 * (seed % length);
        bytes32 wrong = id & ~(bytes32(bytes1(0xff)) >> changed) | bytes32(bytes1("A")) >> changed;
        require(!wrong.isValid(), "an upper-case letter anywhere");
    }
}
