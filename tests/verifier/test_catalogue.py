"""The catalogue of codes, and the page made of it."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from verifier.axes import Usable
from verifier.catalogue import CATALOGUE
from verifier.catalogue.page import PATH, page
from verifier.checks import CHECKS
from verifier.consignment.checks import CROSS_CHECKS
from verifier.finding import Finding
from verifier.outcome import Outcome

ROOT = Path(__file__).parents[2]


def codes_in_the_checks(folder: str, checks: Iterable[str]) -> set[str]:
    pattern = re.compile(rf'"((?:{"|".join(checks)})\.[a-z-]+)"')
    files = (ROOT / "verifier" / folder).glob("*.py")
    return {code for file in files for code in pattern.findall(file.read_text(encoding="utf-8"))}


def test_the_checks_give_exactly_the_codes_of_the_catalogue() -> None:
    own = codes_in_the_checks("checks", CHECKS)
    between = codes_in_the_checks("consignment/checks", CROSS_CHECKS)
    compared = CROSS_CHECKS.keys() - {"opened", "holder"}
    every = {f"{check}.{code}" for check in compared for code in ("agrees", "withheld")}
    assert own | between | every == set(CATALOGUE)
    assert CHECKS.keys().isdisjoint(CROSS_CHECKS)


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / PATH).read_text(encoding="utf-8") == page(), "run python -m verifier.catalogue"


@pytest.mark.parametrize("code", CATALOGUE)
def test_an_entry_speaks_both_languages(code: str) -> None:
    entry = CATALOGUE[code]
    assert entry.en.endswith(".")
    assert entry.zh.endswith("。")
    assert bool(entry.remedy_en) is bool(entry.remedy_zh)
    assert re.search(r"[\u4e00-\u9fff]", entry.zh)


@pytest.mark.parametrize("code", CATALOGUE)
def test_whatever_is_not_well_has_a_remedy(code: str) -> None:
    entry = CATALOGUE[code]
    if set(entry.outcomes) & {Outcome.FAIL, Outcome.UNKNOWN}:
        assert entry.remedy_en


def test_passing_implies_nothing_for_use_and_nothing_implies_active() -> None:
    for entry in CATALOGUE.values():
        assert entry.usable is not Usable.ACTIVE
        if Outcome.PASS in entry.outcomes:
            assert entry.usable is None


def test_a_code_or_an_outcome_that_is_not_in_the_catalogue_is_a_bug() -> None:
    with pytest.raises(LookupError):
        Finding("form.invented", Outcome.PASS)
    with pytest.raises(LookupError):
        Finding("form.good", Outcome.FAIL)
