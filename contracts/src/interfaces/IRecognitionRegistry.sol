// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DatedList} from "../DatedList.sol";

/// @title Which country recognises which, for which programme, since when
/// @notice An arrangement is what countries have signed; alone it puts nothing into effect. What does is an offer for
/// one direction, recogniser to recognised, made by one side and accepted by the other, both being parties of the
/// arrangement. Nothing follows from other directions: not the reverse, not a third country.
/// For a country speaks an ACT account of its customs, for the programme `ebl` also one of its maritime authority.
/// Dates are seconds since the epoch. What both sides agree on, and when a country signed, may lie before this
/// registry: `effectiveFrom` says since when it held, `recordedAt` since when it was known. Suspensions and ends are
/// never backdated. Country codes are ISO 3166-1 alpha-2 upper case; ids are left-aligned lower-case ASCII.
interface IRecognitionRegistry {
    /// @notice The kinds of change that have a running hash each (`changes`).
    enum Change {
        ARRANGEMENT,
        PARTY,
        OFFER,
        RECOGNITION,
        SUSPENSION
    }

    /// @notice LEFT: one side has left the arrangement or the consortium.
    enum State {
        NONE,
        IN_EFFECT,
        SUSPENDED,
        ENDED,
        LEFT
    }

    /// @param text SHA-256 of the arrangement's text (the digest in its CID); zero where it is not published
    struct Arrangement {
        bytes32 programme;
        bytes32 text;
    }

    /// @param benefits SHA-256 of the list of benefits (the digest in its CID); zero for none
    /// @param roles sum of bits: 1 exporter, 2 importer, 4 carrier, 8 forwarder, 16 customs broker, 32 warehouse,
    /// 64 terminal, 128 manufacturer; 0 = whatever the role
    /// @param effectiveFrom 0 means on acceptance
    /// @param effectiveUntil exclusive; 0 means without end
    struct Terms {
        bytes32 arrangement;
        bytes32 benefits;
        bytes2 recogniser;
        bytes2 recognised;
        uint32 roles;
        uint64 effectiveFrom;
        uint64 effectiveUntil;
    }

    struct Direction {
        bytes32 programme;
        bytes2 recogniser;
        bytes2 recognised;
    }

    /// @param offer whose terms count; zero for NONE and ENDED
    /// @param roles as in Terms
    struct Recognition {
        State state;
        uint32 roles;
        bytes32 offer;
    }

    event ArrangementProposed(
        uint256 indexed index, bytes32 indexed arrangement, bytes32 indexed programme, bytes32 text
    );
    /// @param entry code 1 party, 2 invited, 0 left
    event PartyChanged(
        uint256 indexed index, bytes32 indexed arrangement, bytes2 indexed country, DatedList.Entry entry
    );
    /// @param offer keccak256 of the ABI encoded Terms
    /// @param entry code 1 open, 2 accepted, 0 withdrawn or declined
    event OfferChanged(uint256 indexed index, bytes32 indexed offer, bytes2 indexed country, DatedList.Entry entry);
    /// @param offer the offer that was accepted; zero for an end
    /// @param entry code 1 in effect (detail: the roles), 0 ended
    event RecognitionChanged(
        uint256 indexed index,
        bytes2 indexed recogniser,
        bytes2 indexed recognised,
        bytes32 programme,
        bytes32 offer,
        DatedList.Entry entry
    );
    /// @param by the country that suspends or resumes
    /// @param entry code 1 suspended (detail: the reason), 0 resumed
    event SuspensionChanged(
        uint256 indexed index,
        bytes2 indexed recogniser,
        bytes2 indexed recognised,
        bytes32 programme,
        bytes2 by,
        DatedList.Entry entry
    );

