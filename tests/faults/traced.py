"""A function in a process of its own, whose system calls on chosen files strace counts, or makes fail."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

CALLS = ("pwrite64", "write", "fsync", "fdatasync", "rename", "ftruncate", "unlink")
_PATIENCE = 60.0


def require_strace() -> None:
    """Skip where strace is missing or may not attach; in CI fail."""
    strace = shutil.which("strace")
    if strace is None or os.geteuid() != 0:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs strace, and to be root to attach it")


def traced(work: Callable[[], None], log: Path, files: Sequence[Path], inject: str = "") -> int:
    """Fork, do `work` there under strace, and return how the process ended (negative: by that signal).

    log: where the calls on `files` are written. inject: an expression of `strace -e inject`, for these calls only.
    """
    child = os.fork()
    if child == 0:
        _stand_still_then(work)
    os.waitpid(child, os.WUNTRACED)
    only = [argument for file in files for argument in ("-P", str(file))]
    fault = ["-e", f"inject={inject}"] if inject else []
    command = ["strace", "-qq", "-o", str(log), "-p", str(child), *only, "-e", f"trace={','.join(CALLS)}", *fault]
    strace = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _await_tracer(child)
        os.kill(child, signal.SIGCONT)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    finally:
        strace.wait(_PATIENCE)


def counted(log: Path) -> Counter[str]:
    """Return how often each call is in the log."""
    return Counter(re.findall(r"^(\w+)\(", log.read_text(errors="replace"), re.MULTILINE))


def _stand_still_then(work: Callable[[], None]) -> None:
    code = 1
    try:
        os.kill(os.getpid(), signal.SIGSTOP)
        work()
        code = 0
    finally:
        os._exit(code)  # none of the parent's business: no handler, no buffer, no test is ended here


def _await_tracer(process: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while "TracerPid:\t0\n" in Path(f"/proc/{process}/status").read_text():
        assert time.monotonic() < deadline, "strace did not attach"
        time.sleep(0.005)
