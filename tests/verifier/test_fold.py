"""The fold: pure, blind to order, and never better than its worst required check."""

from hypothesis import given
from hypothesis import strategies as st

from verifier.axes import Authentic, Usable
from verifier.catalogue import CATALOGUE
from verifier.finding import Finding
from verifier.outcome import Outcome
from verifier.policy import DEFAULT, USABLE
from verifier.verdict import fold_authentic, fold_usable

FINDINGS = [Finding(code, outcome) for code, entry in CATALOGUE.items() for outcome in entry.outcomes]
PASSES = [finding for finding in FINDINGS if finding.outcome is Outcome.PASS]
BAD = {Outcome.FAIL, Outcome.UNKNOWN, Outcome.SKIPPED}

findings = st.lists(st.sampled_from(FINDINGS), max_size=20)


def fold(found: list[Finding]) -> tuple[Authentic, Usable]:
    authentic = fold_authentic(found, DEFAULT)
    return authentic, fold_usable(found, DEFAULT, authentic)


def test_all_passes_are_valid_and_active() -> None:
    assert fold(PASSES) == (Authentic.VALID, Usable.ACTIVE)


def test_no_findings_are_neither() -> None:
    assert fold([]) == (Authentic.INDETERMINATE, Usable.UNKNOWN)


@given(findings, st.randoms(use_true_random=False))
def test_order_does_not_matter(found: list[Finding], random: object) -> None:
    shuffled = found[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(found)


@given(findings)
def test_repeating_findings_does_not_matter(found: list[Finding]) -> None:
    assert fold(found + found) == fold(found)


@given(findings)
def test_invalid_exactly_if_a_required_check_fails(found: list[Finding]) -> None:
    failed = any(one.outcome is Outcome.FAIL and one.check in DEFAULT.required for one in found)
    assert (fold(found)[0] is Authentic.INVALID) is failed


@given(findings)
def test_valid_only_if_every_required_check_passed_and_nothing_of_it_is_open(found: list[Finding]) -> None:
    if fold(found)[0] is Authentic.VALID:
        for check in DEFAULT.required:
            outcomes = {one.outcome for one in found if one.check == check}
            assert Outcome.PASS in outcomes
            assert not outcomes & BAD


@given(findings, st.sampled_from(FINDINGS))
def test_one_more_finding_never_raises_authentic_except_by_a_pass(found: list[Finding], more: Finding) -> None:
    rank = {Authentic.INVALID: 0, Authentic.INDETERMINATE: 1, Authentic.VALID: 2}
    if more.outcome is not Outcome.PASS:
        assert rank[fold([*found, more])[0]] <= rank[fold(found)[0]]


@given(st.permutations(PASSES), st.sampled_from([f for f in FINDINGS if f.check in DEFAULT.required]))
def test_unknown_and_skipped_never_lead_to_valid(passes: list[Finding], more: Finding) -> None:
    if more.outcome in BAD:
        assert fold([*passes, more])[0] is not Authentic.VALID


@given(findings)
def test_active_only_if_valid_and_everything_needed_passed(found: list[Finding]) -> None:
    authentic, usable = fold(found)
    if usable is Usable.ACTIVE:
        assert authentic is Authentic.VALID
        assert not any(one.usable for one in found)
        assert all(any(one.check == check and one.outcome is Outcome.PASS for one in found) for check in USABLE)


@given(findings)
def test_invalid_gives_unknown_and_else_the_first_that_applies(found: list[Finding]) -> None:
    authentic, usable = fold(found)
    implied = {one.usable for one in found if one.usable}
    if authentic is Authentic.INVALID:
        assert usable is Usable.UNKNOWN
    elif implied:
        assert usable is next(state for state in Usable if state in implied)


def test_the_order_of_usable_is_the_designs() -> None:
    order = "REVOKED SURRENDERED ON_PAPER SUPERSEDED SUSPENDED EXPIRED NOT_RECOGNISED PENDING UNKNOWN ACTIVE"
    assert [state.value for state in Usable] == order.split()


def test_every_open_question_of_a_needed_check_has_a_state_in_the_catalogue() -> None:
    for finding in FINDINGS:
        if finding.check in USABLE and finding.outcome in BAD:
            assert finding.usable, finding.code
