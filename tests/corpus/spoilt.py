"""A genuine document beside which something is spoilt, and bytes that are: what several nouns of the corpus share."""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.corpus.kind import Attempt


def beside_genuine(part: str, change: Callable[[Any, Random], Any]) -> Callable[[Any, Random], Attempt]:
    """part: the member of Attempt that says what is changed (`record`, `file`, `data`, `roots`, `sealed`, `files`)."""

    def make(ground: Any, random: Random) -> Attempt:
        spoil: dict[str, Any] = {part: lambda found: change(found, random)}
        return Attempt(ground.genuine.serialize(), **spoil)

    return make


def flipped(data: bytes, random: Random) -> bytes:
    """One bit of it."""
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]


def cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def lengthened(data: bytes, random: Random) -> bytes:
    return random.choice((data + random.randbytes(random.randint(1, 40)), data + data, b"\0" + data))


def spliced(data: bytes, random: Random) -> bytes:
    first, second = sorted(random.sample(range(len(data)), 2))
    return data[:first] + data[second:]
