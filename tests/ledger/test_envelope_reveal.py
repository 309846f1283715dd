"""The walk that stops after the last digest puts back, and refuses, what the walk through everything does."""

import copy
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from ledger import base64url
from ledger.canonical import canonicalize
from ledger.envelope import disclosure as disclosures
from ledger.envelope.reveal import reveal
from ledger.errors import Invalid
from tests.ledger.envelope_cases import digest_of, disclosure

SALT = "A" * 22
TEXTS = [
    disclosure(SALT, "a", 1),
    disclosure(SALT, "b", {"c": [1, {"d": 2}]}),
    disclosure(SALT, "b", 3),
    disclosure(SALT, {"e": 4}),
    disclosure(SALT, [5]),
    disclosure(SALT, "f", {"_sd": [digest_of(disclosure(SALT, "a", 1))]}),
    disclosure(SALT, "f", [{"...": digest_of(disclosure(SALT, [5]))}]),
    disclosure(SALT, "g", {"_sd_alg": "sha-256"}),
    base64url.encode(rb'["%s","h",{"\u005fsd":["x"]}]' % SALT.encode()),
    base64url.encode(rb'["%s","h",{"\u002e..":"x"}]' % SALT.encode()),
    base64url.encode(b'["%s" , "h" , { "_sd" : [ ] } ]' % SALT.encode()),
    base64url.encode(b'["%s","i","a \\n \\"_sd\\":"]' % SALT.encode()),
]
DIGESTS = st.sampled_from([*map(digest_of, TEXTS), "B" * 43])
NAMES = st.sampled_from(["a", "b", "c", "x", "é", 'x"_sd', '_sd":', "_SD", "_sd ", "...."])
HOLDERS = st.fixed_dictionaries({"_sd": st.lists(DIGESTS, max_size=3)}, optional={"a": st.just(1), "z": st.just({})})
ELEMENTS = st.fixed_dictionaries({"...": DIGESTS}, optional={"_sd": st.just([]), "x": st.just(1)})
ODD = st.sampled_from([{"_sd": "x"}, {"_sd": [1]}, {"...": 1}, {"_sd_alg": "sha-256"}, '"_sd":', '"...":', {"_sd": {}}])
VALUES = st.recursive(
    st.none() | st.integers(0, 9) | st.text(max_size=3) | HOLDERS | ELEMENTS | ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)
CLAIMS = st.tuples(
    st.dictionaries(NAMES, VALUES, max_size=4), st.just({}) | st.just({"_sd_alg": "sha-256"}), st.just({}) | HOLDERS
).map(lambda parts: parts[0] | parts[1] | parts[2])
PRESENTED = st.lists(st.sampled_from(TEXTS), max_size=4)


def outcome(claims: dict[str, Any], texts: list[str], payload: bytes) -> Any:
    try:
        found = reveal(claims, [disclosures.read(text) for text in texts], payload)
    except Invalid as error:
        return error.code, error.detail, error.pointer
    return repr(found.claims), found.places, found.holders


@given(CLAIMS, PRESENTED)
@example({"a": {"_sd": []}, "b": {"_sd_alg": "sha-256"}}, [])
@example({"_sd_alg": "sha-256", "a": [{"...": digest_of(TEXTS[3])}], "b": {"...": "x"}}, [TEXTS[3]])
@example({"_sd": [digest_of(TEXTS[5]), digest_of(TEXTS[0])]}, [TEXTS[5], TEXTS[0]])
@example({"_sd": [digest_of(TEXTS[8])]}, [TEXTS[8]])
@example({"_sd": [digest_of(TEXTS[10])]}, [TEXTS[10]])
def test_the_shorter_walk(claims: dict[str, Any], texts: list[str]) -> None:
    before = copy.deepcopy(claims)
    short, whole = outcome(claims, texts, canonicalize(claims)), outcome(claims, texts, b"")
    assert short == whole
    assert claims == before


@given(
    st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4, unique=True), st.dictionaries(NAMES, VALUES, max_size=2)
)
def test_disclosures_that_are_there(texts: list[str], rest: dict[str, Any]) -> None:
    members = [text for text in texts if disclosures.read(text).name is not None]
    elements = [{"...": digest_of(text)} for text in texts if text not in members]
    claims = {"_sd_alg": "sha-256", "d": {"_sd": [digest_of(text) for text in members]}, "e": elements, "z": rest}
    assert outcome(claims, texts, canonicalize(claims)) == outcome(claims, texts, b"")


def test_what_stands_behind_the_last_digest_is_not_walked() -> None:
    claims = {"a": {"_sd": [digest_of(TEXTS[0])]}, "b": {"c": {}}}
    found = reveal(claims, [disclosures.read(TEXTS[0])], canonicalize(claims)).claims
    assert found == {"a": {"a": 1}, "b": {"c": {}}}
    assert found["b"] is claims["b"]


def test_a_value_is_plain_unless_digests_could_stand_in_it() -> None:
    assert [disclosures.read(text).is_plain for text in TEXTS] == [True] * 5 + [False] * 7
