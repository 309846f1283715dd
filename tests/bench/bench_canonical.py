"""Canonical form (RFC 8785), ours beside rfc8785: documents per second of processor time, and whether bytes agree.

    python -m tests.bench.bench_canonical [ROUNDS]

Documents: the project's own samples of all kinds, and, where `../shared` is, every JSON file of `samples/real` that the
strict front takes. Written: value to bytes. Read: bytes to value, refused unless they are canonical; rfc8785 has
no reader, so beside it stands what one would do with it: parse, write, compare. The two take turns.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import rfc8785

from api.demonstration.samples import sample
from ledger.canonical import canonicalize, parse_canonical
from ledger.errors import Invalid
from ledger.kinds import KINDS
from ledger.strict_json import parse

REAL = Path(__file__).parents[3] / "shared" / "samples" / "real"


def real_documents() -> list[Any]:
    values = []
    for path in sorted(REAL.rglob("*.json")):
        try:
            values.append(parse(path.read_bytes()))
        except Invalid:
            continue
    return values


def read_with_rfc8785(data: bytes) -> Any:
    value = json.loads(data)
    assert rfc8785.dumps(value) == data
    return value


def per_second(ours: Callable[[Any], Any], theirs: Callable[[Any], Any], items: Sequence[Any], rounds: int) -> str:
    """Return the best round of each, in items per second of processor time."""
    best = [float("inf")] * 2
    for _ in range(rounds):
        for place, work in enumerate((ours, theirs)):
            started = process_time()
            for item in items:
                work(item)
            best[place] = min(best[place], process_time() - started)
    mine, other = (len(items) / seconds for seconds in best)
    return f"{mine:>12,.0f}{other:>12,.0f}{mine / other:>8.1f}"


def row(name: str, values: Sequence[Any], rounds: int) -> None:
    written = [rfc8785.dumps(value) for value in values]
    agree = sum(canonicalize(value) == data for value, data in zip(values, written, strict=True))
    assert all(parse_canonical(data) == value for value, data in zip(values, written, strict=True))
    size = sum(map(len, written)) / len(written)
    repeated = list(values) * max(1, 200 // len(values))
    print(f"{name:<24}{size:>8,.0f}{f'{agree}/{len(values)}':>10}", end="")
    print(per_second(canonicalize, rfc8785.dumps, repeated, rounds), end="")
    print(per_second(parse_canonical, read_with_rfc8785, list(map(rfc8785.dumps, repeated)), rounds), flush=True)


def main(rounds: int) -> None:
    print(f"documents per second of processor time, best of {rounds} rounds (load {os.getloadavg()[0]:.1f})")
    print(f"{'':<24}{'bytes':>8}{'agree':>10}{'written':>12}{'rfc8785':>12}{'ratio':>8}", end="")
    print(f"{'read':>12}{'rfc8785':>12}{'ratio':>8}")
    for kind in KINDS:
        row(kind, [sample(kind)], rounds)
    if real := real_documents():
        row("real documents", real, rounds)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
