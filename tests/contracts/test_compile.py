"""scripts/compile gives the committed artifacts byte for byte, and says so when it does not."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.node_tools import ROOT, tool

pytestmark = [pytest.mark.forge, pytest.mark.slow]


def check(root: Path) -> subprocess.CompletedProcess[str]:
    tool("solcjs")
    command = [sys.executable, str(root / "scripts" / "compile"), "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of what scripts/compile reads."""
    shutil.copytree(ROOT / "contracts" / "src", tmp_path / "contracts" / "src")
    shutil.copytree(ROOT / "contracts" / "artifacts", tmp_path / "contracts" / "artifacts")
    (tmp_path / "scripts").mkdir()
    for name in ("compile", "solc"):
        shutil.copy(ROOT / "scripts" / name, tmp_path / "scripts" / name)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def test_the_committed_artifacts_are_reproduced() -> None:
    run = check(ROOT)
    assert run.returncode == 0, run.stderr


def test_from_another_folder_and_with_other_comments_the_code_is_the_same(copied: Path) -> None:
    source = copied / "contracts" / "src" / "DocumentRegistry.sol"
    source.write_text(source.read_text() + "// another comment\n")
    run = check(copied)
    assert run.returncode == 1
    assert run.stderr.splitlines()[0] == "DocumentRegistry.json: differs in compiler"


def test_a_changed_artifact_is_named_with_what_differs(copied: Path) -> None:
    file = copied / "contracts" / "artifacts" / "IssuerRegistry.json"
    members = json.loads(file.read_text())
    members["bytecode"] = members["bytecode"][:-2] + "00"
    file.write_text(json.dumps(members))
    run = check(copied)
    assert run.returncode == 1
    assert run.stderr.splitlines()[0] == "IssuerRegistry.json: differs in bytecode"


def test_an_artifact_of_no_source_is_named(copied: Path) -> None:
    (copied / "contracts" / "artifacts" / "Old.json").write_text("{}")
    run = check(copied)
    assert run.returncode == 1
    assert "Old.json: not made by any source" in run.stderr


def test_a_source_that_does_not_compile_ends_with_the_compilers_words(copied: Path) -> None:
    source = copied / "contracts" / "src" / "ChangeLog.sol"
    source.write_text(source.read_text().replace("log.count = index + 1;", "log.count = index + one;"))
    run = check(copied)
    assert run.returncode == 1
    assert "Undeclared identifier" in run.stderr
    assert "Traceback" not in run.stderr
