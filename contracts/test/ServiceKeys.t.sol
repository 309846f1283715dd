// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../src/DatedList.sol";
import {IAuthorityRegistry} from "../src/interfaces/IAuthorityRegistry.sol";
import {Consortium} from "./Consortium.sol";

contract ServiceKeysTest is Consortium {
    IAuthorityRegistry.Purpose private constant _ANSWERS = IAuthorityRegistry.Purpose.ANSWERS;
    bytes32 private constant _X = bytes32(uint256(1));
    bytes32 private constant _Y = bytes32(uint256(2));

    function test_AKeyIsKeptAsGiven() external {
        _add(CN_ACT, CN, _ANSWERS, KEY, 1, _Y);
        IAuthorityRegistry.ServiceKey memory key = authorities.serviceKey(KEY);
        require(key.authority == CN && key.x == _X && key.y == _Y && key.algorithm == 1, "key");
        require(key.purpose == uint128(_ANSWERS), "purpose");
        require(authorities.serviceKeys(CN, _ANSWERS).length == 1, "listed");
        DatedList.Entry memory entry = authorities.serviceKeyEntries(KEY)[0];
        require(entry.code == 1 && entry.detail == uint32(_ANSWERS), "in service, the log holds the purpose");
    }

    function testFuzz_OnlyItsOwnActAccountAddsAndEnds(address account) external {
        VM.assume(account != CN_ACT);
        _assumeOutside(account);
        bytes memory refused =
            abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryNotActing.selector, account, CN);
        VM.expectRevert(refused);
        _add(account, CN, _ANSWERS, KEY, 1, _Y);
        _add(CN_ACT, CN, _ANSWERS, KEY, 1, _Y);
        VM.prank(account);
        VM.expectRevert(refused);
        authorities.endServiceKey(KEY, 0);
    }

    function test_AThumbprintIsRegisteredOnce() external {
        _add(CN_ACT, CN, _ANSWERS, KEY, 1, _Y);
        VM.prank(CN_ACT);
        authorities.endServiceKey(KEY, 0);
        bytes memory taken = abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryKeyTaken.selector, KEY);
        VM.expectRevert(taken);
        _add(CN_ACT, CN, _ANSWERS, KEY, 1, _Y);
        VM.expectRevert(taken);
        _add(SG_ACT, SG, _ANSWERS, KEY, 1, _Y);
    }

    /// @dev Signing keys (1, 2) answer and sign checkpoints, key agreement (3, 4) is for encryption; P-256 has a y.
    function testFuzz_KeysFitTheirPurpose(uint128 algorithm, uint8 purpose, bool hasY) external {
        algorithm = uint128(_bound(algorithm, 0, 6));
        purpose = uint8(_bound(purpose, 0, 3));
        bool known = algorithm > 0 && algorithm < 5;
        bool forPurpose = purpose == 3 ? algorithm > 2 : purpose > 0 && algorithm < 3;
        bool yFits = hasY == (algorithm == 1 || algorithm == 4);
        if (!(known && forPurpose && yFits)) {
            VM.expectRevert(abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryKeyInvalid.selector, KEY));
        }
        _add(CN_ACT, CN, IAuthorityRegistry.Purpose(purpose), KEY, algorithm, hasY ? _Y : bytes32(0));
    }

    function test_ZerosAreRefused() external {
        VM.expectRevert(abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryKeyInvalid.selector, bytes32(0)));
        _add(CN_ACT, CN, _ANSWERS, 0, 1, _Y);
        VM.prank(CN_ACT);
        VM.expectRevert(abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryKeyInvalid.selector, KEY));
        authorities.addServiceKey(CN, _ANSWERS, KEY, 1, 0, _Y, 0, 0);
    }

    function test_AnUnknownKeyDoesNotEnd() external {
        VM.prank(CN_ACT);
        VM.expectRevert(abi.encodeWithSelector(IAuthorityRegistry.AuthorityRegistryKeyUnknown.selector, KEY));
        authorities.endServiceKey(KEY, 0);
    }

    function _add(
        address account,
        bytes32 id,
        IAuthorityRegistry.Purpose purpose,
        bytes32 thumbprint,
        uint128 algorithm,
        bytes32 y
    ) private {
        VM.prank(account);
        authorities.addServiceKey(id, purpose, thumbprint, algorithm, _X, y, 0, 0);
    }
}
