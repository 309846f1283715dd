"""Policies and questions refuse what makes no sense."""

import dataclasses

import pytest

from ledger.errors import Invalid
from verifier.policy import AUTHENTIC, DEFAULT, USABLE, Policy
from verifier.question import Asked, Question
from verifier.subject import Subject


@pytest.mark.parametrize("empty", ["required", "needed"])
def test_a_policy_that_requires_nothing_is_refused(empty: str) -> None:
    with pytest.raises(Invalid, match=r"policy\.empty"):
        dataclasses.replace(DEFAULT, **{empty: frozenset()})  # type: ignore[arg-type]


def test_what_became_of_a_document_cannot_be_required_for_authentic() -> None:
    with pytest.raises(Invalid, match=r"policy\.required"):
        dataclasses.replace(DEFAULT, required=AUTHENTIC | {"status"})


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(Invalid, match=r"policy\.freshness"):
        dataclasses.replace(DEFAULT, freshness={"bill-of-lading": -1})


def test_two_policies_together_ask_for_all_that_both_do() -> None:
    lax = Policy("lax", frozenset({"integrity"}), frozenset({"status"}), {"bill-of-lading": 9000, "other": 5}, 7000)
    both = DEFAULT.together_with(lax)
    assert dataclasses.replace(lax.together_with(DEFAULT), version=both.version) == both
    assert (both.required, both.needed) == (AUTHENTIC, USABLE)
    assert [both.limit(kind) for kind in ("bill-of-lading", "other", "aeo-credential", "new")] == [300, 5, 3600, 300]


def test_one_limit_for_all_kinds() -> None:
    one = dataclasses.replace(DEFAULT, freshness={}, fallback=60)
    assert [one.limit(kind) for kind in (None, "bill-of-lading")] == [60, 60]
    with pytest.raises(Invalid, match=r"policy\.freshness"):
        dataclasses.replace(DEFAULT, freshness={}, fallback=-1)


def test_warnings_by_kind_or_for_all_others() -> None:
    warning = dataclasses.replace(DEFAULT, ageing={"bill-of-lading": 5, "other": 9}, carried=True)
    assert [warning.warning(kind) for kind in ("bill-of-lading", "aeo-credential", None)] == [5, 9, 9]
    assert DEFAULT.warning("bill-of-lading") is None
    both = DEFAULT.together_with(warning)
    assert (both.warning("bill-of-lading"), both.warning("new"), both.carried) == (5, 9, True)


def test_an_unknown_kind_gets_the_strictest_limit() -> None:
    assert DEFAULT.limit(None) == 300
    assert DEFAULT.limit("certificate-of-origin") == 3600


@pytest.mark.parametrize("time", [-1, 2**53, 1.5, True, "now"])
def test_a_question_about_no_time_is_refused(time: object) -> None:
    with pytest.raises(Invalid, match=r"question\.time"):
        Question(at=time)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match=r"question\.time"):
        Question(known_at=time)  # type: ignore[arg-type]


@pytest.mark.parametrize("country", ["", "sg", "SGP", "S1"])
def test_a_question_of_no_country_is_refused(country: str) -> None:
    with pytest.raises(Invalid, match=r"country\.form"):
        Question(relying_country=country)


def test_what_was_anchored_later_than_it_was_known_had_not_been() -> None:
    assert [Asked(5, 0, known).until for known in (None, 3, 9)] == [5, 3, 5]


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_digest_has_32_bytes(size: int) -> None:
    with pytest.raises(Invalid, match=r"digest\.form"):
        Subject.named(b"x" * size)
