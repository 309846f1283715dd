"""The offline verifier in an environment of its own: a wheel of this tree, the small lock, and no network."""

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from api.cli import _SMALL
from tests.api.conftest import Api
from tests.api.test_evidence import CUT_OFF, Given
from tests.faults.plain_environment import plain_environment

pytestmark = [pytest.mark.slow, pytest.mark.node]

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements-verify.lock"
ABSENT = (
    "alembic",
    "eth",
    "eth_account",
    "eth_utils",
    "fastapi",
    "httpx",
    "rich",
    "rlp",
    "sqlalchemy",
    "typer",
    "web3",
)
NONE_OF = f"import importlib.util as u; print([one for one in {ABSENT!r} if u.find_spec(one)])"


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=plain_environment(), capture_output=True, text=True, timeout=250)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment with the small lock and a wheel of this tree, nothing else."""
    folder = tmp_path_factory.mktemp("small")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    built = run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT, cwd=folder)
    assert built.returncode == 0, built.stderr[-2000:]
    [wheel] = folder.glob("portseal-*.whl")
    venv.create(folder / "venv", with_pip=False)
    into = [*pip, "--python", folder / "venv" / "bin" / "python", "install"]
    installed = run(*into, "--require-hashes", "-r", LOCK, cwd=folder)
    if installed.returncode and "CI" not in os.environ:
        pytest.skip(f"the packages of {LOCK.name} cannot be had: {installed.stderr.strip()[-200:]}")
    assert installed.returncode == 0, installed.stderr[-2000:]
    # Without an index: what the wheel asks for must be there.
    done = run(*into, "--no-index", f"portseal[verify] @ {wheel.as_uri()}", cwd=folder)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / "venv" / "bin"


@pytest.fixture(scope="module")
def given(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Given:
    return Given(api, tmp_path_factory.mktemp("evidence"))


def cut_off() -> list[str]:
    if shutil.which("unshare") and subprocess.run([*CUT_OFF, "true"], capture_output=True).returncode == 0:
        return CUT_OFF
    pytest.skip("unshare is not permitted here: the network cannot be cut")


def test_nothing_heavy_is_there(small: Path, tmp_path: Path) -> None:
    found = run(small / "python", "-I", "-c", NONE_OF, cwd=tmp_path)
    assert found.stdout.strip() == "[]", found.stderr


def test_a_verdict_with_the_network_cut(small: Path, given: Given, tmp_path: Path) -> None:
    command = [*cut_off(), small / "portseal", "verify", "--offline", "--trust", given.trust]
    answer = run(*command, given.whole, "--json", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    verdict = json.loads(answer.stdout)
    assert (verdict["authentic"], verdict["usable"]) == ("VALID", "ACTIVE")
    bare = run(*command, given.bare, cwd=tmp_path)
    assert (bare.returncode, "INDETERMINATE" in bare.stdout) == (2, True)


@pytest.mark.parametrize("arguments", [["verify", "00" * 32], ["serve"], ["trust", "-o", "t"], ["--help"], []])
def test_what_is_not_installed_says_what_to_install(small: Path, tmp_path: Path, arguments: list[str]) -> None:
    answer = run(small / "portseal", *arguments, cwd=tmp_path)
    assert answer.returncode == 2
    assert _SMALL in answer.stderr
    assert "portseal[server]" in answer.stderr
    assert "Traceback" not in answer.stderr
