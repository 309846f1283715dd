import hashlib
from copy import deepcopy
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import base64url
from ledger.canonical import canonicalize
from ledger.envelope import MAX_BYTES, MAX_DISCLOSURES, Attachment, issue, parse, verify, withhold
from ledger.errors import Invalid
from ledger.json_pointer import append
from ledger.jwk import Algorithm
from ledger.kinds import KINDS
from ledger.private_key import PrivateKey
from tests.ledger.envelope_cases import (
    DOCUMENT,
    ED25519,
    ES256,
    GROUPS,
    IAT,
    ISSUER,
    KIND,
    PDF,
    PHOTO,
    issued,
    refusal,
    without,
)

SUBSETS = [subset for size in range(len(GROUPS) + 1) for subset in combinations(GROUPS, size)]


@pytest.mark.parametrize("key", [ES256, ED25519])
def test_what_is_issued_verifies_and_gives_the_document_back(key: PrivateKey) -> None:
    envelope = parse(issued(key).serialize())
    seen = verify(envelope, key.public_key)
    assert seen.document == DOCUMENT
    assert canonicalize(seen.document) == canonicalize(DOCUMENT)
    assert seen.attachments == (PDF.statement(), PHOTO.statement())
    assert seen.complete
    assert (envelope.issuer, envelope.kind, envelope.iat) == (ISSUER, KIND, IAT)
    assert (envelope.kid, envelope.exp, envelope.nbf) == (key.public_key.kid, None, None)
    assert len(base64url.decode(envelope.jti)) == 16


def test_an_envelope_is_the_same_before_and_after_it_was_sent() -> None:
    envelope = issued()
    text = envelope.serialize()
    assert parse(text) == parse(text.encode()) == envelope
    assert (parse(text).claims, parse(text).header) == (envelope.claims, envelope.header)
    assert parse(text).serialize() == text


def test_header_and_claims_are_exactly_these() -> None:
    envelope = issued()
    assert envelope.header == {"alg": "ES256", "kid": ES256.public_key.kid, "typ": "dc+sd-jwt"}
    assert set(envelope.claims) == {"_sd_alg", "attachments", "document", "iat", "iss", "jti", "vct"}
    for part in envelope.jwt.split(".")[:2]:
        data = base64url.decode(part)
        assert (
            canonicalize(parse(envelope.serialize()).header if data.startswith(b'{"alg') else envelope.claims) == data
        )


def test_the_digest_is_of_the_signed_jwt_alone() -> None:
    envelope = issued()
    assert envelope.digest == hashlib.sha256(envelope.serialize().split("~")[0].encode()).digest()
    assert withhold(envelope, GROUPS).digest == envelope.digest


def test_nothing_that_can_be_withheld_stands_in_the_jwt_and_no_hash_of_it_alone() -> None:
    envelope = issued()
    signed = base64url.decode(envelope.jwt.split(".")[1]).decode()
    for secret in ("Waima", "91310000", "Lin Yue", "Waigaoqiao", "licence", "/pdf", "identifiers", "contacts"):
        assert secret not in signed
    for content in (PDF.content, canonicalize(PDF.statement()), canonicalize(DOCUMENT["contacts"])):
        bare = hashlib.sha256(content)
        assert bare.hexdigest() not in signed
        assert base64url.encode(bare.digest()) not in signed


def test_order_of_digests_and_salts_reveal_nothing() -> None:
    for _ in range(20):
        document: Any = issued().claims["document"]
        assert document["_sd"] == sorted(document["_sd"])
        assert document["operator"]["_sd"] == sorted(document["operator"]["_sd"])
    first, second = issued(), issued()
    assert not set(first.disclosures) & set(second.disclosures)
    assert first.jti != second.jti
    assert all(len(base64url.decode(disclosure.salt)) == 16 for disclosure in first.opened)


@pytest.mark.parametrize("groups", SUBSETS)
def test_any_groups_can_be_withheld(groups: tuple[str, ...]) -> None:
    envelope = issued()
    less = parse(withhold(envelope, groups).serialize())
    seen = verify(less, ES256.public_key)
    assert less.digest == envelope.digest
    assert seen.document == without(DOCUMENT, *groups)
    assert set(groups) <= set(seen.withheld)
    assert bool(seen.withheld) == bool(groups) == (not seen.complete)
    assert withhold(less, groups) == less


def test_which_of_two_absent_groups_is_withheld_cannot_be_told() -> None:
    seen = verify(withhold(issued(), ["/contacts"]), ES256.public_key)
    assert seen.withheld == ("/contacts", "/recognitionCodes")
    assert verify(withhold(issued(), ["/operator/address"]), ES256.public_key).withheld == ("/operator/address",)


def test_what_is_no_group_cannot_be_withheld() -> None:
    for pointer in ("/certificateNumber", "/operator", "/operator/name", "", "contacts", "/contacts/0"):
        assert refusal(withhold, issued(), [pointer]) == "kind.group"


def test_the_document_given_is_left_as_it_is_and_not_shared() -> None:
    document = deepcopy(DOCUMENT)
    envelope = issue(document, KIND, ISSUER, ES256, iat=IAT)
    assert document == DOCUMENT
    document["operator"]["name"] = "Somebody Else"
    assert envelope.claims == parse(envelope.serialize()).claims


def test_a_document_without_groups_and_attachments_has_no_disclosures() -> None:
    plain = without(DOCUMENT, *GROUPS)
    envelope = issue(plain, KIND, ISSUER, ES256, iat=IAT)
    assert envelope.serialize() == envelope.jwt + "~"
    assert verify(parse(envelope.serialize()), ES256.public_key).document == plain


