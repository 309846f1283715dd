"""What slither found (scripts/slither compares) is explained: each kind in docs/contracts.md, and how many they are."""

import re

from tests.contracts.node_tools import ROOT


def test_each_kind_of_finding_is_explained() -> None:
    found = (ROOT / "contracts" / "slither.txt").read_text().splitlines()
    _, _, section = (ROOT / "docs" / "contracts.md").read_text().partition("\n## Slither\n")
    explained = {
        name for row in re.findall(r"^\| (.+?) \|", section, re.MULTILINE) for name in re.findall("[a-z-]+", row)
    }
    assert {line.split()[0] for line in found} <= explained
    assert f"({len(found)} places)" in section
