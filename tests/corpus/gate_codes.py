"""QR codes that lead elsewhere than to their hour's root: bits, places, times, trees; and what is no code at all.

Nothing but the statement is signed. What else is wrong may be a printer's or a node's fault, and is no forgery.
"""

import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import Any, TypeVar

from anchors import gate_code
from anchors.gate_code import PREFIX, GateCode
from anchors.inclusion import Inclusion
from ledger import deterministic_cbor
from ledger.errors import Invalid
from tests.corpus.gate_pieces import Make, in_base45, packed, parts_of, scanned, text_of
from tests.corpus.kind import GATE, Attempt, Kind, fault, forgery
from tests.corpus.spoilt import flipped

PATH, UNREADABLE = "anchoring.gate-path", "form.gate-unreadable"
HOUR = 3_600
TIMES = (PATH, "anchoring.hour-missing", "anchoring.unreadable", "anchoring.after-facts")
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


# --- the place


P = TypeVar("P", GateCode, Inclusion)
"""What states a place: they share the names of all that can be wrong with it."""


def _changed(change: Callable[[GateCode, Random], GateCode]) -> Make:
    return in_company(scanned(lambda _then, code, random: change(code, random).text()))


def in_company(make: Make) -> Make:
    """Others anchor in the same hour, so that there is a path in it."""

    def make_(ground: Any, random: Random) -> Attempt:
        ground.anchor_batch((random.randbytes(32), random.randint(1, 4_096), random.randbytes(32)))
        return make(ground, random)

    return make_


def _spoilt(path: tuple[bytes, ...], random: Random) -> tuple[bytes, ...]:
    place = random.randrange(len(path))
    one = random.choice((flipped(path[place], random), random.randbytes(32), path[place][::-1]))
    return (*path[:place], one, *path[place + 1 :])


def _resized(path: tuple[bytes, ...], random: Random) -> tuple[bytes, ...]:
    return random.choice((path[1:], path[:-1], (), (*path, random.randbytes(32)), (random.randbytes(32), *path)))


def _path(code: P, random: Random) -> P:
    return replace(code, path=_spoilt(code.path, random))


def _path_resized(code: P, random: Random) -> P:
    return replace(code, path=_resized(code.path, random))


def _hour_path(code: P, random: Random) -> P:
    return replace(code, hour_path=_spoilt(code.hour_path, random))


def _hour_path_resized(code: P, random: Random) -> P:
    return replace(code, hour_path=_resized(code.hour_path, random))


def _exchanged(code: P, _random: Random) -> P:
    return replace(code, path=code.hour_path, hour_path=code.path)


def _another_index(code: P, random: Random) -> P:
    return replace(code, index=random.choice([n for n in (*range(code.size + 2), 2**63) if n != code.index]))


def _another_size(code: P, random: Random) -> P:
    sizes = (0, 1, code.size - 1, code.size + 1, 2 * code.size, 4_096, 2**63)
    return replace(code, size=random.choice([n for n in sizes if n != code.size]))


def _another_hour_index(code: P, random: Random) -> P:
    return replace(code, hour_index=random.choice([n for n in (*range(20), 2**63) if n != code.hour_index]))


def _another_second(code: P, random: Random) -> P:
    return replace(code, anchored_at=code.anchored_at + random.choice((-60, -1, 1, 60)))


def _another_hour(code: P, random: Random) -> P:
    hours = random.choice((-500_000, -1_000, -2, -1, 1, 2, 1_000, 2**40))
    return replace(code, anchored_at=code.anchored_at + hours * HOUR)


CHANGES: Mapping[str, Callable[[Any, Random], Any]] = {
    "with its path spoilt": _path,
    "with a path too short or too long": _path_resized,
    "with its hour's path spoilt": _hour_path,
    "with an hour's path too short or too long": _hour_path_resized,
    "with its paths exchanged": _exchanged,
    "with another index": _another_index,
    "with another size": _another_size,
    "with another index in its hour": _another_hour_index,
    "of another second": _another_second,
    "of another hour": _another_hour,
}
"""What anybody can change of a place."""


