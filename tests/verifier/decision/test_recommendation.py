"""Which rule decides, and what becomes of rules that cannot be decided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.consignment.statement import STATEMENTS
from verifier.decision.condition import Condition, Operator
from verifier.decision.fact import Facts, Words
from verifier.decision.inspection import Inspection
from verifier.decision.policy import DecisionPolicy, Rule
from verifier.decision.policy_reading import default_policy
from verifier.decision.recommendation import recommend
from verifier.decision.sampling import IN_ALL

CLEAN: Facts = {
    "documents.signed": 3,
    "documents.stated": 2,
    "documents.valid": 3,
    "documents.invalid": 0,
    "documents.indeterminate": 0,
    "documents.unrecognised": 0,
    "documents.kinds": Words(frozenset({"bill-of-lading", "certificate-of-origin", "aeo-credential"})),
    "documents.use": Words(frozenset({"ACTIVE"})),
    "findings.fail": 0,
    "findings.warn": 0,
    "findings.unknown": 0,
    "findings.codes": Words(frozenset()),
    "operator.expected": True,
    "operator.party": True,
    "operator.tier": 3,
    "goods.chapters": Words(frozenset({"85"})),
    "goods.origins": Words(frozenset({"CN"})),
    "transport.loading": Words(frozenset({"CNNBO"})),
    "transport.discharge": Words(frozenset({"SGSIN"})),
}


@pytest.mark.parametrize(
    ("facts", "inspection", "rule"),
    [
        ({}, "none", "high-credit"),
        ({"operator.expected": None}, "sampling", "low-risk"),
        ({"operator.party": False}, "sampling", "low-risk"),
        ({"operator.expected": False, "findings.warn": 2}, "sampling", "low-risk"),
        ({"findings.warn": 1}, "sampling", "low-risk"),
        ({"findings.unknown": 1}, "document-check", "otherwise"),
        ({"documents.indeterminate": 1}, "document-check", "otherwise"),
        ({"documents.use": Words(frozenset({"ACTIVE", "EXPIRED"}))}, "document-check", "otherwise"),
        ({"documents.kinds": Words(frozenset({"aeo-credential"}))}, "document-check", "otherwise"),
        ({"findings.fail": 1}, "physical", "contradiction"),
        ({"documents.use": Words(frozenset({"ACTIVE", "REVOKED"}))}, "physical", "withdrawn"),
        ({"documents.invalid": 1, "findings.fail": 3}, "physical", "forged"),
    ],
)
def test_ours(facts: Facts, inspection: str, rule: str) -> None:
    found = recommend(default_policy(), {**CLEAN, **facts})
    assert (found.inspection, found.decided_by.name, found.raised_by) == (inspection, rule, None)


def rule(name: str, inspection: Inspection, *conditions: Condition) -> Rule:
    return Rule(name, inspection, {"zh": "。", "en": "."}, conditions)


TOBACCO = Condition("goods.chapters", Operator.ANY_OF, frozenset({"24"}))
ALWAYS = rule("always", Inspection.NONE)


@pytest.mark.parametrize(
    ("chapters", "inspection", "raised"),
    [
        (Words(frozenset({"24", "85"})), Inspection.PHYSICAL, False),
        (Words(frozenset({"24"}), complete=False), Inspection.PHYSICAL, False),
        (Words(frozenset({"85"})), Inspection.NONE, False),
        (Words(frozenset({"85"}), complete=False), Inspection.DOCUMENT_CHECK, True),
        (Words(frozenset(), complete=False), Inspection.DOCUMENT_CHECK, True),
    ],
)
def test_withholding_does_not_turn_a_strict_rule_off(chapters: Words, inspection: Inspection, raised: bool) -> None:
    policy = DecisionPolicy("t", "1", b"", (rule("tobacco", Inspection.PHYSICAL, TOBACCO), ALWAYS))
    found = recommend(policy, {**CLEAN, "goods.chapters": chapters})
    assert found.inspection is inspection
    assert (found.raised_by is not None) is raised


@given(st.lists(st.tuples(st.sampled_from(Inspection), st.sampled_from([True, False, None])), max_size=6))
def test_the_first_rule_that_holds_decides_and_nothing_undecided_makes_it_milder(
    tried: list[tuple[Inspection, bool | None]],
) -> None:
    """`operator.tier` stands for what is known, is not, or does not hold."""
    rules = [
        rule(
            str(place),
            inspection,
            Condition("operator.tier" if holds is None else "documents.valid", Operator.IS, 3 if holds else 4),
        )
        for place, (inspection, holds) in enumerate(tried)
    ]
    found = recommend(DecisionPolicy("t", "1", b"", (*rules, ALWAYS)), {**CLEAN, "operator.tier": None})
    first = next((place for place, (_, holds) in enumerate(tried) if holds), len(rules))
    assert found.decided_by is (*rules, ALWAYS)[first]
    undecided = [inspection.depth for inspection, holds in tried[:first] if holds is None]
    expected = max(
        [found.decided_by.inspection.depth, *(min(one, Inspection.DOCUMENT_CHECK.depth) for one in undecided)]
    )
    assert found.inspection.depth == expected
    assert len(found.tried) == len(rules) + 1


WORDS = st.frozensets(st.sampled_from(["24", "85", "90"]), max_size=3)


@given(WORDS, WORDS.filter(bool), WORDS, st.sampled_from(list(Operator)[3:]))
def test_what_is_said_of_incomplete_words_stays_true_whatever_comes_to_light(
    known: frozenset[str], wanted: frozenset[str], more: frozenset[str], operator: Operator
) -> None:
    condition = Condition("goods.chapters", operator, wanted)
    early = condition.holds({"goods.chapters": Words(known, complete=False)})
    late = condition.holds({"goods.chapters": Words(known | more)})
    assert late is not None
    assert early in (None, late) or not (known | more)


@pytest.mark.parametrize(
    ("operator", "wanted", "fact", "holds"),
    [
        (Operator.IS, 1, 1, True),
        (Operator.IS, 1, 2, False),
        (Operator.IS, True, True, True),
        (Operator.IS, False, True, False),
        (Operator.AT_LEAST, 2, 2, True),
        (Operator.AT_LEAST, 2, 1, False),
        (Operator.AT_MOST, 2, 2, True),
        (Operator.AT_MOST, 2, 3, False),
        *((operator, 1, None, None) for operator in Operator),
    ],
)
def test_numbers_and_flags(operator: Operator, wanted: int, fact: int | None, holds: bool | None) -> None:
    assert Condition("documents.valid", operator, wanted).holds({"documents.valid": fact}) is holds


def test_only_needs_something_to_be_there() -> None:
    condition = Condition("documents.use", Operator.ONLY, frozenset({"ACTIVE"}))
    assert condition.holds({"documents.use": Words(frozenset())}) is False


def test_a_fact_that_is_not_there_is_not_known() -> None:
    assert TOBACCO.holds({}) is None


@pytest.mark.parametrize(
    ("draw", "drawn"), [(None, None), (0, True), (49_999, True), (50_000, False), (IN_ALL - 1, False)]
)
def test_five_in_a_hundred_are_drawn(draw: int | None, drawn: bool | None) -> None:
    found = recommend(default_policy(), {**CLEAN, "operator.expected": False}, draw)
    assert (found.inspection, found.drawn) == ("sampling", drawn)


def test_nothing_is_drawn_where_no_sample_is_asked_for() -> None:
    assert recommend(default_policy(), CLEAN, 0).drawn is None


def test_sentences_name_what_is_wanted_in_both_languages() -> None:
    for rule in default_policy().rules:
        for condition in rule.conditions:
            sentence = condition.sentence()
            assert sentence["zh"] != sentence["en"]
    assert "24" in TOBACCO.sentence()["en"]
    assert set(STATEMENTS) >= {"customs-declaration", "commercial-invoice"}
