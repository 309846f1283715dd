"""Envelopes that an issuer with software of his own signed, correctly, and that are still not to be taken."""

import json
from typing import Any

import pytest

from ledger import base64url
from ledger.canonical import canonicalize
from ledger.envelope import Envelope, Presentation, parse, verify
from ledger.errors import Invalid
from ledger.low_s import P256_ORDER
from tests.ledger.envelope_cases import (
    DOCUMENT,
    ED25519,
    ES256,
    KIND,
    claims,
    digest_of,
    disclosure,
    forge,
    issued,
    refusal,
    without,
)

SALT, SALT_2 = "A" * 22, "B" * 21 + "A"
CONTACTS = disclosure(SALT, "contacts", DOCUMENT["contacts"])
SITES = disclosure(SALT, "sites", DOCUMENT["sites"])
HEADER = {"alg": "ES256", "kid": ES256.public_key.kid, "typ": "dc+sd-jwt"}
BARE = without(DOCUMENT, "/contacts", "/sites")


def seen(text: str) -> Presentation:
    return verify(parse(text), ES256.public_key)


def forged(document: dict[str, Any], *disclosures: str) -> str:
    return forge(claims(document), disclosures)


def test_an_honest_issuer_with_software_of_his_own_is_read() -> None:
    text = forged({**BARE, "_sd": [digest_of(SITES), digest_of(CONTACTS)]}, CONTACTS, SITES)
    assert seen(text).document == DOCUMENT
    assert seen(forge(claims(exp=5, nbf=7))).complete
    ed25519 = forge(claims(), header={**HEADER, "alg": "EdDSA", "kid": ED25519.public_key.kid}, signer=ED25519)
    assert verify(parse(ed25519), ED25519.public_key).document == DOCUMENT


def test_a_disclosure_may_have_any_json_form_as_its_digest_covers_its_bytes() -> None:
    spaced = base64url.encode(f'[ "{SALT}",\t"contacts", {json.dumps(DOCUMENT["contacts"])} ]'.encode())
    assert seen(forged({**BARE, "_sd": [digest_of(spaced)]}, spaced)).document == without(DOCUMENT, "/sites")


NAME = disclosure(SALT, "name", "Somebody")
NESTED = disclosure(SALT_2, "contacts", [{"_sd": [digest_of(NAME)], "name": "n"}])
LISTED = disclosure(SALT_2, "contacts", [{"...": digest_of(disclosure(SALT, {"name": "n"}))}])
NUMBER = disclosure(SALT, "certificateNumber", "1")
OPERATOR = {**DOCUMENT["operator"], "_sd": [digest_of(NAME)]}


@pytest.mark.parametrize(
    ("document", "disclosures", "code"),
    [
        # no digest stands for it, or more than one
        (DOCUMENT, [CONTACTS], "disclosure-unreferenced"),
        ({**BARE, "_sd": [digest_of(CONTACTS)]}, [CONTACTS, SITES], "disclosure-unreferenced"),
        ({**BARE, "_sd": [digest_of(CONTACTS)]}, [CONTACTS, CONTACTS], "disclosure-duplicate"),
        ({**BARE, "_sd": [digest_of(CONTACTS)] * 2}, [CONTACTS], "disclosure-duplicate"),
        ({**BARE, "_sd": ["A" * 43, "A" * 43]}, [], "disclosure-duplicate"),
        (
            {**BARE, "_sd": ["A" * 43], "operator": {**DOCUMENT["operator"], "_sd": ["A" * 43]}},
            [],
            "disclosure-duplicate",
        ),
        # its name
        ({**DOCUMENT, "_sd": [digest_of(CONTACTS)]}, [CONTACTS], "disclosure-name"),
        (
            {**BARE, "_sd": [digest_of(CONTACTS), digest_of(other := disclosure(SALT_2, "contacts", [{"name": "x"}]))]},
            [CONTACTS, other],
            "disclosure-name",
        ),
        # its place
        ({**without(DOCUMENT, "/certificateNumber"), "_sd": [digest_of(NUMBER)]}, [NUMBER], "disclosure-place"),
        ({**DOCUMENT, "_sd": [digest_of(x := disclosure(SALT, "unknown", 1))]}, [x], "disclosure-place"),
        ({**DOCUMENT, "operator": OPERATOR | {"name": "n"}}, [NAME], "disclosure-name"),
        ({**DOCUMENT, "operator": without(OPERATOR, "/name")}, [NAME], "disclosure-place"),
        ({**DOCUMENT, "authority": {"name": "n", "_sd": ["A" * 43]}}, [], "disclosure-place"),
        ({**DOCUMENT, "authority": {"name": "n", "_sd": []}}, [], "disclosure-place"),
        ({**DOCUMENT, "roles": ["exporter", {"...": "A" * 43}]}, [], "disclosure-place"),
        ({**BARE, "sites": [{"name": "n", "_sd": ["A" * 43]}]}, [], "disclosure-place"),
        ({**BARE, "_sd": [digest_of(NESTED)]}, [NESTED, NAME], "disclosure-name"),
        ({**BARE, "_sd": [digest_of(NESTED)]}, [NESTED], "disclosure-place"),
        ({**BARE, "_sd": [digest_of(LISTED)]}, [LISTED], "disclosure-place"),
        # the form of what holds digests
        ({**BARE, "_sd": "A" * 43}, [], "digest"),
        ({**BARE, "_sd": [1]}, [], "digest"),
        ({**BARE, "_sd": {"a": 1}}, [], "digest"),
        ({**BARE, "...": "A" * 43}, [], "digest"),
        ({**BARE, "_sd_alg": "sha-256"}, [], "digest"),
        ({**DOCUMENT, "roles": [{"...": "A" * 43, "x": 1}]}, [], "digest"),
        ({**DOCUMENT, "roles": [{"...": 1}]}, [], "digest"),
        # a form that belongs to the other place
        ({**BARE, "_sd": [digest_of(x := disclosure(SALT, {"name": "n"}))]}, [x], "disclosure"),
        # more digests than there are groups to withhold
        ({**BARE, "_sd": ["A" * 43, "B" * 43, "C" * 43, "D" * 43]}, [], "decoy"),
        ({**DOCUMENT, "operator": {**DOCUMENT["operator"], "_sd": ["A" * 43]}}, [], "decoy"),
        # salts that do not hide
        ({**BARE, "_sd": [digest_of(x := disclosure("AAAA", "contacts", [{"name": "n"}]))]}, [x], "disclosure-salt"),
        ({**BARE, "_sd": [digest_of(x := disclosure("!" * 30, "contacts", [{"name": "n"}]))]}, [x], "disclosure-salt"),
        ({**BARE, "_sd": [digest_of(x := disclosure(SALT[:-1], "contacts", [{"name": "n"}]))]}, [x], "disclosure-salt"),
    ],
)
def test_disclosures_that_break_a_rule(document: dict[str, Any], disclosures: list[str], code: str) -> None:
    assert refusal(seen, forged(document, *disclosures)) == f"envelope.{code}"


