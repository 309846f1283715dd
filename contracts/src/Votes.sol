// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AuthorityChanges} from "./AuthorityChanges.sol";
import {IAuthorityRegistry} from "./interfaces/IAuthorityRegistry.sol";

/// @title Proposals, approved by countries and executed by the contract on itself
/// @notice One vote per country, whichever of its VOTE accounts casts it.
abstract contract Votes is AuthorityChanges {
    struct Proposal {
        bytes[] calls;
        bytes32[] approvals;
        bool executed;
    }

    uint32 private constant _PROPOSED = 1;
    uint32 private constant _APPROVED = 2;
    uint32 private constant _EXECUTED = 3;

    uint256 private _quorum;
    Proposal[] private _proposals;

    modifier onlyByVote() {
        if (msg.sender != address(this)) revert AuthorityRegistryNotByVote(msg.sender);
        _;
    }

    constructor(uint256 quorum_, uint256 founders) {
        if (quorum_ == 0 || quorum_ > founders) revert AuthorityRegistryQuorumInvalid(quorum_, founders);
        _quorum = quorum_;
    }

    /// @inheritdoc IAuthorityRegistry
    function propose(bytes[] calldata calls) external returns (uint256 id) {
        bytes2 country = _voterCountry();
        if (calls.length == 0) revert AuthorityRegistryProposalEmpty();
        id = _proposals.length;
        Proposal storage added = _proposals.push();
        for (uint256 i = 0; i < calls.length; ++i) {
            added.calls.push(calls[i]);
        }
        added.approvals.push(country);
        _logProposal(id, country, _PROPOSED);
    }

    /// @inheritdoc IAuthorityRegistry
    function approve(uint256 id) external {
        bytes2 country = _voterCountry();
        Proposal storage open = _openProposal(id);
        for (uint256 i = 0; i < open.approvals.length; ++i) {
            if (open.approvals[i] == country) revert AuthorityRegistryAlreadyApproved(id, country);
        }
        open.approvals.push(country);
        _logProposal(id, country, _APPROVED);
    }

    /// @inheritdoc IAuthorityRegistry
    function execute(uint256 id) external {
        bytes2 country = _voterCountry();
        Proposal storage open = _openProposal(id);
        uint256 approvals = 0;
        for (uint256 i = 0; i < open.approvals.length; ++i) {
            if (_isMember(bytes2(open.approvals[i]))) ++approvals;
        }
        if (approvals < _quorum) revert AuthorityRegistryQuorumMissing(id, approvals, _quorum);
        open.executed = true;
        for (uint256 i = 0; i < open.calls.length; ++i) {
            _callSelf(open.calls[i], i);
        }
        _logProposal(id, country, _EXECUTED);
    }

    /// @inheritdoc IAuthorityRegistry
    function proposalCount() external view returns (uint256) {
        return _proposals.length;
    }

    /// @inheritdoc IAuthorityRegistry
    function proposal(uint256 id)
        external
        view
        returns (bytes[] memory calls, bytes2[] memory approvals, bool executed)
    {
        if (id >= _proposals.length) {
            revert AuthorityRegistryProposalUnknown(id);
        }
        Proposal storage found = _proposals[id];
        return (found.calls, _countries(found.approvals), found.executed);
    }

    /// @inheritdoc IAuthorityRegistry
    function quorum() public view returns (uint256) {
        return _quorum;
    }

    /// @dev The country of the sender, who must hold role VOTE now for an authority in office.
    function _voterCountry() internal view virtual returns (bytes2);

    function _isMember(bytes2 country) internal view virtual returns (bool);

    /// @dev In storage each country fills one slot of its own, so that each is provable alone.
    function _countries(bytes32[] storage stored) internal view returns (bytes2[] memory countries) {
        countries = new bytes2[](stored.length);
        for (uint256 i = 0; i < stored.length; ++i) {
            countries[i] = bytes2(stored[i]);
        }
    }

    /// @dev The calls are data by nature; what one reverts with is passed on as it is.
    // solhint-disable avoid-low-level-calls, no-inline-assembly
    function _callSelf(bytes memory data, uint256 position) private {
        (bool succeeded, bytes memory returned) = address(this).call(data);
        if (succeeded) return;
        if (returned.length == 0) revert AuthorityRegistryCallInvalid(position);
        assembly ("memory-safe") {
            revert(add(returned, 0x20), mload(returned))
        }
    }
    // solhint-enable avoid-low-level-calls, no-inline-assembly

    function _logProposal(uint256 id, bytes2 country, uint32 code) private {
        uint256 index = _append(Change.PROPOSAL, keccak256(abi.encode(id, country, code)));
        emit ProposalChanged(index, id, country, code);
    }

    function _openProposal(uint256 id) private view returns (Proposal storage open) {
        if (id >= _proposals.length) revert AuthorityRegistryProposalUnknown(id);
        open = _proposals[id];
        if (open.executed) revert AuthorityRegistryProposalExecuted(id);
    }
}
