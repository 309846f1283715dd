"""The Solidity tests: fuzz, and invariants over random histories."""

import re
import subprocess

import pytest

from tests.contracts.node_tools import ROOT, tool


@pytest.mark.forge
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_forge_tests_pass() -> None:
    run = subprocess.run([tool("forge"), "test", "--root", ROOT], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert re.search(r"^Ran \d+ test suites .*: \d+ tests passed, 0 failed, 0 skipped", run.stdout, re.MULTILINE)
