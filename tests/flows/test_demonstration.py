"""`python -m api.demonstration` as a newcomer runs it, and as somebody who is careless with its folder."""

import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.demonstration.samples import sample
from ledger.embedded.lock import DirectoryLock
from tests.faults.plain_environment import plain_environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
EX_USAGE = 64

VERDICTS = {
    "bill of lading": ("VALID", "ACTIVE"),
    "certificate of origin": ("VALID", "ACTIVE"),
    "AEO credential": ("VALID", "ACTIVE"),
    "AEO credential, relied on by Singapore": ("VALID", "ACTIVE"),
    "bill, parties and charges withheld": ("VALID", "ACTIVE"),
    "bill, weight changed": ("INVALID", "UNKNOWN"),
    "bill, kind and dates changed": ("INVALID", "UNKNOWN"),
    "certificate by a carrier": ("INVALID", "UNKNOWN"),
    "bill, revoked by its issuer": ("VALID", "REVOKED"),
    "bill, its digest only": ("INDETERMINATE", "UNKNOWN"),
    "a digest that nobody registered": ("INDETERMINATE", "PENDING"),
}


@dataclass(frozen=True)
class Run:
    """One run: its folder, exit code, and all that it printed."""

    home: Path
    code: int
    output: str


def environment() -> dict[str, str]:
    """What a newcomer's shell has; wide enough that the table is not folded."""
    return plain_environment() | {"COLUMNS": "240"}


def run(module: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300
    )


def demonstrate(home: Path) -> Run:
    ended = run("api.demonstration", str(home))
    return Run(home, ended.returncode, ended.stdout)


@contextmanager
def demonstrating(home: Path, until: Callable[[str], bool]) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a demonstration in a process group of its own, and go on once what it printed is as `until` says."""
    printed = home.with_suffix(".txt")
    command = [sys.executable, "-m", "api.demonstration", str(home)]
    with printed.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # A shell starts what it puts in the background with SIGINT ignored, and these tests with it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    try:
        while not until(printed.read_text(errors="replace")):  # half a character may be there
            assert process.poll() is None, printed.read_text()
            time.sleep(0.02)
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return demonstrate(tmp_path_factory.mktemp("demonstration") / "demo")


def files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


def secrets(home: Path) -> set[str]:
    keys = {line.split()[1] for line in (home / "api-keys.txt").read_text().splitlines()}
    assert len(keys) == 13
    return keys | {(home / "passphrase").read_text().strip()}


def test_ends_well_and_says_where_to_look_next(first: Run) -> None:
    assert first.code == 0, first.output
    assert "Every verdict is right." in first.output
    assert "README.md" in first.output
    assert "Traceback" not in first.output
    steps = [float(seconds) for seconds in re.findall(r"^\[ *([\d.]+) s\]", first.output, re.MULTILINE)]
    assert len(steps) == 7
    assert steps == sorted(steps)


def test_every_verdict_is_in_the_table(first: Run) -> None:
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in first.output.splitlines() if "│" in line]
    verdicts = [row for row in rows if row[0]]
    assert {row[0]: (row[1], row[2]) for row in verdicts} == VERDICTS
    assert all(row[3] for row in verdicts)


def test_names_only_pages_that_are_there(first: Run) -> None:
    named = set(re.findall(r"\b(?:docs/)?[A-Za-z-]+\.md\b", first.output))
    assert len(named) >= 3
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_prints_no_secret_and_keeps_them_from_other_users(first: Run) -> None:
    log = (first.home / "node.log").read_text()
    for secret in secrets(first.home):
        assert secret not in first.output + log
    assert "portseal_" not in first.output + log
    kept = [first.home / "passphrase", first.home / "api-keys.txt", *(first.home / "keys").rglob("*.j*")]
    kept += (first.home / "consortium").iterdir()
    assert len(kept) > 20
    for path in kept:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_nothing_of_a_document_lies_on_the_disk_in_plain(first: Run) -> None:
    shipper = sample("bill-of-lading")["documentParties"]["shipper"]["partyName"].encode()
    assert len(files(first.home)) > 20
    for path in files(first.home):
        assert shipper not in path.read_bytes(), path


def test_its_folder_can_be_used_again_even_half_made(first: Run) -> None:
    """A second run is killed while it founds the consortium; nothing starts from that; a third one is as the first."""
    chain = first.home / "chain" / "chain.sqlite"
    # Held open, or another file might get its number.
    with chain.open("rb") as old:
        before = os.fstat(old.fileno()).st_ino
        with demonstrating(first.home, lambda _: chain.exists() and chain.stat().st_ino != before) as process:
            os.killpg(process.pid, signal.SIGKILL)
    assert not (first.home / "network.json").exists()
    for options in ([], ["--demonstration"]):
        refused = run("api.cli", "serve", "--home", str(first.home), "--port", "0", *options)
        assert refused.returncode == 1, refused.stdout
        assert "home.unfinished" in refused.stdout
        assert "its setup was cut short" in refused.stdout
        assert "remove the folder and start again" in refused.stdout
        assert "Traceback" not in refused.stdout
    again = demonstrate(first.home)
    assert (again.code, again.output.count("VALID")) == (0, first.output.count("VALID")), again.output


def test_a_folder_that_it_did_not_make_is_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "work" / "thesis.txt"
    precious.parent.mkdir()
    precious.write_text("years")
    for home in (precious.parent, precious):
        refused = demonstrate(home)
        assert refused.code == EX_USAGE
        assert "name another folder" in refused.output
    served = run("api.cli", "serve", "--demonstration", "--home", str(precious.parent), "--port", "0")
    assert served.returncode == 1
    assert "home.not-empty" in served.stdout
    assert [path.name for path in tmp_path.rglob("*")] == ["work", "thesis.txt"]
    assert precious.read_text() == "years"


def test_the_folder_of_a_running_node_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demonstration").touch()
    (tmp_path / "chain").mkdir()
    running = DirectoryLock(tmp_path / "chain")
    refused = demonstrate(tmp_path)
    running.release()
    assert refused.code == 1
    assert "embedded.locked" in refused.output
    assert "stop that process" in refused.output
    assert (tmp_path / "chain" / "lock").exists()


def test_stopped_by_hand_it_leaves_no_node_behind(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    with demonstrating(home, lambda printed: "Signing and registering" in printed) as process:
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 130
    DirectoryLock(home / "chain").release()
    assert "Traceback" not in home.with_suffix(".txt").read_text()
