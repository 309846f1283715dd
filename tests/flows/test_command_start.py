"""What a command loads before it does anything: a verifier should not wait for a virtual machine it never uses."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.plain_environment import plain_environment

ROOT = Path(__file__).parents[2]
HEAVY = {"alembic", "eth", "fastapi", "sqlalchemy", "uvicorn", "web3"}
LOADED = (
    "import sys; from api.cli import run; code = run(sys.argv[1:]); print('\\nloaded', *sys.modules); sys.exit(code)"
)


def run(*arguments: str) -> tuple[int, set[str]]:
    """Run a command in a fresh process; return its exit code and the top-level modules that it loaded."""
    ended = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        cwd=ROOT,
        env=plain_environment() | {"PORTSEAL_PASSPHRASE": "correct horse"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    names = ended.stdout.rpartition("\nloaded ")[2].split()
    return ended.returncode, {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["verify", "00" * 32, "--node", "http://127.0.0.1:9"], 2),
        (["status", "00" * 32, "--node", "http://127.0.0.1:9"], 2),
        (["keys", "new", "--out", "{folder}/key.jwe"], 0),
    ],
)
def test_a_command_loads_only_what_it_needs(tmp_path: Path, arguments: list[str], code: int) -> None:
    ended, loaded = run(*(argument.format(folder=tmp_path) for argument in arguments))
    assert ended == code
    assert "typer" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize(("arguments", "collects"), [(["verify", "--offline", "--help"], False), (["--help"], True)])
def test_only_what_ends_at_once_collects_no_garbage(arguments: list[str], collects: bool) -> None:
    told = (
        "import atexit, gc; atexit.register(lambda: print('\\ncollects', gc.isenabled(), gc.get_freeze_count() == 0))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", f"{told}\nfrom api.cli import main; main()", *arguments],
        cwd=ROOT,
        env=plain_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.stdout.splitlines()[-1] == f"collects {collects} {collects}"


@pytest.mark.slow
def test_the_node_loads_it_all(tmp_path: Path) -> None:
    ended, loaded = run("serve", "--home", str(tmp_path / "nothing-here"))
    assert ended == 1
    assert loaded >= HEAVY


def bash(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=plain_environment(), capture_output=True, text=True, timeout=120
    )


def test_a_reader_that_goes_away_is_no_fault() -> None:
    command = f"{sys.executable} -m api.cli --help | true; echo ${{PIPESTATUS[0]}}"
    ended = bash(f"for _ in 1 2 3; do {command}; done")
    assert "Traceback" not in ended.stderr
    assert "BrokenPipe" not in ended.stderr
    assert set(ended.stdout.split()) <= {"0", "1", "141"}  # click itself says 1


@pytest.mark.parametrize("written", ["line('x')", "as_json({'x': 1})"])
def test_a_verdict_that_nobody_reads_on_is_not_said_to_be_invalid(written: str) -> None:
    """Exit code 1 is a verdict; `portseal verify FILE | head` must not end with it."""
    # With nothing else to be told of, a pipe tells when its reader has gone.
    gone = "import select; pipe = select.poll(); pipe.register(1, 0); pipe.poll(60_000)"
    program = f"{gone}; from api.cli import output; [output.{written} for _ in range(9)]"
    ended = bash(f'{sys.executable} -c "{program}" | true; echo ${{PIPESTATUS[0]}}')
    assert (ended.stdout.split(), ended.stderr) == (["141"], "")
