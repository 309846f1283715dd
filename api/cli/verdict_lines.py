"""What `portseal verify` says of a verdict, and how it ends: from a node's answer and offline alike."""

from collections.abc import Iterator, Mapping
from typing import Any

STYLES = {"pass": "green", "fail": "bold red", "warn": "yellow", "unknown": "magenta", "skipped": "dim"}


def exit_code(verdict: Mapping[str, Any]) -> int:
    """Return 0 authentic and usable, 1 invalid, 2 indeterminate or usable unknown, 3 authentic but not usable."""
    if verdict["authentic"] == "INVALID":
        return 1
    if verdict["authentic"] == "INDETERMINATE" or verdict["usable"] == "UNKNOWN":
        return 2
    return 0 if verdict["usable"] == "ACTIVE" else 3


def lines(verdict: Mapping[str, Any], language: str) -> Iterator[tuple[str, str | None]]:
    """Yield lines with their style: the two axes, what *final* rests on, what speaks for and against it, what to do."""
    yield f"authentic  {verdict['authentic']}", "bold"
    yield f"usable     {verdict['usable']}", "bold"
    if final := verdict["finality"]:
        signed = f"{len(final['signers'])}/{final['of']}: {', '.join(final['signers'])}"
        yield f"final by   {final['form']}, {signed}", None
    for name, value in verdict.get("gate", {}).get("fields", {}).items():
        yield f"  {name:<20} {', '.join(value) if isinstance(value, list) else value}", None
    for finding in verdict["findings"]:
        text = finding["text"][language]
        yield f"  {finding['outcome']:<8} {finding['code']:<32} {text}", STYLES.get(finding["outcome"])
    remedies = dict.fromkeys(
        finding["remedy"][language]
        for finding in verdict["findings"]
        if finding["outcome"] in {"fail", "unknown"} and finding["remedy"][language]
    )
    for remedy in remedies:
        yield f"{'怎么办' if language == 'zh' else 'What to do'}: {remedy}", None
