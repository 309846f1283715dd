"""The catalogue as a page of the documentation."""

from verifier.catalogue import CATALOGUE, CatalogueEntry

PATH = "docs/findings.md"

_HEAD = """# Findings

Written by `python -m verifier.catalogue`; do not edit. A code never changes its meaning. What the outcomes do to a
verdict: [verdict.md](verdict.md). *usable* is what a finding implies for use, if anything. From `opened` on they
are found between the documents of one consignment, and change no verdict ([decisions.md](decisions.md)).

"""
_TABLE = """| code | outcomes | usable | meaning | what to do |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the page in Markdown: one table for each check."""
    checks = dict.fromkeys(code.partition(".")[0] for code in CATALOGUE)
    return _HEAD + "\n".join(_section(check) for check in checks)


def _section(check: str) -> str:
    rows = [_row(code, entry) for code, entry in CATALOGUE.items() if code.startswith(f"{check}.")]
    return f"## {check}\n\n{_TABLE}{''.join(rows)}"


def _row(code: str, entry: CatalogueEntry) -> str:
    outcomes = ", ".join(entry.outcomes)
    remedy = f"{entry.remedy_en}<br>{entry.remedy_zh}" if entry.remedy_en else ""
    return f"| `{code}` | {outcomes} | {entry.usable or ''} | {entry.en}<br>{entry.zh} | {remedy} |\n"
