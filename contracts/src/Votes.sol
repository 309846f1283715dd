// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AuthorityChanges} from "./AuthorityChanges.sol";
import {DatedList} from "./DatedList.sol";
import {IAuthorityRegistry} from "./interfaces/IAuthorityRegistry.sol";

/// @title Proposals, approved by countries and executed by the contract on itself, and the quorum that they need
/// @notice One vote per country, whichever of its VOTE accounts casts it. What counts is looked at on execution.
abstract contract Votes is AuthorityChanges {
    using DatedList for DatedList.Entry[];

    /// @dev The dates and `executed` share the third slot.
    struct Proposal {
        bytes[] calls;
        bytes32[] approvals;
        bool executed;
        uint64 proposedAt;
        uint64 expiresAt;
        uint64 executedAt;
    }

    uint32 private constant _PROPOSED = 1;
    uint32 private constant _APPROVED = 2;
    uint32 private constant _EXECUTED = 3;
    uint32 private constant _WITHDRAWN = 4;
    uint64 private constant _TERM = 30 days;
    uint64 private constant _LONGEST_TERM = 365 days;

    DatedList.Entry[] private _quorumEntries;
    Proposal[] private _proposals;
    mapping(uint256 proposal => mapping(bytes2 country => DatedList.Entry[])) private _voteEntries;

    modifier onlyByVote() {
        if (_actor() != address(this)) revert AuthorityRegistryNotByVote(_actor());
        _;
    }

    constructor(uint256 quorum_, uint256 founders) {
        _setQuorum(quorum_, founders);
    }

    /// @inheritdoc IAuthorityRegistry
    function propose(bytes[] calldata calls) external returns (uint256 id) {
        return _propose(calls, uint64(block.timestamp) + _TERM);
    }

    /// @inheritdoc IAuthorityRegistry
    function proposeUntil(bytes[] calldata calls, uint64 expiresAt) external returns (uint256 id) {
        uint64 latest = uint64(block.timestamp) + _LONGEST_TERM;
        if (expiresAt <= block.timestamp || expiresAt > latest) {
            revert AuthorityRegistryExpiryInvalid(expiresAt, latest);
        }
        return _propose(calls, expiresAt);
    }

    /// @inheritdoc IAuthorityRegistry
    function approve(uint256 id) external {
        bytes2 country = _voterCountry();
        Proposal storage open = _openProposal(id);
        if (_counts(id, country)) revert AuthorityRegistryAlreadyApproved(id, country);
        _approve(id, open, country);
        _logProposal(id, country, _APPROVED);
    }

    /// @inheritdoc IAuthorityRegistry
    function withdrawApproval(uint256 id) external {
        bytes2 country = _voterCountry();
        _openProposal(id);
        if (_voteEntries[id][country].current() == 0) revert AuthorityRegistryNotApproved(id, country);
        _voteEntries[id][country].record(0, 0, 0, 0);
        _logProposal(id, country, _WITHDRAWN);
    }

    /// @inheritdoc IAuthorityRegistry
    function execute(uint256 id) external {
        bytes2 country = _voterCountry();
        Proposal storage open = _openProposal(id);
        (uint256 approvals, uint256 needed) = (approvalCount(id), quorum());
        if (approvals < needed) revert AuthorityRegistryQuorumMissing(id, approvals, needed);
        open.executed = true;
        open.executedAt = uint64(block.timestamp);
        for (uint256 i = 0; i < open.calls.length; ++i) {
            (bool understood,) = _callAs(address(this), open.calls[i]);
            if (!understood) revert AuthorityRegistryCallInvalid(i);
        }
        _requireQuorum(quorum(), _memberCount());
        _logProposal(id, country, _EXECUTED);
    }

    /// @inheritdoc IAuthorityRegistry
    function changeQuorum(uint256 quorum_) external onlyByVote {
        _setQuorum(quorum_, _memberCount());
        _requireVoters(uint64(block.timestamp));
    }

    /// @inheritdoc IAuthorityRegistry
    function quorumEntries() external view returns (DatedList.Entry[] memory) {
        return _quorumEntries;
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
        Proposal storage found = _proposal(id);
        bytes32[] memory standing = found.approvals;
        uint256 count = 0;
        for (uint256 i = 0; i < standing.length; ++i) {
            if (_voteEntries[id][bytes2(standing[i])].current() == 1) {
                standing[count] = standing[i];
                ++count;
            }
        }
        approvals = new bytes2[](count);
        for (uint256 i = 0; i < count; ++i) {
            approvals[i] = bytes2(standing[i]);
        }
        return (found.calls, approvals, found.executed);
    }

    /// @inheritdoc IAuthorityRegistry
    function proposalDates(uint256 id)
        external
        view
        returns (uint64 proposedAt, uint64 expiresAt, uint64 executedAt)
    {
        Proposal storage found = _proposal(id);
        return (found.proposedAt, found.expiresAt, found.executedAt);
    }

    /// @inheritdoc IAuthorityRegistry
    function voteEntries(uint256 id, bytes2 country) external view returns (DatedList.Entry[] memory) {
        return _voteEntries[id][country];
    }

    /// @inheritdoc IAuthorityRegistry
    function approvalCount(uint256 id) public view returns (uint256 count) {
        bytes32[] storage approvals = _proposal(id).approvals;
        for (uint256 i = 0; i < approvals.length; ++i) {
            if (_counts(id, bytes2(approvals[i]))) ++count;
        }
    }

    /// @inheritdoc IAuthorityRegistry
    function quorum() public view returns (uint256) {
        return _quorumEntries.current();
    }

    /// @dev The country of the actor, who must hold role VOTE now for an authority in office.
    function _voterCountry() internal view virtual returns (bytes2);

    /// @dev True if the country is a member and was not admitted anew after `time`.
    function _isMemberSince(bytes2 country, uint64 time) internal view virtual returns (bool);

    /// @dev How many countries are or ever were members.
    function _memberCount() internal view virtual returns (uint256);

    /// @dev Reverts unless a quorum of countries can vote from `time` on, for ever.
    function _requireVoters(uint64 time) internal view virtual;

    /// @dev In storage each country fills one slot of its own, so that each is provable alone.
    function _countries(bytes32[] storage stored) internal view returns (bytes2[] memory countries) {
        countries = new bytes2[](stored.length);
        for (uint256 i = 0; i < stored.length; ++i) {
            countries[i] = bytes2(stored[i]);
        }
    }

    function _propose(bytes[] calldata calls, uint64 expiresAt) private returns (uint256 id) {
        bytes2 country = _voterCountry();
        if (calls.length == 0) revert AuthorityRegistryProposalEmpty();
        id = _proposals.length;
        Proposal storage added = _proposals.push();
        (added.proposedAt, added.expiresAt) = (uint64(block.timestamp), expiresAt);
        for (uint256 i = 0; i < calls.length; ++i) {
            added.calls.push(calls[i]);
        }
        _approve(id, added, country);
        _logProposal(id, country, _PROPOSED);
    }

    function _approve(uint256 id, Proposal storage open, bytes2 country) private {
        DatedList.Entry[] storage entries = _voteEntries[id][country];
        if (entries.length == 0) open.approvals.push(country);
        entries.record(1, 0, 0, 0);
    }

    function _setQuorum(uint256 quorum_, uint256 countries) private {
        _requireQuorum(quorum_, countries);
        DatedList.Entry memory entry = _quorumEntries.record(uint32(quorum_), 0, 0, 0);
        uint256 index = _append(Change.QUORUM, keccak256(abi.encode(quorum_, entry)));
        emit QuorumChanged(index, quorum_, entry);
    }

    function _logProposal(uint256 id, bytes2 country, uint32 code) private {
        uint256 index = _append(Change.PROPOSAL, keccak256(abi.encode(id, country, code)));
        emit ProposalChanged(index, id, country, code);
    }

    function _proposal(uint256 id) private view returns (Proposal storage) {
        if (id >= _proposals.length) revert AuthorityRegistryProposalUnknown(id);
        return _proposals[id];
    }

    function _openProposal(uint256 id) private view returns (Proposal storage open) {
        open = _proposal(id);
        if (open.executed) revert AuthorityRegistryProposalExecuted(id);
        if (open.expiresAt <= block.timestamp) revert AuthorityRegistryProposalExpired(id, open.expiresAt);
    }

    /// @dev A country that left and came back must approve again.
    function _counts(uint256 id, bytes2 country) private view returns (bool) {
        DatedList.Entry[] storage entries = _voteEntries[id][country];
        return entries.current() == 1 && _isMemberSince(country, entries[entries.length - 1].recordedAt);
    }

    /// @dev From the second country on nobody decides alone.
    function _requireQuorum(uint256 quorum_, uint256 countries) private pure {
        if (quorum_ == 0 || quorum_ > countries || (quorum_ == 1 && countries > 1)) {
            revert AuthorityRegistryQuorumInvalid(quorum_, countries);
        }
    }
}