def test_the_end_comes_from_the_document_unless_it_is_given() -> None:
    document = {**DOCUMENT, "validUntil": "2027-12-31"}
    assert issue(document, KIND, ISSUER, ES256, iat=IAT).exp == KIND.expires(document)
    assert issue(document, KIND, ISSUER, ES256, iat=IAT, expires=IAT + 5).exp == IAT + 5


def test_times_are_not_judged() -> None:
    envelope = issue(DOCUMENT, KIND, ISSUER, ES256, iat=0, expires=1)
    assert verify(envelope, ES256.public_key).document == DOCUMENT


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iat": -1}, "envelope.claims"),
        ({"iat": 1.5}, "envelope.claims"),
        ({"iat": True}, "envelope.claims"),
        ({"iat": 2**53}, "envelope.claims"),
        ({"iat": 0, "expires": -5}, "envelope.claims"),
        ({"iat": 0, "jti": "short"}, "envelope.claims"),
        ({"iat": 0, "jti": "A" * 21 + "B"}, "envelope.claims"),
        ({"iat": 0, "jti": ""}, "envelope.claims"),
    ],
)
def test_wrong_claims_are_not_signed(changes: dict[str, Any], code: str) -> None:
    assert refusal(lambda: issue(DOCUMENT, KIND, ISSUER, ES256, **changes)) == code


@pytest.mark.parametrize("issuer", ["", "CN.customs", "a b", "x" * 33, "é"])
def test_an_issuer_has_an_id(issuer: str) -> None:
    assert refusal(lambda: issue(DOCUMENT, KIND, issuer, ES256, iat=IAT)) == "envelope.claims"


def _deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"programme": None}, "document.schema", "/programme"),
        ({"x": {"_sd": []}}, "envelope.reserved-name", "/x/_sd"),
        ({"x": [{"...": 1}]}, "envelope.reserved-name", "/x/0/..."),
        ({"x": {"_sd_alg": "sha-256"}}, "envelope.reserved-name", "/x/_sd_alg"),
        ({"contacts": [{"name": "n", "_sd": ["a"]}]}, "envelope.reserved-name", "/contacts/0/_sd"),
        ({"x": _deep(32)}, "json.too-deep", "/x" + "/0" * 31),
        ({"x": float("nan")}, "canonical.value", None),
        ({"x": 2**53}, "canonical.value", None),
        ({"x": [{"y": 1e17}]}, "json.number", "/x/0/y"),
        ({"contacts": [{"name": "n", "x": "\ud800"}]}, None, None),
    ],
)
def test_a_document_that_nobody_could_read_is_not_signed(change: Any, code: str | None, pointer: str | None) -> None:
    with pytest.raises(Invalid) as raised:
        issue({**DOCUMENT, **change}, KIND, ISSUER, ES256, iat=IAT)
    assert code in (None, raised.value.code)
    assert pointer in (None, raised.value.pointer)


def test_the_deepest_document_goes_in_and_comes_out() -> None:
    document = {**DOCUMENT, "x": _deep(31), "sites": [{"name": "n", "x": _deep(29)}]}
    envelope = parse(issue(document, KIND, ISSUER, ES256, iat=IAT).serialize())
    assert verify(envelope, ES256.public_key).document == document


def test_too_much_is_not_signed() -> None:
    many = [Attachment(f"{number}.txt", "text/plain", b"") for number in range(MAX_DISCLOSURES + 1)]
    assert (
        refusal(lambda: issue(DOCUMENT, KIND, ISSUER, ES256, iat=IAT, attachments=many)) == "envelope.disclosure-count"
    )
    large = {**DOCUMENT, "x": "x" * MAX_BYTES}
    assert refusal(lambda: issue(large, KIND, ISSUER, ES256, iat=IAT)) == "envelope.size"


def test_a_key_that_decrypts_does_not_sign() -> None:
    key = PrivateKey.generate(Algorithm.ECDH_P256)
    assert refusal(lambda: issue(DOCUMENT, KIND, ISSUER, key, iat=IAT)) == "key.purpose"


def test_another_key_verifies_nothing() -> None:
    other = PrivateKey.generate(Algorithm.ES256)
    assert refusal(verify, issued(), other.public_key) == "envelope.key"
    assert refusal(verify, issued(), ED25519.public_key) == "envelope.key"


def test_printing_shows_neither_document_nor_attachment() -> None:
    envelope = issued()
    shown = f"{envelope!r} {verify(envelope, ES256.public_key)!r} {PDF!r}"
    for secret in ("Huangpu", "Waima", "%PDF", envelope.disclosures[0]):
        assert secret not in shown


def test_groups_of_our_kinds_do_not_lie_in_one_another() -> None:
    for known in KINDS.values():
        for one, other in combinations(known.groups, 2):
            assert not (one + "/").startswith(other + "/")
            assert not (other + "/").startswith(one + "/")


NAMES = st.text(alphabet="ab~/.é$ ", max_size=3).filter(lambda name: name != "...")
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=5) | st.floats(-1e9, 1e9)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)


@given(st.dictionaries(NAMES.map(lambda name: "x" + name), VALUES, max_size=4), st.sets(st.sampled_from(GROUPS)))
def test_any_further_members_go_in_and_come_out(more: dict[str, Any], groups: set[str]) -> None:
    document = {**DOCUMENT, **more, "sites": [{"name": "n", **more}]}
    envelope = issue(document, KIND, ISSUER, ED25519, iat=IAT)
    text = withhold(envelope, groups).serialize()
    assert parse(text).serialize() == text
    seen = verify(parse(text), ED25519.public_key)
    assert canonicalize(seen.document) == canonicalize(without(document, *groups))
    assert append("", "x") not in seen.withheld