def test_a_schema_that_only_withholding_could_excuse() -> None:
    assert seen(forged({**BARE, "_sd": ["A" * 43]})).withheld == ("/contacts", "/sites", "/recognitionCodes")
    wrong = disclosure(SALT, "contacts", [{"phone": "1"}])
    for text in (
        forged({**BARE, "_sd": [digest_of(wrong)]}, wrong),
        forged(without(DOCUMENT, "/programme")),
        forged({**without(BARE, "/programme"), "_sd": ["A" * 43]}),
    ):
        assert refusal(seen, text) == "document.schema"


def test_disclosures_nested_without_end_do_no_harm() -> None:
    inner = disclosure(SALT, "n", 1)
    nested = [inner]
    for _ in range(400):
        nested.append(disclosure(SALT, "n", {"_sd": [digest_of(nested[-1])]}))
    assert refusal(seen, forged({**BARE, "_sd": [digest_of(nested[-1])]}, *nested)) == "envelope.disclosure-place"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (disclosure(), "disclosure"),
        (disclosure(SALT), "disclosure"),
        (disclosure(SALT, "a", 1, 2), "disclosure"),
        (disclosure(1, "a", 2), "disclosure"),
        (disclosure(None, "a", 2), "disclosure"),
        (disclosure(SALT, 1, 2), "disclosure"),
        (disclosure(SALT, None, 2), "disclosure"),
        (disclosure(SALT, ["a"], 2), "disclosure"),
        (disclosure(SALT, "_sd", ["A" * 43]), "disclosure-name"),
        (disclosure(SALT, "...", "A" * 43), "disclosure-name"),
        (base64url.encode(b'{"a":1}'), "disclosure"),
        (base64url.encode(b'"abc"'), "disclosure"),
        (base64url.encode(b"["), "json"),
        (base64url.encode(b'["a","b",{"c":1,"c":2}]'), "json"),
        (base64url.encode(b'["a","b",1e999]'), "json"),
        (base64url.encode(b'["a","b",9007199254740993]'), "json"),
        (base64url.encode(b'["a","b","\\ud800"]'), "json"),
        (base64url.encode(b'["a","b","\xff"]'), "json"),
        (base64url.encode(b"[" * 5000), "json"),
        ("AA==", "base64url"),
        ("AB", "base64url"),
        ("a b", "base64url"),
    ],
)
def test_what_is_no_disclosure_is_refused_even_when_signed(text: str, code: str) -> None:
    assert refusal(parse, forged({**BARE, "_sd": [digest_of(text)]}, text)) == f"envelope.{code}"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"iss": "CN"}, "/iss"),
        ({"iss": 7}, "/iss"),
        ({"vct": 7}, "/vct"),
        ({"iat": "1"}, "/iat"),
        ({"iat": 1.5}, "/iat"),
        ({"iat": -1}, "/iat"),
        ({"iat": True}, "/iat"),
        ({"exp": None}, "/exp"),
        ({"nbf": []}, "/nbf"),
        ({"jti": "A" * 21 + "B"}, "/jti"),
        ({"jti": "A" * 43}, "/jti"),
        ({"_sd_alg": "sha-512"}, "/_sd_alg"),
        ({"_sd_alg": None}, "/_sd_alg"),
        ({"document": []}, "/document"),
        ({"document": "x"}, "/document"),
        ({"_sd": ["A" * 43]}, "/_sd"),
        ({"cnf": {}}, "/cnf"),
        ({"aud": "x"}, "/aud"),
        ({"a/b": 1}, "/a~1b"),
    ],
)
def test_claims_of_another_form_are_refused(changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as raised:
        parse(forge(claims(**changes)))
    assert (raised.value.code, raised.value.pointer) == ("envelope.claims", pointer)


@pytest.mark.parametrize("name", list(claims()))
def test_a_missing_claim_is_named(name: str) -> None:
    with pytest.raises(Invalid) as raised:
        parse(forge({key: value for key, value in claims().items() if key != name}))
    assert (raised.value.code, raised.value.pointer) == ("envelope.claims", f"/{name}")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"alg": "none"}, "algorithm"),
        ({"alg": "HS256"}, "algorithm"),
        ({"alg": "Ed25519"}, "algorithm"),
        ({"typ": "vc+sd-jwt"}, "type"),
        ({"typ": "JWT"}, "type"),
        ({"cty": "json"}, "header"),
        ({"kid": "1"}, "kid"),
        ({"kid": ED25519.public_key.kid}, "key"),
        *(
            ({name: "https://evil.example"}, "header-key")
            for name in ("jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64")
        ),
    ],
)
def test_a_header_that_is_not_ours_is_refused(header: dict[str, Any], code: str) -> None:
    assert refusal(seen, forge(claims(), header={**HEADER, **header})) == f"envelope.{code}"


