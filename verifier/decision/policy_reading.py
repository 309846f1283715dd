"""Reading a policy file (TOML), strictly: whatever is not understood is an error, never passed over."""

import hashlib
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from ledger.errors import Invalid
from ledger.kinds.problem import Problem
from verifier.consignment.tolerance import Tolerance
from verifier.decision.condition import OPERATORS, Condition, Operator
from verifier.decision.inspection import Inspection
from verifier.decision.policy import DecisionPolicy, Rule
from verifier.decision.policy_table import PolicyTable
from verifier.decision.vocabulary import VOCABULARY, Type

MAX_BYTES: Final = 64 * 1024
_FORMAT, _MOST_RULES, _MOST_CONDITIONS, _MOST_PROBLEMS = 1, 100, 50, 50
_LANGUAGES = ("zh", "en")
_OPERATOR_KEYS = tuple(Operator)


class PolicyInvalid(Invalid):
    """`decision-policy.form`. problems: each with its JSON pointer into the file, and a sentence with the key."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        first = problems[0]
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        mend = "correct the keys named; docs/decisions.md lists what a policy file may hold"
        super().__init__("decision-policy.form", f"{file}: {first.detail}{more}", mend=mend, pointer=first.pointer)
        self.problems = problems[:_MOST_PROBLEMS]


def read_policy(data: bytes, file: str = "the policy") -> DecisionPolicy:
    """Return the policy in a file. `file`: its name, for the errors.

    Raises Invalid `decision-policy.too-large`, `decision-policy.toml`, PolicyInvalid `decision-policy.form`.
    """
    problems: list[Problem] = []
    policy = _policy(PolicyTable(_toml(data, file), "", problems), hashlib.sha256(data).digest())
    if problems:
        raise PolicyInvalid(file, problems)
    return policy


@cache
def default_policy() -> DecisionPolicy:
    """Return Portseal's own rules."""
    path = Path(__file__).parent / "portseal.toml"
    return read_policy(path.read_bytes(), path.name)


def _toml(data: bytes, file: str) -> dict[str, Any]:
    if len(data) > MAX_BYTES:
        raise Invalid("decision-policy.too-large", f"{file} has over {MAX_BYTES} bytes", mend="write fewer rules")
    try:
        return tomllib.loads(data.decode("utf-8"), parse_float=Decimal)
    except UnicodeDecodeError:
        raise Invalid("decision-policy.toml", f"{file} is not UTF-8 text", mend="save it as UTF-8") from None
    except (ValueError, ArithmeticError, RecursionError) as error:
        # The library says where (line and column); what it says of nesting without end is of no use to anybody.
        where = str(error)[:200] if isinstance(error, tomllib.TOMLDecodeError) else "a value cannot be read"
        raise Invalid("decision-policy.toml", f"{file} is not TOML: {where}", mend="correct it there") from None


def _policy(table: PolicyTable, sha256: bytes) -> DecisionPolicy:
    if table.count("format", 0, 1_000) != _FORMAT:
        table.wrong("format", f"this version of Portseal reads format {_FORMAT}; write format = {_FORMAT}")
    tables = table.tables("rule", _MOST_RULES)
    policy = DecisionPolicy(
        name=table.text("name", 60),
        version=table.text("version", 60),
        sha256=sha256,
        undecided=Inspection(table.choice("undecided", Inspection, Inspection.DOCUMENT_CHECK)),
        tolerance=_tolerance(table.table("tolerance")),
        rules=tuple(_rule(one) for one in tables),
    )
    _check_together(table, tables, policy.rules)
    table.end(("format", "name", "version", "undecided", "tolerance", "rule"))
    return policy


def _check_together(table: PolicyTable, tables: list[PolicyTable], rules: tuple[Rule, ...]) -> None:
    asked = ["when" in one.keys for one in tables]
    if not asked or asked[-1]:
        table.wrong("rule", "the last rule must have no `when`, so that something always decides; add one")
    for place, rule in enumerate(rules):
        if not asked[place] and place < len(rules) - 1:
            tables[place].wrong("", "it has no `when`, so no rule after it is ever tried; move it to the end")
        if rule.name and rule.name in [one.name for one in rules[:place]]:
            tables[place].wrong("name", "another rule has this name; choose a new one")


def _tolerance(table: PolicyTable) -> Tolerance:
    usual = Tolerance()
    found = Tolerance(
        weight_percent=table.number("weight_percent", 0, 100, int(usual.weight_percent)),
        weight_kilograms=table.number("weight_kilograms", 0, 1_000_000, int(usual.weight_kilograms)),
        days=table.count("days", 0, 3_660, usual.days),
    )
    table.end(("weight_percent", "weight_kilograms", "days"))
    return found


def _rule(table: PolicyTable) -> Rule:
    name, inspection = table.text("name", 60), Inspection(table.choice("inspection", Inspection))
    percent, drawn = Decimal(0), Inspection.PHYSICAL
    if inspection is Inspection.SAMPLING:
        percent = table.number("percent", 0, 100)
        deeper = (Inspection.DOCUMENT_CHECK, Inspection.PHYSICAL)
        drawn = Inspection(table.choice("drawn", deeper, Inspection.PHYSICAL))
    why = table.table("why")
    sentences = {language: why.text(language) for language in _LANGUAGES}
    why.end(_LANGUAGES)
    conditions = tuple(_condition(one) for one in table.tables("when", _MOST_CONDITIONS))
    sampling = ("percent", "drawn") if inspection is Inspection.SAMPLING else ()
    table.end(("name", "inspection", "why", "when", *sampling))
    return Rule(name, inspection, sentences, tuple(one for one in conditions if one), percent, drawn)


def _condition(table: PolicyTable) -> Condition | None:
    fact = table.text("fact", 60)
    term = VOCABULARY.get(fact)
    if term is None:
        if fact:
            table.wrong("fact", f"{fact!r} is no fact; use one of {', '.join(VOCABULARY)}")
        return None
    operators = [Operator(key) for key in table.keys if key in _OPERATOR_KEYS]
    if len(operators) != 1 or operators[0] not in OPERATORS[term.type]:
        usual = " or ".join(OPERATORS[term.type])
        table.wrong("", f"{fact} is {term.type.value}; compare it once, with {usual}")
        return None
    wanted = _wanted(table, fact, operators[0])
    table.end(("fact", *operators))
    return Condition(fact, operators[0], wanted)


def _wanted(table: PolicyTable, fact: str, operator: Operator) -> int | bool | frozenset[str]:
    term = VOCABULARY[fact]
    if term.type is Type.FLAG:
        return table.flag(operator)
    if term.type is Type.COUNT:
        return table.count(operator, 0, 1_000_000)
    words = table.words(operator)
    for word in words:
        if fault := term.fault(word):
            table.wrong(operator, fault)
    return frozenset(words)
