// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../DatedList.sol";

/// @title Who belongs to the consortium: members (countries), their authorities, accounts and service keys
/// @notice Changes to members, authorities and accounts need votes of a quorum of countries, one vote per country.
/// Nothing is deleted; facts are end-dated. Country codes are ISO 3166-1 alpha-2 upper case. Ids are left-aligned
/// lower-case ASCII and start with the country's code and a dot (`cn.customs`). Times are seconds since the epoch.
interface IAuthorityRegistry {
    enum Domain {
        NONE,
        CUSTOMS,
        MARITIME,
        CHAMBER
    }

    enum Role {
        NONE,
        VOTE,
        ACT,
        ANCHOR
    }

    enum Purpose {
        NONE,
        ANSWERS,
        CHECKPOINTS,
        ENCRYPTION
    }

    /// @notice The kinds of change that have a running hash each (`changes`).
    enum Change {
        MEMBER,
        AUTHORITY,
        ACCOUNT,
        SERVICE_KEY,
        PROPOSAL,
        QUORUM,
        SUCCESSOR
    }

    /// @dev x and y as in the JWK; y is zero for Ed25519 and X25519.
    struct ServiceKey {
        bytes32 authority;
        bytes32 x;
        bytes32 y;
        uint128 purpose;
        uint128 algorithm;
    }

    /// @dev One slot: address in the low 160 bits, then the time.
    struct Successor {
        address successor;
        uint96 recordedAt;
    }

    struct Founder {
        bytes2 country;
        bytes32 authority;
        Domain domain;
        address voter;
    }

    event MemberChanged(uint256 indexed index, bytes2 indexed country, DatedList.Entry entry);
    event AuthorityChanged(uint256 indexed index, bytes32 indexed authority, bytes2 country, DatedList.Entry entry);
    event AccountChanged(
        uint256 indexed index, bytes32 indexed authority, address indexed account, DatedList.Entry entry
    );
    event ServiceKeyChanged(
        uint256 indexed index, bytes32 indexed authority, bytes32 indexed thumbprint, DatedList.Entry entry
    );
    /// @param code 1 proposed (the proposer's country has thereby approved), 2 approved, 3 executed, 4 withdrawn
    event ProposalChanged(uint256 indexed index, uint256 indexed proposal, bytes2 indexed country, uint32 code);
    event QuorumChanged(uint256 indexed index, uint256 indexed quorum, DatedList.Entry entry);
    event SuccessorNamed(
        uint256 indexed index, address indexed predecessor, address indexed successor, uint64 recordedAt
    );

    error AuthorityRegistryNotVoter(address account);
    error AuthorityRegistryNotByVote(address account);
    error AuthorityRegistryNotActing(address account, bytes32 authority);
    /// @notice The quorum is 0, or 1 among several, or more than these countries.
    error AuthorityRegistryQuorumInvalid(uint256 quorum, uint256 members);
    error AuthorityRegistryIdInvalid(bytes32 id);
    error AuthorityRegistryDomainInvalid(bytes32 authority);
    error AuthorityRegistryCountryInvalid(bytes2 country);
    error AuthorityRegistryMemberUnknown(bytes2 country);
    error AuthorityRegistryMemberExists(bytes2 country);
    error AuthorityRegistryAuthorityUnknown(bytes32 authority);
    error AuthorityRegistryAuthorityExists(bytes32 authority);
    error AuthorityRegistryAccountInvalid(address account);
    error AuthorityRegistryAccountTaken(address account);
    error AuthorityRegistryAccountUnknown(address account);
    error AuthorityRegistryKeyTaken(bytes32 thumbprint);
    error AuthorityRegistryKeyUnknown(bytes32 thumbprint);
    error AuthorityRegistryKeyInvalid(bytes32 thumbprint);
    error AuthorityRegistryProposalUnknown(uint256 proposal);
    error AuthorityRegistryProposalEmpty();
    error AuthorityRegistryProposalExecuted(uint256 proposal);
    /// @notice The call at `position` is none that this contract understands.
    error AuthorityRegistryCallInvalid(uint256 position);
    error AuthorityRegistryProposalExpired(uint256 proposal, uint64 expiresAt);
    error AuthorityRegistryExpiryInvalid(uint64 expiresAt, uint64 latest);
    error AuthorityRegistryNotApproved(uint256 proposal, bytes2 country);
    error AuthorityRegistrySuccessorInvalid(address predecessor, address successor);
    error AuthorityRegistryAlreadyApproved(uint256 proposal, bytes2 country);
    error AuthorityRegistryQuorumMissing(uint256 proposal, uint256 approvals, uint256 quorum);

    // --- votes: by an account with role VOTE of a member in office -------------------------------------------------

    /// @notice Proposes calls of this contract's by-vote functions; the proposer's country has thereby approved. The
    /// proposal can be executed for 30 days.
    function propose(bytes[] calldata calls) external returns (uint256 id);

    /// @param expiresAt from then on it can be neither approved nor executed; at most 365 days ahead
    function proposeUntil(bytes[] calldata calls, uint64 expiresAt) external returns (uint256 id);

