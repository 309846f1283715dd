"""Lines of a body, in whatever pieces they come."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from time import thread_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import body
from ledger.errors import Invalid


def lines_of(pieces: Sequence[bytes]) -> list[bytes]:
    async def chunks(_request: Any, _limit: int) -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    async def collect() -> list[bytes]:
        return [line async for line in body.lines(None)]  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(body, "chunks", chunks)
        return asyncio.run(collect())


@given(st.lists(st.text("ab \n\r", max_size=6).map(str.encode), max_size=12))
def test_pieces_make_no_difference(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    assert lines_of(pieces) == [line for line in whole.split(b"\n") if line.strip()]


@pytest.mark.parametrize("size", [1024, 1_000_000])
def test_a_line_may_have_its_most_and_no_byte_more(size: int) -> None:
    most = b"x" * body.MAX_LINE
    pieces = [most[start : start + size] for start in range(0, len(most), size)]
    assert lines_of([*pieces, b"\n", b"y"]) == [most, b"y"]
    with pytest.raises(Invalid) as raised:
        lines_of([*pieces, b"x", b"\n"])
    assert raised.value.code == "body.too-large"


def test_a_line_in_many_pieces_costs_what_it_costs_in_few() -> None:
    """Copied once for each piece, 16 MiB in 16,384 pieces would be 134 GB."""
    piece = b"x" * 1024
    started = thread_time()  # whatever other threads do meanwhile
    assert len(lines_of([piece] * (body.MAX_LINE // 1024))) == 1
    assert thread_time() - started < 2.0
