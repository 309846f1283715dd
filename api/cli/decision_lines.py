"""What `portseal decide` says of a decision."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.cli.verdict_lines import STYLES

_STATES = {
    "holds": ("成立", "holds"),
    "does-not-hold": ("不成立", "does not hold"),
    "undecided": ("无法判断", "undecided"),
}
_BETWEEN, _RULES = ("单证之间", "Between the documents"), ("规则", "Rules")
_DRAWN = {
    True: ("已抽中", "drawn"),
    False: ("未抽中", "not drawn"),
    None: ("是否抽中仅告知海关", "told to customs only"),
}
Line = tuple[str, str | None]


def lines(answer: Mapping[str, Any], names: Sequence[str], documents: Sequence[Any], language: str) -> Iterator[Line]:
    """Yield lines with their style. names: of the files; documents: the statements among them, to show their values."""
    place = 0 if language == "zh" else 1
    found = answer["recommendation"]
    yield found["text"][language], "bold"
    yield f"  {found['decided_by']['rule']}: {found['decided_by']['why'][language]}", None
    if raised := found["raised_by"]:
        yield f"  {raised['rule']} ({_STATES['undecided'][place]}): {raised['why'][language]}", "yellow"
    yield from _sampling(answer["sampling"], place)
    for one in answer["documents"]:
        yield from _document(one, names, language)
    yield _BETWEEN[place], "bold"
    for finding in answer["findings"]:
        yield from _finding(finding, names, documents, language)
    yield f"{_RULES[place]}: {answer['policy']['name']} {answer['policy']['version']}", "bold"
    for rule in found["rules"]:
        yield from _rule(rule, language, place)


def _sampling(sampling: Mapping[str, Any] | None, place: int) -> Iterator[Line]:
    if sampling is not None:
        yield f"  {sampling['percent']} %: {_DRAWN[sampling['drawn']][place]}", None


def _document(one: Mapping[str, Any], names: Sequence[str], language: str) -> Iterator[Line]:
    verdict = one["verdict"]
    state = f"{verdict['authentic']} {verdict['usable']}" if verdict else one["text"][language]
    yield f"{names[one['document']]}  {one['kind'] or '?'}  {state}", None


def _finding(
    finding: Mapping[str, Any], names: Sequence[str], documents: Sequence[Any], language: str
) -> Iterator[Line]:
    text = f"  {finding['outcome']:<8} {finding['code']:<24} {finding['text'][language]}"
    yield text, STYLES.get(finding["outcome"])
    if finding["outcome"] in ("pass", "skipped"):
        return
    for place in finding["between"]:
        shown = _value(documents[place["document"]], place["pointer"])
        yield f"           {names[place['document']]}#{place['pointer']}  ({place['nature']}){shown}", None
    if remedy := finding["remedy"][language]:
        yield f"           {remedy}", None


def _value(document: Any, pointer: str) -> str:
    """A statement's own value, where it is short; an envelope's is in its presenter's hands."""
    for step in pointer.split("/")[1:]:
        if isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        else:
            document = document.get(step) if isinstance(document, dict) else None
    return f" {document}" if isinstance(document, str | int | float) else ""


def _rule(rule: Mapping[str, Any], language: str, place: int) -> Iterator[Line]:
    yield f"  {rule['rule']} ({rule['inspection']}): {_STATES[rule['state']][place]}", None
    for condition in rule["conditions"]:
        if condition["state"] != "holds":
            yield f"    - {condition['text'][language]}: {_STATES[condition['state']][place]}", "dim"
