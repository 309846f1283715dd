"""Many words of a contract's storage at one block, each read once: hundreds in one call (Slots.sol)."""

import struct
from collections.abc import Callable, Iterable, Sequence

from ledger.dated_list import Entry
from ledger.registry_slots import Fact

_AT_ONCE = 2_000
_ENTRY = struct.Struct(">QQQII")
"""DatedList.Entry from the highest byte of its slot down: recorded at, until, from, detail, code."""


class StorageWords:
    """Reads facts of one contract. `read` takes slots and returns their words; it raises Unavailable `chain.*`."""

    def __init__(self, read: Callable[[Sequence[int]], Sequence[bytes]]) -> None:
        self._read = read
        self._words: dict[int, bytes] = {}

    def words(self, facts: Iterable[Fact]) -> list[bytes]:
        """Return the words in which the facts begin."""
        slots = [fact.slot for fact in facts]
        wanted = [slot for slot in dict.fromkeys(slots) if slot not in self._words]
        for first in range(0, len(wanted), _AT_ONCE):
            some = wanted[first : first + _AT_ONCE]
            self._words.update(zip(some, self._read(some), strict=True))
        return [self._words[slot] for slot in slots]

    def lists(self, facts: Sequence[Fact]) -> list[list[bytes]]:
        """Return the elements of lists whose elements fill a slot each, in two calls."""
        lengths = [int.from_bytes(word) for word in self.words(facts)]
        elements = [[fact.element(n) for n in range(count)] for fact, count in zip(facts, lengths, strict=True)]
        self.words([one for some in elements for one in some])
        return [self.words(some) for some in elements]

    def entries(self, facts: Sequence[Fact]) -> list[tuple[Entry, ...]]:
        """Return dated lists, in two calls."""
        return [tuple(map(entry_of, words)) for words in self.lists(facts)]


def entry_of(word: bytes) -> Entry:
    """Return the entry of a dated list that fills a slot."""
    recorded_at, until, since, detail, code = _ENTRY.unpack(word)
    return Entry(code, detail, since, until, recorded_at)
