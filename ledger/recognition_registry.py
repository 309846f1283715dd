"""The registry of arrangements and of who recognises whom under them (RecognitionRegistry.sol)."""

from collections.abc import Sequence

from eth_utils.crypto import keccak

from ledger import registry_names
from ledger.abi import abi_of
from ledger.chain import Chain, encode_abi
from ledger.change_head import ChangeHead
from ledger.contract import Contract
from ledger.country import from_bytes2, to_bytes2
from ledger.dated_list import Entry
from ledger.identifier import from_bytes32, to_bytes32
from ledger.recognition import (
    NO_DIGEST,
    Arrangement,
    Direction,
    Recognition,
    RecognitionChange,
    RecognitionState,
    Terms,
)
from ledger.trade_role import TradeRole
from ledger.transaction import Call

NAME = registry_names.RECOGNITIONS
_TERMS = "(bytes32,bytes32,bytes2,bytes2,uint32,uint64,uint64)"


def offer_id(terms: Terms) -> bytes:
    """Return by what an offer of these terms is known. Raises Invalid `contract.argument`."""
    return keccak(encode_abi([_TERMS], [terms.fields()]))


class RecognitionRegistry:
    """Reads take `at`, a block number (None: the newest block), and raise as Contract does."""

    def __init__(self, chain: Chain, address: str) -> None:
        self.contract = Contract(chain, address, abi_of(NAME))

    # --- reads

    def arrangements(self, at: int | None = None) -> tuple[str, ...]:
        """Return the id of every arrangement that was ever proposed."""
        return tuple(from_bytes32(one) for one in self.contract.read("arrangements", at=at))

    def arrangement(self, arrangement: str, at: int | None = None) -> Arrangement | None:
        """Return the arrangement; None if it was never proposed."""
        programme, text = self.contract.read("arrangement", to_bytes32(arrangement), at=at)
        return Arrangement(arrangement, from_bytes32(programme), _digest(text)) if any(programme) else None

    def parties(self, arrangement: str, at: int | None = None) -> tuple[str, ...]:
        """Return every country that is, was or may become a party."""
        return tuple(map(from_bytes2, self.contract.read("parties", to_bytes32(arrangement), at=at)))

    def party_entries(self, arrangement: str, country: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the country is a party, invited or not any more (PartyState)."""
        return self.contract.read_entries("partyEntries", to_bytes32(arrangement), to_bytes2(country), at=at)

    def offer_terms(self, offer: bytes, at: int | None = None) -> Terms | None:
        """Return what was offered; None if there was no such offer."""
        fields = self.contract.read("offerTerms", offer, at=at)
        return Terms.of(fields) if any(fields[0]) else None

    def offer_entries(self, offer: bytes, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the offer is open, accepted or closed (OfferState), and by whom (acting_country)."""
        return self.contract.read_entries("offerEntries", offer, at=at)

    def agreed(self, programme: str, at: int | None = None) -> tuple[Direction, ...]:
        """Return every direction that was ever agreed for the programme."""
        words = self.contract.read("agreed", to_bytes32(programme), at=at)
        return tuple(Direction(programme, from_bytes2(word[:2]), from_bytes2(word[2:4])) for word in words)

    def recognition_entries(self, direction: Direction, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the direction is agreed (code 1, detail: the roles) or ended (0)."""
        return self.contract.read_entries("recognitionEntries", *direction.fields(), at=at)

    def recognition_offer(self, direction: Direction, number: int, at: int | None = None) -> bytes | None:
        """Return the offer that entry `number` (from 0) of the direction came from; None for an end."""
        return _digest(self.contract.read("recognitionOffer", *direction.fields(), number, at=at))

    def suspension_entries(self, direction: Direction, by: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the country `by` suspends the direction (code 1, detail: the reason) or not (0)."""
        return self.contract.read_entries("suspensionEntries", *direction.fields(), to_bytes2(by), at=at)

    def recognition(self, direction: Direction, time: int, known_at: int, at: int | None = None) -> Recognition:
        """Return the answer for one direction at `time`, as known at `known_at`."""
        state, roles, offer = self.contract.read("recognition", *direction.fields(), time, known_at, at=at)
        return Recognition(RecognitionState(state), TradeRole(roles), _digest(offer))

    def changes(self, kind: RecognitionChange, at: int | None = None) -> ChangeHead:
        """Return the change count and running hash of one kind of change."""
        return self.contract.read_changes(kind, at)

    def slots(self, places: Sequence[int], at: int | None = None) -> tuple[bytes, ...]:
        """Return the words in these storage slots (contracts.layout), in one call."""
        return self.contract.read_slots(places, at)

    # --- arrangements: by an act account of the customs (for `ebl` also of the maritime authority), for its country

    def propose_arrangement(self, arrangement: Arrangement, others: Sequence[str], signed_at: int = 0) -> Call:
        """Enter an arrangement that its proposer signed at `signed_at` (0: now), and invite the others."""
        names = to_bytes32(arrangement.id), to_bytes32(arrangement.programme), arrangement.text or NO_DIGEST
        return self.contract.write("proposeArrangement", *names, [to_bytes2(one) for one in others], signed_at)

    def invite_party(self, arrangement: str, country: str) -> Call:
        """Let another country become a party."""
        return self.contract.write("inviteParty", to_bytes32(arrangement), to_bytes2(country))

    def accept_arrangement(self, arrangement: str, signed_at: int = 0) -> Call:
        """Become a party since `signed_at` (0: now)."""
        return self.contract.write("acceptArrangement", to_bytes32(arrangement), signed_at)

    def leave_arrangement(self, arrangement: str, effective_from: int = 0) -> Call:
        """Leave an arrangement, and all that it brought, from then on."""
        return self.contract.write("leaveArrangement", to_bytes32(arrangement), effective_from)

    # --- directions, by one side of each: all or none of a list

    def offer(self, terms: Sequence[Terms]) -> Call:
        """Offer terms to the other side of each direction; offer_id tells by what they are known."""
        return self.contract.write("offer", [one.fields() for one in terms])

    def accept(self, offers: Sequence[bytes]) -> Call:
        """Accept what the other side has offered."""
        return self.contract.write("accept", list(offers))

    def close_offers(self, offers: Sequence[bytes]) -> Call:
        """Withdraw offers that were made, or decline those of the other side."""
        return self.contract.write("closeOffers", list(offers))

    def suspend(self, directions: Sequence[Direction], reason: int = 0) -> Call:
        """Suspend directions at once; `reason` is a code of the published table."""
        return self.contract.write("suspend", _fields(directions), reason)

    def resume(self, directions: Sequence[Direction]) -> Call:
        """End the own side's suspension."""
        return self.contract.write("resume", _fields(directions))

    def end(self, directions: Sequence[Direction], effective_from: int = 0) -> Call:
        """End directions, for both sides; 0 means now."""
        return self.contract.write("end", _fields(directions), effective_from)


def _fields(directions: Sequence[Direction]) -> list[tuple[bytes, bytes, bytes]]:
    return [direction.fields() for direction in directions]


def _digest(word: bytes) -> bytes | None:
    return word if any(word) else None
