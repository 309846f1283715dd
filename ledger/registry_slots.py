"""At which storage slots the registries keep what an answer rests on, so that it can be proved (contracts.layout)."""

from dataclasses import dataclass
from functools import lru_cache

from contracts import artifact
from contracts.layout import Key, array_slot, locate
from ledger.country import to_bytes2
from ledger.identifier import to_bytes32
from ledger.recognition import Direction
from ledger.registry_names import AUTHORITIES, OPERATORS, RECOGNITIONS

__all__ = ["AUTHORITIES", "OPERATORS", "RECOGNITIONS", "Fact"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A value in storage: contract, state variable, and the steps to it, as `contracts.layout.locate` takes them.

    what: in words for people.
    """

    contract: str
    label: str
    path: tuple[Key, ...]
    what: str

    @property
    def slot(self) -> int:
        """The first slot of the value; of a list, the slot of its length."""
        return _slot(self.contract, self.label, self.path)

    def element(self, number: int) -> "Fact":
        """Return element `number` (from 0) of a list whose elements fill a slot each."""
        return Fact(self.contract, self.label, (*self.path, number), f"{self.what}, number {number}")

    def member(self, name: str) -> "Fact":
        """Return a member of a struct."""
        return Fact(self.contract, self.label, (*self.path, name), f"{self.what}, {name}")

    def whole(self, count: int) -> list["Fact"]:
        """Return the length of a list and its first `count` elements."""
        length = Fact(self.contract, self.label, self.path, f"{self.what}, how many")
        return [length, *(self.element(number) for number in range(count))]


@lru_cache(maxsize=16384)
def _slot(contract: str, label: str, path: tuple[Key, ...]) -> int:
    # The common case, an element of a list of whole slots, follows from the list's own slot.
    if path and isinstance(path[-1], int) and label.endswith("Entries"):
        return array_slot(_slot(contract, label, path[:-1]), path[-1])
    return locate(artifact(contract), label, *path).slot


def agreed(programme: str) -> Fact:
    """The list of directions that were ever agreed for a programme."""
    return Fact(RECOGNITIONS, "_agreed", (to_bytes32(programme),), f"directions agreed for {programme}")


def agreements(direction: Direction) -> Fact:
    """The dated list of a direction: agreed, ended."""
    return Fact(RECOGNITIONS, "_recognitionEntries", _direction(direction), f"agreed: {_name(direction)}")


def offer_of(direction: Direction, number: int) -> Fact:
    """The offer that entry `number` of the direction came from."""
    path = (*_direction(direction), number)
    return Fact(RECOGNITIONS, "_recognitionOffers", path, f"offer of entry {number}: {_name(direction)}")


def suspensions(direction: Direction, side: str) -> Fact:
    """The dated list of suspensions of a direction by one side."""
    path = (*_direction(direction), to_bytes2(side))
    return Fact(RECOGNITIONS, "_suspensionEntries", path, f"suspended by {side}: {_name(direction)}")


def terms(offer: bytes) -> list[Fact]:
    """The three slots of an offer's terms: arrangement, benefits, and in one slot countries, roles and dates."""
    whole = Fact(RECOGNITIONS, "_offerTerms", (offer,), f"terms of the offer 0x{offer.hex()}")
    packed = Fact(RECOGNITIONS, "_offerTerms", (offer, "recogniser"), f"{whole.what}, countries, roles, dates")
    return [whole.member("arrangement"), whole.member("benefits"), packed]


def arrangements() -> Fact:
    """The list of all arrangements."""
    return Fact(RECOGNITIONS, "_arrangements", (), "arrangements")


def arrangement(name: str) -> list[Fact]:
    """The two slots of an arrangement: programme and text."""
    whole = Fact(RECOGNITIONS, "_arrangement", (to_bytes32(name),), f"arrangement {name}")
    return [whole.member("programme"), whole.member("text")]


def parties(name: str) -> Fact:
    """The list of an arrangement's parties."""
    return Fact(RECOGNITIONS, "_parties", (to_bytes32(name),), f"parties of {name}")


def party(name: str, country: str) -> Fact:
    """The dated list of one party of an arrangement."""
    path = (to_bytes32(name), to_bytes2(country))
    return Fact(RECOGNITIONS, "_partyEntries", path, f"{country} in {name}")


def member(country: str) -> Fact:
    """The dated list of a country's membership of the consortium."""
    return Fact(AUTHORITIES, "_memberEntries", (to_bytes2(country),), f"{country} in the consortium")


def authority(name: str) -> Fact:
    """The country and the domain of an authority, in one slot."""
    return Fact(AUTHORITIES, "_authority", (to_bytes32(name), "country"), f"country and domain of {name}")


def office(name: str) -> Fact:
    """The dated list of an authority's office."""
    return Fact(AUTHORITIES, "_authorityEntries", (to_bytes32(name),), f"{name} in office")


def operator(authority_: str, operator_: bytes) -> Fact:
    """The dated list of an operator's status."""
    return Fact(OPERATORS, "_operatorEntries", (to_bytes32(authority_), operator_), f"operator of {authority_}")


def operator_suspensions(authority_: str, operator_: bytes) -> Fact:
    """The dated list of an operator's suspensions."""
    path = (to_bytes32(authority_), operator_)
    return Fact(OPERATORS, "_suspensionEntries", path, f"operator of {authority_}, suspended")


def aliases(authority_: str, operator_: bytes) -> Fact:
    """The list of the aliases of an operator."""
    return Fact(OPERATORS, "_aliases", (to_bytes32(authority_), operator_), f"operator of {authority_}, its aliases")


def alias(name: bytes) -> list[Fact]:
    """The operator and the counterpart of an alias; its code is proved by its name, which is a hash of it."""
    whole = Fact(OPERATORS, "_alias", (name,), f"alias 0x{name.hex()}")
    return [whole.member("operator"), whole.member("counterpart")]


def alias_entries(name: bytes) -> Fact:
    """The dated list of an alias."""
    return Fact(OPERATORS, "_aliasEntries", (name,), f"alias 0x{name.hex()} in use")


def _direction(direction: Direction) -> tuple[bytes, bytes]:
    programme, recogniser, recognised = direction.fields()
    return programme, recogniser + recognised


def _name(direction: Direction) -> str:
    return f"{direction.recogniser} recognises {direction.recognised} for {direction.programme}"
