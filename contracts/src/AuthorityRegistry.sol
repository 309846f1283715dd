// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "./DatedList.sol";
import {Identifier} from "./Identifier.sol";
import {IAuthorityRegistry} from "./interfaces/IAuthorityRegistry.sol";
import {ServiceKeys} from "./ServiceKeys.sol";
import {Successors} from "./Successors.sol";
import {Votes} from "./Votes.sol";

/// @title Who belongs to the consortium
/// @notice Nothing may end, and the quorum not rise, where that would leave fewer countries than the quorum with a
/// membership, an authority and a VOTE account that have no end-date: the registry cannot lock itself.
contract AuthorityRegistry is Successors, ServiceKeys {
    using DatedList for DatedList.Entry[];
    using Identifier for bytes32;
    using Identifier for bytes2;

    struct Authority {
        bytes2 country;
        Domain domain;
    }

    struct Account {
        bytes32 authority;
        Role role;
    }

    bytes32[] private _members;
    mapping(bytes2 country => DatedList.Entry[]) private _memberEntries;
    bytes32[] private _authorities;
    mapping(bytes32 id => Authority) private _authority;
    mapping(bytes32 id => DatedList.Entry[]) private _authorityEntries;
    mapping(bytes32 id => address[]) private _accounts;
    mapping(address account_ => Account) private _account;
    mapping(address account_ => DatedList.Entry[]) private _accountEntries;

    constructor(Founder[] memory founders, uint256 quorum_) Votes(quorum_, founders.length) {
        for (uint256 i = 0; i < founders.length; ++i) {
            Founder memory founder = founders[i];
            _admitMember(founder.country, 0);
            _addAuthority(founder.authority, founder.country, founder.domain, 0, 0);
            _addAccount(founder.authority, Role.VOTE, founder.voter, 0, 0);
        }
    }

    /// @inheritdoc IAuthorityRegistry
    function admitMember(bytes2 country, uint64 effectiveFrom) external onlyByVote {
        _admitMember(country, effectiveFrom);
    }

    /// @inheritdoc IAuthorityRegistry
    function endMember(bytes2 country, uint64 effectiveFrom) external onlyByVote {
        if (_memberEntries[country].length == 0) revert AuthorityRegistryMemberUnknown(country);
        DatedList.Entry memory entry = _memberEntries[country].end(effectiveFrom);
        _requireVoters(entry.effectiveFrom);
        _logMember(country, entry);
    }

    /// @inheritdoc IAuthorityRegistry
    function addAuthority(
        bytes32 authority_,
        bytes2 country,
        Domain domain,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) external onlyByVote {
        _addAuthority(authority_, country, domain, effectiveFrom, effectiveUntil);
    }

    /// @inheritdoc IAuthorityRegistry
    function endAuthority(bytes32 authority_, uint64 effectiveFrom) external onlyByVote {
        _requireAuthority(authority_);
        DatedList.Entry memory entry = _authorityEntries[authority_].end(effectiveFrom);
        _requireVoters(entry.effectiveFrom);
        _logAuthority(authority_, entry);
    }

    /// @inheritdoc IAuthorityRegistry
    function addAccount(bytes32 authority_, Role role, address account_, uint64 effectiveFrom, uint64 effectiveUntil)
        external
        onlyByVote
    {
        _addAccount(authority_, role, account_, effectiveFrom, effectiveUntil);
    }

    /// @inheritdoc IAuthorityRegistry
    function endAccount(address account_, uint64 effectiveFrom) external onlyByVote {
        Account memory ended = _account[account_];
        if (ended.role == Role.NONE) revert AuthorityRegistryAccountUnknown(account_);
        DatedList.Entry memory entry = _accountEntries[account_].end(effectiveFrom);
        if (ended.role == Role.VOTE) _requireVoters(entry.effectiveFrom);
        _logAccount(ended.authority, account_, entry);
    }

    /// @inheritdoc IAuthorityRegistry
    function members() external view returns (bytes2[] memory) {
        return _countries(_members);
    }

    /// @inheritdoc IAuthorityRegistry
    function memberEntries(bytes2 country) external view returns (DatedList.Entry[] memory) {
        return _memberEntries[country];
    }

    /// @inheritdoc IAuthorityRegistry
    function authorities() external view returns (bytes32[] memory) {
        return _authorities;
    }

    /// @inheritdoc IAuthorityRegistry
    function authority(bytes32 id) external view returns (bytes2 country, Domain domain) {
        return (_authority[id].country, _authority[id].domain);
    }

    /// @inheritdoc IAuthorityRegistry
    function authorityEntries(bytes32 id) external view returns (DatedList.Entry[] memory) {
        return _authorityEntries[id];
    }

    /// @inheritdoc IAuthorityRegistry
    function accounts(bytes32 id) external view returns (address[] memory) {
        return _accounts[id];
    }

    /// @inheritdoc IAuthorityRegistry
    function account(address account_) external view returns (bytes32 authority_, Role role) {
        return (_account[account_].authority, _account[account_].role);
    }

    /// @inheritdoc IAuthorityRegistry
    function accountEntries(address account_) external view returns (DatedList.Entry[] memory) {
        return _accountEntries[account_];
    }

    /// @inheritdoc IAuthorityRegistry
    function inOffice(bytes32 id, uint64 time, uint64 knownAt) public view returns (bool) {
        (uint32 code,) = _authorityEntries[id].at(time, knownAt);
        (uint32 memberCode,) = _memberEntries[_authority[id].country].at(time, knownAt);
        return code == 1 && memberCode == 1;
    }

    /// @inheritdoc IAuthorityRegistry
    function memberHasLeft(bytes2 country, uint64 time, uint64 knownAt) public view returns (bool) {
        return _memberEntries[country].hasEnded(time, knownAt);
    }

    /// @inheritdoc IAuthorityRegistry
    function authorityHasLeft(bytes32 id, uint64 time, uint64 knownAt) public view returns (bool) {
        return _authorityEntries[id].hasEnded(time, knownAt) || memberHasLeft(_authority[id].country, time, knownAt);
    }

    /// @inheritdoc IAuthorityRegistry
    function mayAct(address account_, bytes32 id, Role role)
        public
        view
        override(IAuthorityRegistry, ServiceKeys)
        returns (bool)
    {
        if (role == Role.NONE || _account[account_].authority != id) {
            return false;
        }
        uint64 present = uint64(block.timestamp);
        return _accountEntries[account_].current() == uint32(role) && inOffice(id, present, present);
    }

    function _voterCountry() internal view override returns (bytes2) {
        bytes32 id = _account[_actor()].authority;
        if (!mayAct(_actor(), id, Role.VOTE)) revert AuthorityRegistryNotVoter(_actor());
        return _authority[id].country;
    }

    function _isMemberSince(bytes2 country, uint64 time) internal view override returns (bool) {
        DatedList.Entry[] storage entries = _memberEntries[country];
        uint256 number = entries.find(uint64(block.timestamp), uint64(block.timestamp));
        return number != 0 && entries[number - 1].code == 1 && entries[number - 1].effectiveFrom <= time;
    }

    function _memberCount() internal view override returns (uint256) {
        return _members.length;
    }

    /// @dev Counts what has no end-date only, so that at no later time fewer countries than the quorum can vote.
    function _requireVoters(uint64 time) internal view override {
        uint256 able = 0;
        for (uint256 i = 0; i < _members.length; ++i) {
            if (_keepsVoter(bytes2(_members[i]), time)) ++able;
        }
        if (able < quorum()) revert AuthorityRegistryQuorumInvalid(quorum(), able);
    }

    /// @dev A country that left may be admitted again; its authorities are then in office again.
    function _admitMember(bytes2 country, uint64 effectiveFrom) private {
        if (!country.isCountry()) revert AuthorityRegistryCountryInvalid(country);
        DatedList.Entry[] storage entries = _memberEntries[country];
        if (entries.lasts(type(uint64).max)) revert AuthorityRegistryMemberExists(country);
        if (entries.length == 0) _members.push(country);
        _logMember(country, entries.record(1, 0, effectiveFrom, 0));
    }

    /// @dev An authority whose term ends or ended may be given another one, in the same domain.
    function _addAuthority(bytes32 id, bytes2 country, Domain domain, uint64 effectiveFrom, uint64 effectiveUntil)
        private
    {
        if (country == 0 || id.country() != country) revert AuthorityRegistryIdInvalid(id);
        if (domain == Domain.NONE) revert AuthorityRegistryDomainInvalid(id);
        DatedList.Entry[] storage entries = _authorityEntries[id];
        if (entries.length == 0) {
            _authorities.push(id);
            _authority[id] = Authority(country, domain);
        } else if (_authority[id].domain != domain || entries.lasts(type(uint64).max)) {
            revert AuthorityRegistryAuthorityExists(id);
        }
        DatedList.Entry memory entry = entries.record(1, uint32(domain), effectiveFrom, effectiveUntil);
        (uint32 code,) = _memberEntries[country].at(entry.effectiveFrom, uint64(block.timestamp));
        if (code == 0) revert AuthorityRegistryMemberUnknown(country);
        _logAuthority(id, entry);
    }

    function _addAccount(bytes32 id, Role role, address account_, uint64 effectiveFrom, uint64 effectiveUntil)
        private
    {
        _requireAuthority(id);
        if (account_ == address(0) || account_ == address(this) || role == Role.NONE) {
            revert AuthorityRegistryAccountInvalid(account_);
        }
        if (_account[account_].role != Role.NONE) revert AuthorityRegistryAccountTaken(account_);
        _account[account_] = Account(id, role);
        _accounts[id].push(account_);
        _logAccount(id, account_, _accountEntries[account_].record(uint32(role), 0, effectiveFrom, effectiveUntil));
    }

    function _logMember(bytes2 country, DatedList.Entry memory entry) private {
        uint256 index = _append(Change.MEMBER, keccak256(abi.encode(country, entry)));
        emit MemberChanged(index, country, entry);
    }

    function _logAuthority(bytes32 id, DatedList.Entry memory entry) private {
        bytes2 country = _authority[id].country;
        uint256 index = _append(Change.AUTHORITY, keccak256(abi.encode(id, country, entry)));
        emit AuthorityChanged(index, id, country, entry);
    }

    function _logAccount(bytes32 id, address account_, DatedList.Entry memory entry) private {
        uint256 index = _append(Change.ACCOUNT, keccak256(abi.encode(id, account_, entry)));
        emit AccountChanged(index, id, account_, entry);
    }

    function _requireAuthority(bytes32 id) private view {
        if (_authorityEntries[id].length == 0) revert AuthorityRegistryAuthorityUnknown(id);
    }

    function _keepsVoter(bytes2 country, uint64 time) private view returns (bool) {
        if (!_memberEntries[country].lasts(time)) return false;
        for (uint256 i = 0; i < _authorities.length; ++i) {
            bytes32 id = _authorities[i];
            if (_authority[id].country != country || !_authorityEntries[id].lasts(time)) continue;
            for (uint256 j = 0; j < _accounts[id].length; ++j) {
                address voter = _accounts[id][j];
                if (_account[voter].role == Role.VOTE && _accountEntries[voter].lasts(time)) return true;
            }
        }
        return false;
    }
}
