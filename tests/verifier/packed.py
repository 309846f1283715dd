"""Made-up contents of packs: rows of the right form, without any registry behind them."""

from typing import Any

from hypothesis import strategies as st

from verifier.pack.content import Content
from verifier.pack.kinds import KINDS, TERMS

# Few words, so that some are met again; ids, digests and addresses.
WORDS = st.one_of(
    st.sampled_from([b"cn.customs", b"sg.carrier", b"CN", b"", b"aeo"]).map(lambda one: one.ljust(32, b"\0")),
    st.binary(min_size=20, max_size=20).map(lambda one: one.rjust(32, b"\0")),
    st.binary(min_size=32, max_size=32),
)
TIMES = st.one_of(st.just(0), st.integers(1_800_000_000, 1_800_100_000), st.integers(0, 2**64 - 1))
NUMBERS = st.one_of(st.integers(0, 3), st.integers(0, 2**32 - 1))


def rows_of(columns: str) -> st.SearchStrategy[bytes]:
    """A change with these columns."""
    return st.tuples(*map(_word, columns)).map(b"".join)


def _word(column: str) -> st.SearchStrategy[bytes]:
    if column == "w":
        return WORDS
    numbers = TIMES if column in "fur" else NUMBERS
    return numbers.map(lambda one: one.to_bytes(32))


HOURS = st.dictionaries(
    st.integers(0, 600_000), st.tuples(st.binary(min_size=32, max_size=32), st.integers(1, 10_000)), max_size=5
)


@st.composite
def content(draw: Any) -> Content:
    """A content whose keys and terms are named by its changes."""
    changes = {kind: draw(st.lists(rows_of(one.columns), max_size=4)) for kind, one in KINDS.items()}
    terms = draw(st.lists(rows_of(TERMS), max_size=2))
    hours = draw(HOURS)
    return Content(changes, (), tuple(terms), {hour: hours[hour] for hour in sorted(hours)})
