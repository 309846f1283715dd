// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAuthorityRegistry} from "./interfaces/IAuthorityRegistry.sol";
import {Votes} from "./Votes.sol";

/// @title Which contract takes another's place, named by vote; both stay readable (docs/adr/0080)
abstract contract Successors is Votes {
    mapping(address predecessor => Successor[]) private _successors;

    /// @inheritdoc IAuthorityRegistry
    function nameSuccessor(address predecessor, address successor) external onlyByVote {
        bool isContract = predecessor.code.length != 0 && (successor == address(0) || successor.code.length != 0);
        if (!isContract || predecessor == successor) {
            revert AuthorityRegistrySuccessorInvalid(predecessor, successor);
        }
        uint64 present = uint64(block.timestamp);
        _successors[predecessor].push(Successor(successor, present));
        uint256 index = _append(Change.SUCCESSOR, keccak256(abi.encode(predecessor, successor, present)));
        emit SuccessorNamed(index, predecessor, successor, present);
    }

    /// @inheritdoc IAuthorityRegistry
    function successors(address predecessor) external view returns (Successor[] memory) {
        return _successors[predecessor];
    }
}
