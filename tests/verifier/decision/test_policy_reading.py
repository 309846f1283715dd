"""Policy files: ours is right, and whatever is wrong in one is named with its place and what to do."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Invalid
from verifier.decision import policy_reading
from verifier.decision.inspection import Inspection
from verifier.decision.policy_reading import MAX_BYTES, PolicyInvalid, default_policy, read_policy
from verifier.decision.vocabulary import VOCABULARY

OURS = (Path(policy_reading.__file__).parent / "portseal.toml").read_text(encoding="utf-8")
LAST = '[[rule]]\nname = "otherwise"\ninspection = "document-check"\nwhy.en = "Else."\nwhy.zh = "其他。"\n'
HEAD = 'format = 1\nname = "test"\nversion = "1"\n'


def with_rule(when: str, inspection: str = '"physical"') -> bytes:
    rule = f'[[rule]]\nname = "first"\ninspection = {inspection}\nwhen = [{when}]\nwhy.en = "Yes."\nwhy.zh = "是。"\n'
    return f"{HEAD}{rule}{LAST}".encode()


def problems(data: bytes | str) -> list[str]:
    with pytest.raises(PolicyInvalid) as raised:
        read_policy(data.encode() if isinstance(data, str) else data, "x.toml")
    assert raised.value.detail.startswith("x.toml: ")
    assert raised.value.mend
    return [problem.detail for problem in raised.value.problems]


def test_ours_is_read_and_asks_for_what_the_issue_says() -> None:
    policy = default_policy()
    by_name = {rule.name: rule for rule in policy.rules}
    assert by_name["high-credit"].inspection is Inspection.NONE
    assert by_name["low-risk"].inspection is Inspection.SAMPLING
    assert by_name["low-risk"].percent <= 5
    assert by_name["otherwise"].conditions == ()
    for rule in policy.rules:
        assert re.search(r"[\u4e00-\u9fff]", rule.why["zh"])
        assert rule.why["en"].endswith(".")


def test_the_hash_is_of_the_bytes() -> None:
    assert read_policy(OURS.encode()).sha256 == default_policy().sha256
    assert read_policy(OURS.encode() + b"# changed\n").sha256 != default_policy().sha256


@pytest.mark.parametrize(
    ("wrong", "right", "place", "says"),
    [
        ("format = 2", "format = 1", "format", "format 1"),
        ("", 'name = "portseal"\n', "name", "missing"),
        ("version = 1", 'version = "1"', "version", "text"),
        ('undecided = "phisical"', 'undecided = "document-check"', "undecided", "none, sampling"),
        ("weight_percent = 101", "weight_percent = 1 ", "tolerance.weight_percent", "from 0 to 100"),
        ("weight_percent = nan", "weight_percent = 1 ", "tolerance.weight_percent", "from 0 to 100"),
        ("weigth_percent = 1", "weight_percent = 1 ", "tolerance.weigth_percent", "did you mean weight_percent"),
        ("days = 1.5", "days = 3", "tolerance.days", "whole number"),
        ("days = true", "days = 3", "tolerance.days", "from 0 to"),
        ('inspection = "search"', 'inspection = "none"', "rule[4].inspection", "physical"),
        ("percent = 101", "percent = 5", "rule[5].percent", "from 0 to 100"),
        ('drawn = "none"', 'drawn = "physical"', "rule[5].drawn", "document-check, physical"),
        ('name = "forged"', 'name = "withdrawn"', "rule[2].name", "another rule"),
        ('fact = "documents.invald"', 'fact = "documents.invalid"', "rule[1].when[1].fact", "no fact"),
        ("at_least = -1", "at_least = 1", "rule[1].when[1].at_least", "from 0"),
        ('at_least = "1"', "at_least = 1", "rule[1].when[1].at_least", "from 0"),
        ("any_of = [1]", "at_least = 1", "rule[1].when[1]", "is or at_least"),
        ("at_least = 1, at_most = 2", "at_least = 1", "rule[1].when[1]", "once"),
        ("at_least = 1, els = 2", "at_least = 1", "rule[1].when[1].els", "not a key"),
        ('any_of = ["REVOKD"]', 'any_of = ["REVOKED", "SUSPENDED"]', "rule[2].when[1].any_of", "never occurs"),
        ("any_of = []", 'any_of = ["REVOKED", "SUSPENDED"]', "rule[2].when[1].any_of", "list of words"),
        ("is = 1", "is = true", "rule[4].when[1].is", "true or false"),
        ('why.fr = "Oui."', 'why.zh = "有单证已被撤销或暂停。"', "rule[2].why.fr", "not a key"),
        ("whn = [", "when = [", "rule[1].whn", "did you mean when"),
    ],
)
def test_each_fault_is_named_with_its_key(wrong: str, right: str, place: str, says: str) -> None:
    assert right in OURS
    found = problems(OURS.replace(right, wrong, 1))
    assert any(one.startswith(f"{place}: ") and says in one for one in found), found


def test_every_problem_is_told_at_once() -> None:
    assert (
        len(problems(with_rule('{ fact = "a" }, { fact = "documents.use" }, { fact = "goods.chapters", is = 1 }'))) == 3
    )


@pytest.mark.parametrize(
    ("rules", "place", "says"),
    [
        ("", "rule: ", "no `when`"),
        (LAST + LAST, "rule[1]: ", "move it to the end"),
        ("rule = 1\n", "rule: ", "list"),
        (LAST.replace("[[rule]]", "[rule]"), "rule: ", "list"),
        ("rule = [1]\n", "rule[1]: ", "table"),
    ],
)
def test_something_always_decides(rules: str, place: str, says: str) -> None:
    found = problems(HEAD + rules)
    assert any(one.startswith(place) and says in one for one in found), found


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (b"\xff\xfe", "decision-policy.toml", "UTF-8"),
        (b"name = ", "decision-policy.toml", "end of document"),
        (b"a = 1\na = 2\n", "decision-policy.toml", "line 2"),
        (b"a = " + b"[" * 60_000, "decision-policy.toml", "TOML"),
        (b"a = " + b"9" * 20_000, "decision-policy.toml", "TOML"),
        (b"#" * (MAX_BYTES + 1), "decision-policy.too-large", "bytes"),
    ],
)
def test_what_is_no_toml_is_refused(data: bytes, code: str, says: str) -> None:
    with pytest.raises(Invalid) as raised:
        read_policy(data, "x.toml")
    assert raised.value.code == code
    assert says in raised.value.detail


@pytest.mark.parametrize(
    ("fact", "wrong", "right"),
    [
        ("goods.chapters", "8516", "85"),
        ("goods.origins", "China", "CN"),
        ("transport.loading", "NGB", "CNNBO"),
        ("documents.kinds", "invoice", "commercial-invoice"),
        ("findings.codes", "weight.diffrs", "weight.differs"),
    ],
)
def test_a_word_that_never_occurs_is_refused(fact: str, wrong: str, right: str) -> None:
    read_policy(with_rule(f'{{ fact = "{fact}", any_of = ["{right}"] }}'))
    assert "never occurs" in problems(with_rule(f'{{ fact = "{fact}", any_of = ["{wrong}"] }}'))[0]


def test_every_fact_speaks_both_languages() -> None:
    for term in VOCABULARY.values():
        assert re.search(r"[\u4e00-\u9fff]", term.zh)
        assert term.en


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: OURS[: len(text) * 7] + text).map(str.encode))
def test_whatever_stands_in_a_file_is_read_or_refused(data: bytes) -> None:
    try:
        code = read_policy(data).name and "read"
    except Invalid as error:
        code = error.code
    assert code == "read" or code.startswith("decision-policy.")
