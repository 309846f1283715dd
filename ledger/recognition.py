"""Arrangements, and which country recognises which under them (IRecognitionRegistry.sol)."""

from dataclasses import dataclass
from enum import IntEnum

from ledger.country import from_bytes2, to_bytes2
from ledger.dated_list import Entry
from ledger.identifier import from_bytes32, to_bytes32
from ledger.trade_role import ANY_ROLE, TradeRole

NO_DIGEST = bytes(32)


class RecognitionState(IntEnum):
    """What the registry answers for one direction; LEFT: one side left the arrangement or the consortium."""

    NONE = 0
    IN_EFFECT = 1
    SUSPENDED = 2
    ENDED = 3
    LEFT = 4


class PartyState(IntEnum):
    """The codes of `party_entries`."""

    LEFT = 0
    PARTY = 1
    INVITED = 2


class OfferState(IntEnum):
    """The codes of `offer_entries`; CLOSED: withdrawn or declined."""

    CLOSED = 0
    OPEN = 1
    ACCEPTED = 2


class RecognitionChange(IntEnum):
    """The kinds of change that are counted and hashed."""

    ARRANGEMENT = 0
    PARTY = 1
    OFFER = 2
    RECOGNITION = 3
    SUSPENSION = 4


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What countries sign, for one programme; `text` is the SHA-256 of its text, None where it is not published."""

    id: str
    programme: str
    text: bytes | None = None


@dataclass(frozen=True, slots=True)
class Direction:
    """One country's recognition of another, for one programme."""

    programme: str
    recogniser: str
    recognised: str

    def fields(self) -> tuple[bytes, bytes, bytes]:
        """Return the direction as the contract takes it."""
        return to_bytes32(self.programme), to_bytes2(self.recogniser), to_bytes2(self.recognised)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is offered for one direction. Times are seconds since the epoch.

    benefits: SHA-256 of the list of benefits, None for none. effective_from: 0 means on acceptance; effective_until:
    exclusive, 0 means without end.
    """

    arrangement: str
    recogniser: str
    recognised: str
    roles: TradeRole = ANY_ROLE
    benefits: bytes | None = None
    effective_from: int = 0
    effective_until: int = 0

    def fields(self) -> tuple[bytes, bytes, bytes, bytes, int, int, int]:
        """Return the terms as the contract takes them."""
        countries = to_bytes2(self.recogniser), to_bytes2(self.recognised)
        dates = self.effective_from, self.effective_until
        return to_bytes32(self.arrangement), self.benefits or NO_DIGEST, *countries, int(self.roles), *dates

    @classmethod
    def of(cls, fields: tuple[bytes, bytes, bytes, bytes, int, int, int]) -> "Terms":
        """Return the terms that the contract gives."""
        arrangement, benefits, recogniser, recognised, roles, effective_from, effective_until = fields
        sides = from_bytes2(recogniser), from_bytes2(recognised)
        stated = benefits if any(benefits) else None
        return cls(from_bytes32(arrangement), *sides, TradeRole(roles), stated, effective_from, effective_until)


@dataclass(frozen=True, slots=True)
class Recognition:
    """The answer for one direction; `offer` names the terms that count, None for NONE and ENDED."""

    state: RecognitionState
    roles: TradeRole = ANY_ROLE
    offer: bytes | None = None


def acting_country(entry: Entry) -> str:
    """Return the country that made, accepted or closed an offer, by the detail of its entry."""
    return from_bytes2(entry.detail.to_bytes(4, "big")[2:])
