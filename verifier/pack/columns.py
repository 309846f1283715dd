"""Changes as columns of numbers: words by their place in a table, times by their differences. Exact, and small.

A change is the ABI encoding that the chain hashes: words of 32 bytes. Column after column each value is a number of
seven bits to a byte, lowest first, the highest bit saying that more follow.
"""

from collections.abc import Iterable, Iterator, Sequence

from verifier.pack.kinds import ENTRY, WORD

_BYTES = 32
_LONGEST = 10
"""Bytes of a number below 2^70."""


class WordTable:
    """Every word once, in the order in which it is met first; a new one is written as 0, a known one as place + 1."""

    def __init__(self, words: Iterable[bytes] = ()) -> None:
        self.words = list(words)
        self._places = {word: place for place, word in enumerate(self.words)}

    def refer(self, word: bytes) -> int:
        """Return what stands for the word; a new one is entered."""
        place = self._places.get(word)
        if place is None:
            self._places[word] = len(self.words)
            self.words.append(word)
            return 0
        return place + 1


class WordReader:
    """Gives the words of a table back. Raises LookupError for a word that it does not have."""

    def __init__(self, words: Sequence[bytes]) -> None:
        self._words = words
        self._next = 0

    def read(self, reference: int) -> bytes:
        """Return the word."""
        if reference > self._next:
            raise LookupError("a word that was not there before")
        if reference:
            return self._words[reference - 1]
        self._next += 1
        return self._words[self._next - 1]

    @property
    def is_read(self) -> bool:
        """Whether every word was used."""
        return self._next == len(self._words)


def write_rows(rows: Sequence[bytes], columns: str, table: WordTable) -> bytes:
    """Return the rows as columns; new words go to the table."""
    written = bytearray()
    for place, column in enumerate(columns):
        words = [row[place * _BYTES : (place + 1) * _BYTES] for row in rows]
        for number in _numbers(column, words, rows, place, table):
            write_number(written, number)
    return bytes(written)


def read_rows(data: bytes, count: int, columns: str, words: WordReader) -> list[bytes]:
    """Return the rows. Raises ValueError, LookupError or OverflowError for what was not written by `write_rows`."""
    if count * len(columns) > len(data):
        raise ValueError("fewer numbers than rows")
    numbers = read_numbers(data, count * len(columns))
    raw = [numbers[place * count : (place + 1) * count] for place in range(len(columns))]
    split = [_column(column, raw[place], words) for place, column in enumerate(columns) if column not in ENTRY]
    if columns.endswith(ENTRY):
        split += _entry(*raw[-len(ENTRY) :])
    return [b"".join(row) for row in zip(*split, strict=True)] if columns else []


def write_number(written: bytearray, number: int) -> None:
    """Append a number, not negative."""
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)


def read_numbers(data: bytes, count: int) -> list[int]:
    """Return the numbers that `data` holds. Raises ValueError unless it holds exactly so many."""
    found = list(_each(data))
    if len(found) != count:
        raise ValueError("another count of numbers")
    return found


def _each(data: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in data:
        if byte < 0x80:
            if shift and not byte:
                raise ValueError("a number that is longer than it needs to be")
            yield number | byte << shift
            number = shift = 0
            continue
        number |= (byte & 0x7F) << shift
        shift += 7
        if shift >= 7 * _LONGEST:
            raise ValueError("a number that is too long")
    if shift:
        raise ValueError("a number that does not end")


def _numbers(column: str, words: list[bytes], rows: Sequence[bytes], place: int, table: WordTable) -> Iterable[int]:
    if column == WORD:
        return map(table.refer, words)
    values = list(map(int.from_bytes, words))
    if column == "f":
        recorded = [int.from_bytes(row[(place + 2) * _BYTES : (place + 3) * _BYTES]) for row in rows]
        return map(_difference, values, recorded)
    if column == "u":
        since = [int.from_bytes(row[(place - 1) * _BYTES : place * _BYTES]) for row in rows]
        return (1 + _difference(*pair) if pair[0] else 0 for pair in zip(values, since, strict=True))
    if column == "r":
        return map(_difference, values, [0, *values])
    return values


def _column(column: str, numbers: list[int], words: WordReader) -> list[bytes]:
    return [words.read(one) if column == WORD else one.to_bytes(_BYTES) for one in numbers]


def _entry(
    code: list[int], detail: list[int], since: list[int], until: list[int], recorded: list[int]
) -> list[list[bytes]]:
    times: list[int] = []
    last = 0
    for one in recorded:
        last += _signed(one)
        times.append(last)
    starts = [time + _signed(one) for time, one in zip(times, since, strict=True)]
    ends = [start + _signed(one - 1) if one else 0 for start, one in zip(starts, until, strict=True)]
    return [[one.to_bytes(_BYTES) for one in column] for column in (code, detail, starts, ends, times)]


def _difference(value: int, base: int) -> int:
    """Return the difference as a number that is not negative: 0, -1, 1, -2, ... as 0, 1, 2, 3, ..."""
    found = value - base
    return found << 1 if found >= 0 else (-found << 1) - 1


def _signed(number: int) -> int:
    return -(number + 1 >> 1) if number & 1 else number >> 1
