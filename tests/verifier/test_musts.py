"""Each must of the design's section 7, by its number there; the sixth is in test_musts_of_use.py."""

import dataclasses

import pytest

from ledger.document_registry import Status
from ledger.envelope import issue
from ledger.errors import Unavailable
from ledger.issuer_registry import KeyState
from ledger.kinds import kind as kind_named
from tests.verifier.world import (
    AUTHORITY,
    CERTIFICATE,
    COUNTRY,
    ISSUER,
    START,
    World,
    bill,
    codes,
    document,
    key_named,
    outcome,
)
from verifier.axes import Authentic, Usable


@pytest.fixture
def world() -> World:
    """A bill is anchored ten seconds after the issuer was entered, and a minute has gone by since."""
    world = World()
    world.now += 10
    world.anchor(bill())
    world.now += 60
    return world


def test_a_genuine_bill_is_valid_and_active(world: World) -> None:
    verdict = world.verify(bill())
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert verdict.finality is not None
    assert verdict.finality.form == "checkpoint"
    assert verdict.as_of == world.head()


# --- 1. faults, and checks not made

PORTS = ["find", "head", "anchoring", "account", "finality", "key", "issuer", "accreditation", "authority", "status"]


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("fault", [Unavailable("chain.timeout", "no answer"), OSError("reset"), KeyError("x")])
def test_must_1_a_fault_of_a_source_never_yields_invalid(world: World, port: str, fault: Exception) -> None:
    def broken(*_: object) -> None:
        raise fault

    setattr(world, port, broken)
    verdict = world.verify(bill())
    assert verdict.authentic is (Authentic.VALID if port == "status" else Authentic.INDETERMINATE)
    assert verdict.usable is Usable.UNKNOWN


@pytest.mark.parametrize("clock", [1, START - 86_400, START + 10 * 86_400, 2**40])
def test_must_1_a_wrong_clock_never_yields_invalid(world: World, clock: int) -> None:
    verdict = world.verify(bill(), clock=clock)
    assert verdict.authentic is Authentic.VALID
    assert verdict.usable is (Usable.ACTIVE if clock < START else Usable.UNKNOWN)


def test_must_1_a_corrupt_archive_never_yields_invalid(world: World) -> None:
    record = world.records[bill().digest]
    world.records[bill().digest] = dataclasses.replace(record, path=(b"x" * 32, *record.path[1:]))
    verdict = world.verify(bill())
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
    assert "anchoring.path-wrong" in codes(verdict)


def test_must_1_a_node_that_lags_behind_never_yields_invalid(world: World) -> None:
    late = bill(iat=world.now, key="second")
    world.add_key("second")
    world.now += 5
    world.anchor(late)
    behind = world.block(START + 30)
    world.head = lambda: behind  # type: ignore[method-assign]
    verdict = world.verify(late)
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
    assert "anchoring.node-behind" in codes(verdict)
    assert outcome(verdict, "issuer.key-unknown") == "unknown"


def test_must_1_a_key_that_a_stale_node_does_not_know_is_not_held_against_the_document() -> None:
    world = World()
    world.now += 100
    verdict = world.verify(bill(key="stranger"), clock=world.now + 86_400)
    assert verdict.authentic is Authentic.INDETERMINATE
    assert outcome(verdict, "issuer.key-unknown") == "unknown"


def test_must_1_too_few_cosignatures_is_indeterminate_and_not_invalid() -> None:
    world = World()
    world.anchor(bill(), cosigned=2)
    verdict = world.verify(bill())
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.PENDING)
    assert verdict.finality is None


def test_must_1_no_failure_counts_before_the_anchor_is_final() -> None:
    world = World()
    world.change_key(KeyState.SUSPENDED)
    world.anchor(bill(), cosigned=2)
    verdict = world.verify(bill())
    assert verdict.authentic is Authentic.INDETERMINATE
    assert outcome(verdict, "issuer.key-suspended") == "unknown"


# --- 2. an unbroken chain of accreditations, in the anchor's block


def test_must_2_an_issuer_outside_its_kinds_is_invalid(world: World) -> None:
    certificate = issue(document(CERTIFICATE), kind_named(CERTIFICATE), ISSUER, key_named("first"), iat=START)
    world.anchor(certificate)
    verdict = world.verify(certificate)
    assert (verdict.authentic, verdict.usable) == (Authentic.INVALID, Usable.UNKNOWN)
    assert outcome(verdict, "issuer.not-accredited") == "fail"


def test_must_2_an_issuer_under_no_authority_is_invalid(world: World) -> None:
    world.accreditors[ISSUER] = "xx.nobody"
    assert world.verify(bill()).authentic is Authentic.INVALID


def test_must_2_recognition_is_asked_only_when_a_country_is_given(world: World) -> None:
    assert outcome(world.verify(bill()), "recognition.not-asked") == "skipped"
    verdict = world.verify(bill(), relying_country="SG")
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.NOT_RECOGNISED)
    assert outcome(verdict, "recognition.not-agreed") == "fail"


# --- 3. time is the anchor's block


