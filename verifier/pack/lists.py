"""The changes of a pack sorted into the dated lists that the registries keep, each when it is first asked for."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache

from ledger.dated_list import Entries, Entry
from verifier.pack.content import Content
from verifier.pack.kinds import ENTRY

WORD = 32
Row = bytes
"""The ABI encoding of a change."""


class PackLists:
    """Reads one content; thread-safe, as it never changes."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._groups: Callable[[str, tuple[int, ...]], dict[bytes, list[Row]]] = cache(self._group)

    def rows(self, kind: str, places: tuple[int, ...], *words: bytes) -> Sequence[Row]:
        """Return the changes of a kind whose words at `places` are these, oldest first."""
        return self._groups(kind, places).get(b"".join(words), ())

    def entries(self, kind: str, places: tuple[int, ...], *words: bytes) -> Entries:
        """Return the entries of these changes: a dated list."""
        return tuple(map(entry_of, self.rows(kind, places, *words)))

    def words(self, kind: str, *places: int) -> list[tuple[bytes, ...]]:
        """Return the words at `places` of each change of a kind, oldest first."""
        return [tuple(word(row, place) for place in places) for row in self._content.changes.get(kind, ())]

    def _group(self, kind: str, places: tuple[int, ...]) -> dict[bytes, list[Row]]:
        groups: defaultdict[bytes, list[Row]] = defaultdict(list)
        for row in self._content.changes.get(kind, ()):
            groups[b"".join(word(row, place) for place in places)].append(row)
        return dict(groups)


def word(row: Row, place: int) -> bytes:
    """Return a word of a change, from 0."""
    return row[place * WORD : (place + 1) * WORD]


def entry_of(row: Row) -> Entry:
    """Return the entry that a change ends with."""
    start = len(row) - len(ENTRY) * WORD
    return Entry(*(int.from_bytes(row[at : at + WORD]) for at in range(start, len(row), WORD)))
