"""Changes as columns: exact for whatever a registry may hold, and nothing else is read."""

import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.change_kind import KINDS as EVERY_KIND
from ledger.errors import Invalid
from tests.verifier.packed import content, rows_of
from verifier.pack.body import compress, expand, pack_body, read_body
from verifier.pack.columns import WordReader, WordTable, read_rows, write_rows
from verifier.pack.content import Content
from verifier.pack.kinds import ENTRY, KINDS, TERMS
from verifier.pack.limits import DEFAULT, read_limits


def test_every_kind_has_the_words_of_its_event() -> None:
    events = {kind.name: kind for kind in EVERY_KIND}
    for name, packed in KINDS.items():
        kind = events[name]
        words = "".join(ENTRY if type_.startswith("(") else "w" for type_ in kind.types)
        assert (packed.contract, packed.number, packed.columns) == (kind.contract, int(kind.change), words)


@given(st.data())
def test_what_is_written_is_read(data: st.DataObject) -> None:
    columns = data.draw(st.sampled_from(sorted({one.columns for one in KINDS.values()} | {TERMS})))
    rows = data.draw(st.lists(rows_of(columns), max_size=12))
    table = WordTable()
    written = write_rows(rows, columns, table)
    reader = WordReader(table.words)
    assert read_rows(written, len(rows), columns, reader) == rows
    assert reader.is_read


@given(content())
def test_a_body_is_read_as_it_was_written(made: Content) -> None:
    body = pack_body(made)
    read = read_body(expand(compress(body)))
    assert pack_body(read) == body
    assert read.heads() == made.heads()
    assert (read.keys, read.terms, read.hours) == (made.keys, made.terms, made.hours)


@given(content(), content())
def test_what_was_added_is_what_comes_after(first: Content, second: Content) -> None:
    until = max(first.hours, default=0) + 1
    later = {hour + until: one for hour, one in second.hours.items()}
    second = replace(second, hours=later)
    whole = first.extended(second)
    added = whole.after(first.counts, until)
    assert added.changes == {kind: list(second.changes.get(kind, ())) for kind in KINDS}
    assert first.extended(added).heads() == whole.heads()
    assert added.hours == second.hours


@given(content(), st.data())
def test_a_body_that_was_changed_is_another_one_or_none(made: Content, data: st.DataObject) -> None:
    body = bytearray(pack_body(made))
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    with suppress(Invalid):
        assert read_body(bytes(body)) != made


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"not zlib",
        zlib.compress(b"x")[:-1],
        zlib.compress(b"x") + b"y",
        zlib.compress(b"x" * 100) + zlib.compress(b"x"),
    ],
)
def test_bytes_that_are_not_packed_whole(wrong: bytes) -> None:
    with pytest.raises(Invalid, match=r"pack\.form"):
        expand(wrong)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zlib.compress(bytes(40 * 1024 * 1024), 9)
    assert len(bomb) < 50_000
    with pytest.raises(Invalid, match=r"pack\.size"):
        expand(bomb)


def test_a_count_without_rows_takes_no_memory() -> None:
    body = pack_body(Content({}))
    assert read_body(body).counts == dict.fromkeys(KINDS, 0)
    with pytest.raises(ValueError, match="fewer numbers"):
        read_rows(b"", 10**12, "w", WordReader([]))
    with pytest.raises(ValueError, match="fewer numbers"):
        read_rows(b"\0", 2, "w", WordReader([]))


@pytest.mark.parametrize("wrong", [b"\x80", b"\x80\x00", b"\xff" * 11 + b"\x01", b"\x01\x01"])
def test_numbers_have_one_form(wrong: bytes) -> None:
    with pytest.raises((ValueError, LookupError, OverflowError)):
        read_rows(wrong, 1, "n", WordReader([]))


def test_limits_are_read_as_written() -> None:
    assert read_limits(DEFAULT.to_json(), "") == DEFAULT


@pytest.mark.parametrize(
    "change",
    [
        lambda limits: limits.pop("high"),
        lambda limits: limits.update(extreme={}),
        lambda limits: limits["low"].pop("other"),
        lambda limits: limits["low"].update(other={"warn": 2, "stop": 1}),
        lambda limits: limits["low"].update(other={"warn": -1, "stop": 1}),
        lambda limits: limits["low"].update(other={"warn": True, "stop": True}),
        lambda limits: limits["low"].update(other={"warn": 1, "stop": 10**9}),
        lambda limits: limits["low"].update(other={"warn": 1, "stop": 2, "more": 3}),
    ],
)
def test_limits_that_are_none(change: Callable[[dict[str, Any]], Any]) -> None:
    limits = DEFAULT.to_json()
    change(limits)
    with pytest.raises(Invalid, match=r"pack\.form"):
        read_limits(limits, "/limits")