def test_must_3_anchored_then_key_retired_is_valid(world: World) -> None:
    world.change_key(KeyState.RETIRED)
    assert world.verify(bill()).authentic is Authentic.VALID


def test_must_3_anchored_before_the_key_was_compromised_is_valid_with_a_warning(world: World) -> None:
    world.compromise(since=START + 11)
    verdict = world.verify(bill())
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert outcome(verdict, "issuer.key-compromised-later") == "warn"


@pytest.mark.parametrize("since", [START + 10, START + 9, 1])
def test_must_3_anchored_at_or_after_the_compromise_is_invalid_whatever_date_it_states(since: int) -> None:
    world = World()
    world.now += 10
    backdated = bill(iat=1_000)
    world.anchor(backdated)
    world.now += 60
    world.compromise(since=since)
    verdict = world.verify(backdated)
    assert (verdict.authentic, verdict.usable) == (Authentic.INVALID, Usable.UNKNOWN)


def test_must_3_authority_left_anchored_before_counts(world: World) -> None:
    world.record("authority", AUTHORITY, code=0)
    world.record("member", COUNTRY, code=0)
    assert world.verify(bill()).authentic is Authentic.VALID


def test_must_3_not_anchored_yet_is_indeterminate_and_pending() -> None:
    verdict = World().verify(bill())
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.PENDING)
    assert "anchoring.not-found" in codes(verdict)


def test_must_3_a_digest_without_the_document_is_indeterminate_the_others_as_usual(world: World) -> None:
    world.set_status(bill(), Status.REVOKED)
    verdict = world.verify(bill().digest)
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.REVOKED)
    assert {"integrity.not-presented", "anchoring.final", "issuer.accredited", "title.none"} <= codes(verdict)


@pytest.mark.parametrize(("expires", "usable"), [(START + 70, Usable.EXPIRED), (START + 71, Usable.ACTIVE)])
def test_must_3_exp_gives_expired_from_its_second_on_and_never_invalid(expires: int, usable: Usable) -> None:
    world = World()
    world.anchor(bill(expires=expires))
    world.now += 70
    verdict = world.verify(bill(expires=expires))
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, usable)


def test_must_3_iat_after_the_anchor_is_a_warning_only(world: World) -> None:
    later = bill(iat=START + 86_400)
    world.anchor(later)
    verdict = world.verify(later)
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert outcome(verdict, "validity.stated-later") == "warn"


# --- 4. the axes are never mixed


@pytest.mark.parametrize(
    ("status", "usable"),
    [
        (Status.REVOKED, Usable.REVOKED),
        (Status.SUSPENDED, Usable.SUSPENDED),
        (Status.SUPERSEDED, Usable.SUPERSEDED),
    ],
)
def test_must_4_what_became_of_a_document_never_makes_it_false(world: World, status: Status, usable: Usable) -> None:
    world.set_status(bill(), status, b"n" * 32 if status is Status.SUPERSEDED else None)
    verdict = world.verify(bill())
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, usable)


def test_must_4_a_revoked_forgery_is_invalid_and_its_use_unknown(world: World) -> None:
    world.set_status(bill(), Status.REVOKED)
    world.compromise(since=START)
    verdict = world.verify(bill())
    assert (verdict.authentic, verdict.usable) == (Authentic.INVALID, Usable.UNKNOWN)


# --- 5. "as of T" works for every question


def test_must_5_as_of_a_time_before_the_anchor_it_was_not_anchored(world: World) -> None:
    verdict = world.verify(bill(), at=START + 9)
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.PENDING)
    assert "anchoring.later" in codes(verdict)
    assert world.verify(bill(), at=START + 10).authentic is Authentic.VALID


def test_must_5_as_of_a_time_between_its_statuses(world: World) -> None:
    anchored = world.now
    for status in (Status.SUSPENDED, Status.REINSTATED, Status.SUPERSEDED, Status.REVOKED):
        world.now += 10
        world.set_status(bill(), status, b"n" * 32 if status is Status.SUPERSEDED else None)
    asked = [anchored + offset for offset in (9, 10, 19, 20, 29, 30, 39, 40)]
    assert [world.verify(bill(), at=at).usable.value for at in asked] == [
        "ACTIVE",
        "SUSPENDED",
        "SUSPENDED",
        "ACTIVE",
        "ACTIVE",
        "SUPERSEDED",
        "SUPERSEDED",
        "REVOKED",
    ]


def test_must_5_as_known_then_and_as_known_now(world: World) -> None:
    world.now += 100
    world.compromise(since=START + 5)
    assert world.verify(bill(), at=START + 50).authentic is Authentic.INVALID
    assert world.verify(bill(), at=START + 50, known_at=START + 50).authentic is Authentic.VALID
    assert world.verify(bill(), at=START + 50, known_at=START + 9).authentic is Authentic.INDETERMINATE


def test_must_5_as_of_a_time_before_it_expired() -> None:
    world = World()
    lapsed = bill(expires=START + 30)
    world.anchor(lapsed)
    world.now += 100
    assert world.verify(lapsed).usable is Usable.EXPIRED
    assert world.verify(lapsed, at=START + 29).usable is Usable.ACTIVE
