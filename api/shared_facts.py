"""What the shared registries say about recognitions and operators at one block; read once for each of their states."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import TypeVar

from api.as_of import AsOf
from api.node import Node
from ledger import registry_slots as facts
from ledger.authority import AuthorityChange
from ledger.country import from_bytes2
from ledger.dated_list import Entries
from ledger.identifier import from_bytes32
from ledger.operator import OperatorChange, operator_id
from ledger.recognition import Arrangement, Direction, RecognitionChange
from ledger.registry_slots import Fact
from ledger.storage_words import StorageWords
from verifier.fact_cache import FactCache
from verifier.operator_answer import OperatorFacts
from verifier.recognition_answer import DirectionFacts, Reason, RecognitionAnswer, recognition_answer
from verifier.recognition_storage import Parties, read_agreed, read_directions, read_parties, shared

T = TypeVar("T")
_OF_OFFICE = (AuthorityChange.MEMBER, AuthorityChange.AUTHORITY)


class SharedFacts:
    """Reads at the block of `moment`. Each method raises Unavailable `chain.*`."""

    def __init__(self, node: Node, cache: FactCache, moment: AsOf) -> None:
        self.node = node
        self._cache = cache
        self._block = moment.block

    def members(self) -> dict[str, Entries]:
        """Return since when each country that ever was a member is one."""
        return self._of(facts.AUTHORITIES, _OF_OFFICE, "members", self._read_members)

    def parties(self, programme: str) -> Parties:
        """Return the parties of each arrangement of a programme."""
        return self._of_recognitions(("parties", programme), lambda words: read_parties(words, programme))

    def arrangements(self) -> tuple[Arrangement, ...]:
        """Return every arrangement, in the order in which they were proposed."""

        def read(words: StorageWords) -> tuple[Arrangement, ...]:
            [listed] = words.lists([facts.arrangements()])
            names = [from_bytes32(word) for word in listed]
            words.words([slot for name in names for slot in facts.arrangement(name)])
            return tuple(_arrangement(name, *words.words(facts.arrangement(name))) for name in names)

        return self._of_recognitions("arrangements", read)

    def arrangements_of(self, programme: str) -> list[tuple[str, bool]]:
        """Return the id of every arrangement, and whether it is of the programme."""
        return [(one.id, one.programme == programme) for one in self.arrangements()]

    def agreed(self, programme: str) -> frozenset[Direction]:
        """Return every direction that was ever agreed for a programme."""
        return self._of_recognitions(("agreed", programme), lambda words: frozenset(read_agreed(words, programme)))

    def recognition(self, direction: Direction, moment: AsOf) -> tuple[DirectionFacts, RecognitionAnswer]:
        """Return the answer for one direction and what it rests on: other arrangements only where they count."""
        held = self._of_recognitions(("direction", direction), lambda words: self._read_one(words, direction))
        found = recognition_answer(held, moment.time, moment.known_at)
        if found.reason in (Reason.NONE, Reason.SIGNED):
            held = replace(held, parties=self._both(direction))
            found = recognition_answer(held, moment.time, moment.known_at)
        return held, found

    def matrix(self, programme: str) -> Mapping[Direction, DirectionFacts]:
        """Return what is held about every direction between countries that are or were members."""
        return self._of_recognitions(("matrix", programme), lambda words: self._read_matrix(words, programme))

    def operator(self, authority: str, code: str) -> OperatorFacts:
        """Return what is held of the operator with this code of its own customs. Raises Invalid too."""
        operator = operator_id(code)
        country, office = self._office(authority)
        entries, suspensions = self._of_operators(
            ("operator", authority, operator),
            lambda words: tuple(
                words.entries([facts.operator(authority, operator), facts.operator_suspensions(authority, operator)])
            ),
        )
        membership = self._memberships((country,))[country] if country else ()
        return OperatorFacts(authority, operator, country, entries, suspensions, office, membership)

    def country_of(self, authority: str) -> str | None:
        """Return the country of an authority, None for one that was never entered."""
        return self._office(authority)[0]

    def aliases(self, authority: str, operator: bytes) -> tuple[tuple[bytes, Entries], ...]:
        """Return the id of each alias of an operator, and since when it is in use."""

        def read(words: StorageWords) -> tuple[tuple[bytes, Entries], ...]:
            [names] = words.lists([facts.aliases(authority, operator)])
            return tuple(zip(names, words.entries([facts.alias_entries(name) for name in names]), strict=True))

        return self._of_operators(("aliases", authority, operator), read)

    def of_operators(self, read: Callable[..., T], *arguments: Hashable) -> T:
        """Return what a getter of the registry of operators returns for the arguments."""
        return self._of_operators((read.__name__, arguments), lambda _: read(*arguments, at=self._block.number))

    def _office(self, authority: str) -> tuple[str | None, Entries]:
        return self._of(
            facts.AUTHORITIES, _OF_OFFICE, ("office", authority), lambda words: _read_office(words, authority)
        )

    def _read_members(self, words: StorageWords) -> dict[str, Entries]:
        [found] = words.lists([Fact(facts.AUTHORITIES, "_members", (), "members")])
        countries = [from_bytes2(word[:2]) for word in found]
        return dict(zip(countries, words.entries([facts.member(country) for country in countries]), strict=True))

    def _both(self, direction: Direction) -> Parties:
        """What the two sides are in each arrangement of the programme, whether they have to do with it or not."""
        names = [name for name, of_programme in self.arrangements_of(direction.programme) if of_programme]
        return self._of_recognitions(("both", direction), lambda words: _read_sides(words, names, direction))

    def _read_one(self, words: StorageWords, direction: Direction) -> DirectionFacts:
        sides = tuple(dict.fromkeys((direction.recogniser, direction.recognised)))
        [held] = read_directions(words, [direction], {}, self._memberships(sides))
        names = list(dict.fromkeys(one.terms.arrangement for one in held.agreements if one.terms))
        return replace(held, parties=_read_sides(words, names, direction))

    def _memberships(self, countries: tuple[str, ...]) -> dict[str, Entries]:
        """Since when these are members: read alone, where the list of all is not needed."""

        def read(words: StorageWords) -> dict[str, Entries]:
            return dict(zip(countries, words.entries([facts.member(one) for one in countries]), strict=True))

        return self._of(facts.AUTHORITIES, _OF_OFFICE, ("memberships", countries), read)

    def _read_matrix(self, words: StorageWords, programme: str) -> dict[Direction, DirectionFacts]:
        members, parties = self.members(), read_parties(words, programme)
        agreed = read_agreed(words, programme)
        held = {one.direction: one for one in read_directions(words, agreed, parties, members)}
        countries = sorted({*members, *(side for one in agreed for side in (one.recogniser, one.recognised))})
        every = [Direction(programme, by, of) for by in countries for of in countries]
        return {one: held.get(one) or _never_agreed(one, parties, members) for one in every}

    def _of_recognitions(self, what: Hashable, read: Callable[[StorageWords], T]) -> T:
        # What is said of a direction depends on who is a member, which is another registry's state.
        state = self._state(facts.AUTHORITIES, _OF_OFFICE)
        return self._of(facts.RECOGNITIONS, tuple(RecognitionChange), (what, state), read)

    def _of_operators(self, what: Hashable, read: Callable[[StorageWords], T]) -> T:
        return self._of(facts.OPERATORS, tuple(OperatorChange), what, read)

    def _of(self, name: str, kinds: Sequence[IntEnum], what: Hashable, read: Callable[[StorageWords], T]) -> T:
        state = self._state(name, kinds)
        return self._cache.get((name, state, what), lambda: read(self._words(name)))

    def _state(self, name: str, kinds: Sequence[IntEnum]) -> tuple[bytes, ...]:
        """Its change heads name the state of a registry: every entry is hashed into them."""
        heads = [Fact(name, "_changes", (int(kind), "head"), "change head") for kind in kinds]
        return self._cache.get((self._block.hash, name), lambda: tuple(self._words(name).words(heads)))

    def _words(self, name: str) -> StorageWords:
        contract, block = self.node.registries.contracts()[name], self._block.number
        return StorageWords(lambda slots: contract.read_slots(slots, block))


def _never_agreed(direction: Direction, parties: Parties, members: Mapping[str, Entries]) -> DirectionFacts:
    sides = {side: members.get(side, ()) for side in (direction.recogniser, direction.recognised)}
    return DirectionFacts(direction, members=sides, parties=shared(parties, direction))


def _read_sides(words: StorageWords, names: Sequence[str], direction: Direction) -> dict[str, dict[str, Entries]]:
    sides = tuple(dict.fromkeys((direction.recogniser, direction.recognised)))
    pairs = [(name, side) for name in names for side in sides]
    entries = dict(zip(pairs, words.entries([facts.party(*pair) for pair in pairs]), strict=True))
    return {name: {side: entries[name, side] for side in sides} for name in names}


def _arrangement(name: str, programme: bytes, text: bytes) -> Arrangement:
    return Arrangement(name, from_bytes32(programme), text if any(text) else None)


def _read_office(words: StorageWords, authority: str) -> tuple[str | None, Entries]:
    [word], [office] = words.words([facts.authority(authority)]), words.entries([facts.office(authority)])
    return from_bytes2(word[30:]) if any(word[30:]) else None, office