def _of_another(then: Any, code: GateCode, random: Random) -> str:
    """The place of another leaf of the same batch: of its document, or of another statement."""
    other = then.code(then.statement(random.choice((then.other, then.foreign))))
    place = then.printer.place(then.genuine.digest)
    return random.choice(
        (replace(other, statement=code.statement), replace(code, index=place.index, path=place.path))
    ).text()


def _hour_not_over(ground: Any, _random: Random) -> Attempt:
    kept: list[Any] = []
    return Attempt(
        ground.genuine.serialize(),
        later=lambda then: kept.append(then.kept_pack()),
        pack=lambda then: then.opened(kept[0]().encode()),
    )


# --- no code


def _misread(_then: Any, code: GateCode, random: Random) -> str:
    """A character or two are others; where that says the same, others still."""
    text = code.text()
    while True:
        place = random.randrange(len(PREFIX), len(text))
        read = text[:place] + random.choice(ALPHABET + "a\n\u00e9") + text[place + 1 :]
        with suppress(Invalid):
            if gate_code.read(read) == code:
                continue
        return read


def _cut(_then: Any, code: GateCode, random: Random) -> str:
    text = code.text()
    return random.choice((text[: random.randrange(len(text))], text + text[4:], text[1:], text + " ", text.lower()))


def _no_code(then: Any, code: GateCode, random: Random) -> str:
    parts = parts_of(code)
    odd_parts = random.choice(
        (
            parts[:-1],
            [*parts, 0],
            [*parts[:1], -1, *parts[2:]],
            [*parts[:1], True, *parts[2:]],
            [*parts[:2], 2**64, *parts[3:]],
            [*parts[:3], parts[3][:-1], *parts[4:]],
            [*parts[:3], bytes(32 * 65), *parts[4:]],
            [*parts[:4], "now", *parts[5:]],
            ["statement", *parts[1:]],
            {"statement": parts[0]},
        )
    )
    data = deterministic_cbor.encode(parts)
    squeezed = zlib.compress(data, 9)
    texts = (
        text_of(odd_parts),
        packed(bytes(random.choice((4_000, 10**6)))),
        packed(data + b"\0"),
        packed(b"\x9f" + data[1:] + b"\xff"),
        packed(b"\x81" * 2_000),
        in_base45(squeezed + b"\0"),
        in_base45(data),
        PREFIX + squeezed.hex().upper(),
        PREFIX,
        "",
        code.text().removeprefix(PREFIX),
        "https://portseal.example/d/" + then.genuine.digest.hex()[:-1],
        then.genuine.serialize(),
        "{}",
        PREFIX + "0" * 5_000,
    )
    return random.choice(texts)


def _newer_edition(_then: Any, code: GateCode, random: Random) -> str:
    return f"PS{random.randint(2, 99)}:" + code.text().removeprefix(PREFIX)


def _link(then: Any, _code: GateCode, random: Random) -> str:
    host = random.choice(("https://portseal.example", "http://127.0.0.1:1", "https://xn--80ak6aa92e.example/a/b"))
    return f"{host}/d/{then.genuine.digest.hex()}"


def _elsewhere(name: str, make: Make, *codes: str) -> Kind:
    return fault(f"code {name}", make, *codes or (PATH,), modes=(GATE,))


KINDS: tuple[Kind, ...] = (
    *(_elsewhere(name, _changed(change), *TIMES) for name, change in CHANGES.items()),
    _elsewhere("with the place of another leaf", scanned(_of_another)),
    _elsewhere("of an hour that the pack has not", _hour_not_over, "anchoring.unreadable"),
    forgery("code that was misread", scanned(_misread), UNREADABLE, modes=(GATE,)),
    forgery("code cut or doubled", scanned(_cut), UNREADABLE, modes=(GATE,)),
    forgery("what is no code", scanned(_no_code), UNREADABLE, modes=(GATE,)),
    _elsewhere("of a newer edition", scanned(_newer_edition), "form.gate-version"),
    _elsewhere("by link, without a line", scanned(_link), "integrity.not-presented"),
)
