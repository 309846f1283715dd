"""Failpoints go off where they are armed, once, and nowhere else; the page that lists them is the code's."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import failpoint
from ledger.failpoint_names import POINTS

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    failpoint.arm({})


def test_nothing_is_armed_without_the_variable() -> None:
    failpoint.arm({})
    for name in POINTS:
        failpoint.reached(name)


def test_an_armed_one_raises_at_its_time_and_once() -> None:
    failpoint.arm({failpoint.VARIABLE: "store.put.after=raise@2,sign.signed=raise"})
    failpoint.reached("store.put.after")
    failpoint.reached("store.put.before")
    with pytest.raises(failpoint.FailpointError, match=r"store\.put\.after"):
        failpoint.reached("store.put.after")
    failpoint.reached("store.put.after")
    with pytest.raises(failpoint.FailpointError):
        failpoint.reached("sign.signed")


@pytest.mark.parametrize("stated", ["store.put.nowhere=raise", "store.put.after=explode"])
def test_what_there_is_not_cannot_be_armed(stated: str) -> None:
    with pytest.raises(KeyError):
        failpoint.arm({failpoint.VARIABLE: stated})


def test_kill_ends_the_process_as_kill_9_does() -> None:
    program = "from ledger.failpoint import reached; reached('store.put.after'); print('alive')"
    environment = os.environ | {failpoint.VARIABLE: "store.put.after=kill"}
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, b"")


def test_each_stands_in_one_place_and_the_page_lists_it() -> None:
    command = [sys.executable, "scripts/failpoints", "--check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert len(POINTS) >= 22
