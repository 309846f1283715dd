"""JSON texts as somebody would write them who looks for a gap between two readings."""

import json
from typing import Any

from hypothesis import strategies as st

NAMES = st.sampled_from(
    ["a", "b", "_sd", "...", "é", "e\u0301", "黄", "\ufb33", "\uffff", "\U0001f600", '"', "\\", "/", "\n", "\x7f", ""]
)
NUMBERS = st.sampled_from(
    [
        "0",
        "-0",
        "1",
        "-1",
        "01",
        "1.0",
        "-0.0",
        "1.5",
        "1e0",
        "1E5",
        "1e21",
        "1E+30",
        "1e-7",
        "1e400",
        "0.1",
        "12.50",
        "5e-324",
        "1.",
        ".5",
        "+1",
        "9007199254740991",
        "-9007199254740991",
        "9007199254740992",
        "-9007199254740992",
        "9007199254740993.0",
        "100000000000000000000",
        "1000000000000000000000",
        "NaN",
        "Infinity",
        "-Infinity",
        "true",
        "false",
        "null",
        "True",
    ]
)
SPACES = st.sampled_from(["", "", "", "", " ", "\n", "\t", "\r", "\u00a0", "\ufeff"])
TEXTS = st.text(max_size=4).map(json.dumps) | st.text(max_size=4).map(lambda text: json.dumps(text, ensure_ascii=False))
ESCAPES = st.sampled_from([r'"\u0061"', r'"\/"', r'"\ud800"', r'"\ud83d\ude00"', r'"\u001f"', r'"\u007F"', '"\x01"'])
NAME_TEXTS = NAMES.map(json.dumps) | NAMES.map(lambda name: json.dumps(name, ensure_ascii=False)) | ESCAPES


def written(begin: str, parts: list[str], end: str) -> str:
    return begin + ",".join(parts) + end


@st.composite
def members(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    found = draw(st.lists(st.tuples(NAME_TEXTS, SPACES, inner, SPACES), max_size=4))
    return written("{", [f"{name}{space}:{value}{more}" for name, space, value, more in found], "}")


TEXT = st.recursive(
    NUMBERS | TEXTS | ESCAPES,
    lambda inner: (
        members(inner) | st.tuples(SPACES, st.lists(inner, max_size=4)).map(lambda x: written("[" + x[0], x[1], "]"))
    ),
    max_leaves=12,
)
"""Texts of JSON, or nearly: members twice, white space, escapes and numbers in all their forms."""

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | NAMES | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
"""Values, those of no canonical form among them."""