def test_bytes_that_are_not_canonical_are_refused() -> None:
    honest = canonicalize(claims())
    for payload in (
        json.dumps(claims()).encode(),
        honest[:-1] + b" }",
        honest + b"\n",
        honest.replace(b"12.5", b"12.50"),
        honest.replace(b"Lin", rb"\u004cin"),
        b"[" + honest + b"]",
    ):
        assert refusal(parse, forge({}, payload=payload)) == "envelope.canonical"
    twice = honest.replace(b'{"_sd_alg"', b'{"_sd_alg":"sha-256","_sd_alg"')
    assert refusal(parse, forge({}, payload=twice)) == "envelope.json"
    head, rest = forge(claims()).split(".", 1)
    spaced = base64url.encode(base64url.decode(head).replace(b":", b": "))
    assert refusal(parse, f"{spaced}.{rest}") == "envelope.canonical"


def test_a_kind_that_is_not_known_is_told_after_the_form_and_the_signature() -> None:
    text = forge(claims(vct="urn:portseal:kind:aeo-credential:99"))
    envelope = parse(text)
    assert len(envelope.digest) == 32
    assert refusal(seen, text) == "kind.unknown"
    assert refusal(lambda: envelope.kind) == "kind.unknown"
    broken = text.replace(text.split(".")[2][:10], "A" * 10)
    assert refusal(seen, broken) == "envelope.signature"


def test_high_s_is_refused_though_the_mathematics_holds() -> None:
    envelope = issued()
    head, body, signature = envelope.jwt.split(".")
    raw = base64url.decode(signature)
    high = raw[:32] + (P256_ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    twin = envelope.serialize().replace(signature, base64url.encode(high))
    assert parse(twin).digest != envelope.digest
    assert refusal(seen, twin) == "envelope.high-s"
    assert Envelope is type(parse(f"{head}.{body}.{base64url.encode(high)}~"))


def test_parts_of_two_envelopes_do_not_fit() -> None:
    one, other = issued(), issued(attachments=[])
    (head, body, signature), (_, other_body, other_signature) = one.jwt.split("."), other.jwt.split(".")
    for jwt in (f"{head}.{other_body}.{signature}", f"{head}.{body}.{other_signature}"):
        assert refusal(seen, "~".join((jwt, *one.disclosures, ""))) == "envelope.signature"
    mixed = "~".join((one.jwt, *other.disclosures, ""))
    assert refusal(seen, mixed) == "envelope.disclosure-unreferenced"


def test_vct_is_the_kind_whatever_the_document_looks_like() -> None:
    assert refusal(seen, forge(claims(vct=KIND.vct.replace("aeo-credential", "bill-of-lading")))) == "document.schema"
