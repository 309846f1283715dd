"""What becomes of a document after its code was printed, and what a code cannot say: as for an envelope."""

from collections.abc import Callable
from typing import Any

import pytest

from anchors.gate_code import GateCode
from ledger.document_registry import Status
from ledger.operator import operator_id
from ledger.recognition import Direction
from tests.anchors.gate_cases import printed
from tests.verifier.gate_world import close_hour, issued, printed_in, scan
from tests.verifier.world import AEO, AUTHORITY, World, document, outcome
from verifier.axes import Authentic, Usable
from verifier.subject import Subject

VALID, OPEN = Authentic.VALID, Authentic.INDETERMINATE


@pytest.fixture
def world() -> World:
    return World()


def of(world: World, code: GateCode, **question: Any) -> tuple[Authentic, Usable]:
    verdict = scan(world, code.text(), **question)
    return verdict.authentic, verdict.usable


def test_status_expiry_and_recognition_count_as_for_an_envelope(world: World) -> None:
    envelope, statement = issued(iat=world.now - 5, expires=world.now + 10_000)
    made = printed(statement, anchored_at=world.now)
    close_hour(world, made)
    assert of(world, made.code) == (VALID, Usable.ACTIVE)
    assert of(world, made.code, relying_country="SG") == (VALID, Usable.NOT_RECOGNISED)
    world.set_status(envelope, Status.SUSPENDED)
    assert of(world, made.code) == (VALID, Usable.SUSPENDED)
    world.now += 10_000
    assert of(world, made.code) == (VALID, Usable.SUSPENDED)
    world.set_status(envelope, Status.REVOKED)
    assert of(world, made.code) == (VALID, Usable.REVOKED)


def test_expired(world: World) -> None:
    made = printed_in(world, expires=world.now + 10_000)
    world.now += 20_000
    assert of(world, made.code) == (VALID, Usable.EXPIRED)


def test_a_stale_source_never_says_active(world: World) -> None:
    made = printed_in(world)
    verdict = scan(world, made.code.text(), clock=world.now + 301)
    assert (verdict.authentic, verdict.usable) == (VALID, Usable.UNKNOWN)


def test_the_operator_of_a_credential(world: World) -> None:
    world.accredit(kind=AEO)
    code = document(AEO)["operator"]["code"]
    made = printed_in(world, AEO)
    assert outcome(scan(world, made.code.text()), "operator.not-registered") == "warn"
    world.record("operator", AUTHORITY, code, code=1)
    assert outcome(scan(world, made.code.text()), "operator.authorized") == "pass"
    world.record("operator suspension", AUTHORITY, code, code=1)
    assert of(world, made.code) == (VALID, Usable.SUSPENDED)
    assert operator_id(code)


def test_roles_that_a_recognition_is_limited_to(world: World) -> None:
    world.admit("sg.customs", "SG", "0xsg")
    world.accredit(kind=AEO)
    direction = Direction("aeo", "SG", "CN")
    world.sign("SG", "CN")
    world.agree(direction, roles=1)
    made = printed_in(world, AEO)
    assert outcome(scan(world, made.code.text(), relying_country="SG"), "recognition.in-effect") == "pass"


@pytest.mark.parametrize(
    "link",
    ["https://verify.example/d/{}", "http://127.0.0.1:8080/d/{}", "https://verify.example/cn/portseal/d/{}"],
)
def test_a_link_names_a_digest_and_is_never_followed(world: World, link: str) -> None:
    made = printed_in(world)
    digest = made.code.statement.digest
    assert Subject.scanned(link.format(digest.hex())) == Subject.named(digest)


@pytest.mark.parametrize(
    "link",
    [
        "https://verify.example/d/{}/x",
        "https://verify.example/d/{}?x=1",
        "https://verify.example/x?y=/d/{}",
        "ftp://verify.example/d/{}",
        "https:///d/{}",
        "javascript:alert('/d/{}",
        "https://verify.example /d/{}",
        "/d/{}",
    ],
)
def test_what_is_no_such_link_is_no_code(link: str) -> None:
    assert Subject.scanned(link.format("ab" * 32)).rejection is not None


def test_an_envelope_and_its_code_agree(world: World) -> None:
    """What both can say they say alike."""
    envelope, statement = issued(iat=world.now - 5)
    world.anchor(envelope)
    made = printed(statement, anchored_at=world.now)
    close_hour(world, made)
    changes: list[Callable[[], None]] = [
        lambda: None,
        lambda: world.set_status(envelope, Status.SUSPENDED),
        lambda: world.set_status(envelope, Status.REINSTATED),
        lambda: world.compromise(since=made.code.anchored_at + 5),
        lambda: world.set_status(envelope, Status.REVOKED),
        lambda: world.compromise(since=made.code.anchored_at),
    ]
    for change in changes:
        change()
        both = (world.verify(envelope), scan(world, made.code.text()))
        assert both[0].authentic is both[1].authentic
        assert both[0].usable is both[1].usable
