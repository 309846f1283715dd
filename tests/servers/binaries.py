"""Where the servers' programs are: geth and Kubo built by scripts/servers, anvil from npm, postgres from Debian."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Literal, NoReturn

import pytest

ROOT = Path(__file__).parents[2]

Name = Literal["geth", "kubo", "anvil", "postgres"]
_OLDEST_POSTGRESQL = 15


def find(name: Name) -> Path:
    """Return the program, built first if need be (minutes, once). Skips where it cannot be had; in CI fails."""
    path, why = _found(name)
    if path is None:
        _missing(f"needs {name}: {why}")
    return path


@cache
def _found(name: Name) -> tuple[Path | None, str]:
    if not sys.platform.startswith("linux"):
        return None, "the tests run real servers on Linux only"
    if name == "postgres":
        return _postgres()
    return _anvil() if name == "anvil" else _built(name)


def _postgres() -> tuple[Path | None, str]:
    found = {int(path.parts[-3]): path for path in Path("/usr/lib/postgresql").glob("[1-9]*/bin/postgres")}
    newest = max(found, default=0)
    if newest >= _OLDEST_POSTGRESQL:
        return found[newest], ""
    return None, f"install PostgreSQL {_OLDEST_POSTGRESQL} or later (Debian: `apt-get install postgresql`)"


def _anvil() -> tuple[Path | None, str]:
    for found in sorted((ROOT / "node_modules/@foundry-rs").glob("anvil-*/bin/anvil")):
        return found, ""
    on_path = shutil.which("anvil")
    return (Path(on_path), "") if on_path else (None, "run `npm ci` (Node 20), or put anvil 1.7.1 on PATH")


def _built(name: Name) -> tuple[Path | None, str]:
    script = [ROOT / "scripts/servers", name]
    done = subprocess.run(script, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    for line in done.stdout.splitlines():
        label, _, path = line.partition(" ")
        if label == name:
            return Path(path), ""
    said = done.stderr.strip().splitlines() or [f"scripts/servers {name} ended with {done.returncode}"]
    return None, said[-1].removeprefix(f"SKIP what needs {name}: ")


def _missing(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)