    error RecognitionRegistryNoContract(address account);
    /// @notice The account speaks for no country in this programme now.
    error RecognitionRegistryNotSpeaker(address account, bytes32 programme);
    error RecognitionRegistryIdInvalid(bytes32 id);
    error RecognitionRegistryCountryInvalid(bytes2 country);
    error RecognitionRegistryArrangementExists(bytes32 arrangement);
    error RecognitionRegistryArrangementUnknown(bytes32 arrangement);
    /// @notice It was not invited, or is no party at the time asked for.
    error RecognitionRegistryNotParty(bytes32 arrangement, bytes2 country);
    error RecognitionRegistryAlreadyParty(bytes32 arrangement, bytes2 country);
    error RecognitionRegistryTermsInvalid(bytes2 recogniser, bytes2 recognised);
    error RecognitionRegistryOfferOpen(bytes32 offer);
    error RecognitionRegistryOfferNotOpen(bytes32 offer);
    /// @notice The account's country is not one of the two sides, or is the one that made the offer.
    error RecognitionRegistryNotSide(bytes2 country, bytes2 recogniser, bytes2 recognised);
    error RecognitionRegistryUnknown(bytes2 recogniser, bytes2 recognised, bytes32 programme);
    error RecognitionRegistrySuspended(bytes2 recogniser, bytes2 recognised, bytes2 by);
    error RecognitionRegistryNotSuspended(bytes2 recogniser, bytes2 recognised, bytes2 by);

    // --- arrangements: each country for itself ---------------------------------------------------------------------

    /// @param id begins with the proposing country's code and a dot (`sg.aamra-2023`)
    /// @param others the countries that may become parties, beside the one that proposes
    /// @param signedAt since when the proposing country is a party; 0 means now
    function proposeArrangement(
        bytes32 id,
        bytes32 programme,
        bytes32 text,
        bytes2[] calldata others,
        uint64 signedAt
    ) external;

    /// @notice A party lets another country become one.
    function inviteParty(bytes32 id, bytes2 country) external;

    /// @notice Also again by a country that has left, then not backdated.
    function acceptArrangement(bytes32 id, uint64 signedAt) external;

    /// @notice Ends, from then on, every recognition under the arrangement in which the country is a side.
    function leaveArrangement(bytes32 id, uint64 effectiveFrom) external;

    // --- directions: all or none of a list -------------------------------------------------------------------------

    /// @notice By one side of each.
    function offer(Terms[] calldata terms) external;

    /// @notice By the other side of each; its recognition is then in effect from the date in the terms.
    function accept(bytes32[] calldata offers) external;

    /// @notice Withdrawn by who made it, or declined by the other side.
    function closeOffers(bytes32[] calldata offers) external;

    /// @notice By either side, in this block; only the same side resumes.
    function suspend(Direction[] calldata directions, uint32 reason) external;

    function resume(Direction[] calldata directions) external;

    /// @notice By either side, for both; another offer and its acceptance begin anew. May move earlier only.
    function end(Direction[] calldata directions, uint64 effectiveFrom) external;

    // --- reads -----------------------------------------------------------------------------------------------------

    function arrangements() external view returns (bytes32[] memory);

    function arrangement(bytes32 id) external view returns (Arrangement memory);

    /// @notice Every country that is, was or may become a party.
    function parties(bytes32 id) external view returns (bytes2[] memory);

    function partyEntries(bytes32 id, bytes2 country) external view returns (DatedList.Entry[] memory);

    function offerTerms(bytes32 id) external view returns (Terms memory);

    /// @notice Code 1 open, 2 accepted, 0 closed; detail: the country that did so, as a number.
    function offerEntries(bytes32 id) external view returns (DatedList.Entry[] memory);

    /// @notice Every direction that ever was agreed for the programme: recogniser, then recognised, left-aligned.
    function agreed(bytes32 programme) external view returns (bytes32[] memory);

    function recognitionEntries(bytes32 programme, bytes2 recogniser, bytes2 recognised)
        external
        view
        returns (DatedList.Entry[] memory);

    /// @notice The offer that entry `number` (from 0) of the direction came from; zero for an end.
    function recognitionOffer(bytes32 programme, bytes2 recogniser, bytes2 recognised, uint256 number)
        external
        view
        returns (bytes32);

    function suspensionEntries(bytes32 programme, bytes2 recogniser, bytes2 recognised, bytes2 by)
        external
        view
        returns (DatedList.Entry[] memory);

    /// @notice The answer for one direction at `time`, as known at `knownAt`.
    function recognition(bytes32 programme, bytes2 recogniser, bytes2 recognised, uint64 time, uint64 knownAt)
        external
        view
        returns (Recognition memory);

    function changes(Change kind) external view returns (uint256 count, bytes32 head);
}