    /// @notice Also again: after withdrawing, and by a country that left and came back since it approved.
    function approve(uint256 id) external;

    /// @notice Takes back the country's approval, as long as the proposal is open.
    function withdrawApproval(uint256 id) external;

    /// @notice Makes the calls, all or none, if by the quorum of now enough countries have approved that are members
    /// now and were not admitted anew since.
    function execute(uint256 id) external;

    // --- by vote only: called by the contract itself from `execute` ------------------------------------------------
    // `effectiveFrom` 0 means now, nothing starts in the past; `effectiveUntil` 0 means without end. Nothing may end
    // that would leave fewer countries than the quorum with a voter without end-date (AuthorityRegistryQuorumInvalid).

    function admitMember(bytes2 country, uint64 effectiveFrom) external;

    function endMember(bytes2 country, uint64 effectiveFrom) external;

    function addAuthority(
        bytes32 authority_,
        bytes2 country,
        Domain domain,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) external;

    function endAuthority(bytes32 authority_, uint64 effectiveFrom) external;

    /// @notice An account has one authority and one role, for ever; an ended one never comes back.
    function addAccount(bytes32 authority_, Role role, address account_, uint64 effectiveFrom, uint64 effectiveUntil)
        external;

    function endAccount(address account_, uint64 effectiveFrom) external;

    /// @notice At once, for open proposals too. From the second country on the quorum is 2 at least.
    function changeQuorum(uint256 quorum_) external;

    /// @notice Says that `successor` takes the place of a registry; zero says that none does after all. The newest
    /// word counts.
    function nameSuccessor(address predecessor, address successor) external;

    // --- by the authority's own account with role ACT --------------------------------------------------------------

    /// @param thumbprint RFC 7638, SHA-256 of the JWK; a thumbprint is registered once only
    function addServiceKey(
        bytes32 authority_,
        Purpose purpose,
        bytes32 thumbprint,
        uint128 algorithm,
        bytes32 x,
        bytes32 y,
        uint64 effectiveFrom,
        uint64 effectiveUntil
    ) external;

    function endServiceKey(bytes32 thumbprint, uint64 effectiveFrom) external;

    // --- reads -----------------------------------------------------------------------------------------------------

    function quorum() external view returns (uint256);

    /// @notice Code: the quorum.
    function quorumEntries() external view returns (DatedList.Entry[] memory);

    function members() external view returns (bytes2[] memory);

    /// @notice Code 1: member; 0: not (ended).
    function memberEntries(bytes2 country) external view returns (DatedList.Entry[] memory);

    function authorities() external view returns (bytes32[] memory);

    function authority(bytes32 id) external view returns (bytes2 country, Domain domain);

    /// @notice Code 1: in office, detail: the domain; 0: not (ended).
    function authorityEntries(bytes32 id) external view returns (DatedList.Entry[] memory);

    /// @notice True if both the authority and its country were in office at `time`, as known at `knownAt`.
    function inOffice(bytes32 id, uint64 time, uint64 knownAt) external view returns (bool);

    /// @notice True if the country's membership had ended by `time`; false also before it ever began.
    function memberHasLeft(bytes2 country, uint64 time, uint64 knownAt) external view returns (bool);

    /// @notice True if the authority's office or its country's membership had ended by `time`; false also before the
    /// office began.
    function authorityHasLeft(bytes32 id, uint64 time, uint64 knownAt) external view returns (bool);

    function accounts(bytes32 id) external view returns (address[] memory);

    function account(address account_) external view returns (bytes32 authority_, Role role);

    /// @notice Code: the role; 0: ended.
    function accountEntries(address account_) external view returns (DatedList.Entry[] memory);

    /// @notice True if `account_` now holds `role` for `id`, and `id` is in office now.
    function mayAct(address account_, bytes32 id, Role role) external view returns (bool);

    function serviceKeys(bytes32 id, Purpose purpose) external view returns (bytes32[] memory thumbprints);

    function serviceKey(bytes32 thumbprint) external view returns (ServiceKey memory);

    /// @notice Code 1: in service, detail: the purpose; 0: ended.
    function serviceKeyEntries(bytes32 thumbprint) external view returns (DatedList.Entry[] memory);

    function proposalCount() external view returns (uint256);

    /// @notice Proposals are counted from 0; `approvals` names the countries that have approved and not withdrawn.
    function proposal(uint256 id)
        external
        view
        returns (bytes[] memory calls, bytes2[] memory approvals, bool executed);

    /// @notice `executedAt` is 0 if it was not executed.
    function proposalDates(uint256 id) external view returns (uint64 proposedAt, uint64 expiresAt, uint64 executedAt);

    /// @notice Code 1: approved; 0: withdrawn.
    function voteEntries(uint256 id, bytes2 country) external view returns (DatedList.Entry[] memory);

    /// @notice How many approvals count now.
    function approvalCount(uint256 id) external view returns (uint256 count);

    /// @notice Every successor that was ever named; the last one is meant.
    function successors(address predecessor) external view returns (Successor[] memory);

    function changes(Change kind) external view returns (uint256 count, bytes32 head);
}
