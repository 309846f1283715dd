"""The plugin of tests/tables.py, in a pytest of its own, with and without workers."""

from pathlib import Path

import pytest

from tests.tables import NARROWEST, lines

pytest_plugins = ["pytester"]

TESTS = """
import pytest

@pytest.mark.parametrize("number", range(3))
def test_rows(table, tally, number):
    tally("Counts", f"row {number % 2}", "even", number=5)
    tally("Counts", "row 0", "odd")
    table("Things", name=f"thing {number}", found_out="a word " * 30 if number == 1 else "nothing")
    assert number != 2
"""


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")])
def test_rows_of_passing_and_failing_tests_stand_in_the_summary(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    root = Path(__file__).parents[1]
    pytester.syspathinsert(root)
    pytester.makeconftest('pytest_plugins = ["tests.tables"]')
    pytester.makepyfile(TESTS)
    said = pytester.runpytest_subprocess("-p", "no:cacheprovider", *workers).stdout.str()
    assert said.count("- Things -") == 1
    assert "name     found out" in said
    assert sum(line.startswith("thing ") for line in said.splitlines()) == 3
    cells = [line.split() for line in said.splitlines() if line.startswith(("row ", "all "))]
    assert cells == [["row", "0", "10", "3", "13"], ["row", "1", "5", "5"], ["all", "15", "3", "18"]]


def test_the_last_column_is_wrapped_and_cells_may_be_missing() -> None:
    printed = lines([{"a": "1", "b": "one two " * 30}, {"b": "three"}], 45)
    assert printed[0] == "a  b"
    assert printed[1].startswith("1  one two")
    assert all(line.startswith("   ") and len(line) <= 3 + NARROWEST for line in printed[2:])
