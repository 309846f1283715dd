"""What people try with a genuine, anchored document, and how the verdict names it."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import compact_jws
from ledger.envelope import TYPE, Envelope, parse
from tests.verifier.world import START, World, bill, codes, key_named, outcome
from verifier.axes import Authentic, Usable
from verifier.verdict import Verdict

TEXT = bill().serialize()


@pytest.fixture(scope="module")
def world() -> World:
    world = World()
    world.now += 10
    world.anchor(bill())
    world.now += 10
    return world


def refused(verdict: Verdict, code: str) -> None:
    assert (verdict.authentic, verdict.usable) == (Authentic.INVALID, Usable.UNKNOWN)
    assert outcome(verdict, code) == "fail"


def test_a_changed_claim(world: World) -> None:
    jwt, *rest = TEXT.split("~")
    header, claims, signature = jwt.split(".")
    members = json.loads(base64.urlsafe_b64decode(claims + "=="))
    members["iat"] += 1
    text = json.dumps(members, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    changed = base64.urlsafe_b64encode(text).rstrip(b"=").decode()
    refused(world.verify("~".join([f"{header}.{changed}.{signature}", *rest])), "integrity.signature")


def test_a_changed_disclosure(world: World) -> None:
    jwt, first, *rest = TEXT.split("~")
    content = json.loads(base64.urlsafe_b64decode(first + "=="))
    content[-1] = "something else"
    changed = base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
    verdict = world.verify("~".join([jwt, changed, *rest]))
    refused(verdict, "integrity.disclosures")
    assert "anchoring.final" in codes(verdict)


def test_a_disclosure_of_another_document(world: World) -> None:
    other = bill(iat=START + 1).serialize().split("~")
    refused(world.verify("~".join([*TEXT.split("~")[:-1], other[1], ""])), "integrity.disclosures")


def test_a_doubled_disclosure(world: World) -> None:
    jwt, first, *rest = TEXT.split("~")
    refused(world.verify("~".join([jwt, first, first, *rest])), "integrity.disclosures")


def test_a_key_that_nobody_registered(world: World) -> None:
    refused(world.verify(bill(key="stranger")), "issuer.key-unknown")


def test_another_issuers_key_under_the_victims_name(world: World) -> None:
    world.accredit("cn.other")
    world.add_key("other", "cn.other")
    forged = bill(key="other")
    refused(world.verify(forged), "issuer.key-of-another")
    world.anchor(forged)
    refused(world.verify(forged), "issuer.key-of-another")


def test_an_issuer_that_is_not_in_the_registry(world: World) -> None:
    world.add_key("ghost", "cn.ghost")
    ghost = bill(name="cn.ghost", key="ghost")
    world.anchor(ghost)
    refused(world.verify(ghost), "issuer.unregistered")


@pytest.mark.parametrize(
    "data", [b"", b"~", b"{}", b"\xff\xfe", b"a.b.c~", TEXT[:-1].encode(), TEXT.encode() + b"\n", b"x" * 33]
)
def test_what_is_no_envelope(world: World, data: bytes) -> None:
    verdict = world.verify(data)
    refused(verdict, "form.unreadable")
    assert verdict.digest is None


def test_the_place_of_a_genuine_document_does_not_help_a_forgery(world: World) -> None:
    mine = bill(iat=START + 2)
    world.records[mine.digest] = world.records[bill().digest]
    verdict = world.verify(mine)
    del world.records[mine.digest]
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
    assert "anchoring.path-wrong" in codes(verdict)


def signed(**claims: object) -> Envelope:
    """A genuine signature over claims that our own issuing would refuse."""
    token = compact_jws.sign(bill().claims | claims, key_named("first"), TYPE)
    return parse("~".join([token.text, *bill().disclosures, ""]))


def test_a_kind_that_this_version_does_not_know_is_not_called_false(world: World) -> None:
    newer = signed(vct="urn:portseal:kind:phytosanitary-certificate:1")
    world.anchor(newer)
    verdict = world.verify(newer)
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
    assert {"form.kind-unknown", "integrity.kind-unknown", "issuer.kind-unknown", "anchoring.final"} <= codes(verdict)


def test_a_document_that_breaks_its_schema_although_signed(world: World) -> None:
    envelope = signed(document=bill().claims["document"] | {"transportDocumentReference": 5})
    world.anchor(envelope)
    verdict = world.verify(envelope)
    refused(verdict, "form.schema")
    assert outcome(verdict, "integrity.good") == "pass"


def test_a_document_that_says_from_when_on_it_can_be_used(world: World) -> None:
    envelope = signed(nbf=world.now + 50)
    world.anchor(envelope)
    verdict = world.verify(envelope)
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.PENDING)
    assert outcome(verdict, "validity.not-yet") == "fail"
    world.now += 50
    assert world.verify(envelope).usable is Usable.ACTIVE


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.integers(1, 127))
def test_no_changed_byte_anywhere_is_valid(world_at: int, flip: int) -> None:
    world = World()
    world.anchor(bill())
    data = bytearray(TEXT.encode())
    data[world_at] ^= flip
    verdict = world.verify(bytes(data))
    assert verdict.authentic is not Authentic.VALID
    assert verdict.usable in (Usable.UNKNOWN, Usable.PENDING)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    verdict = World().verify(data)
    assert verdict.authentic is not Authentic.VALID
