"""Failpoints: named places beside each durable deed, where a test makes the process die or the call fail.

Only the environment variable PORTSEAL_FAILPOINT arms one: `NAME=kill` ends the process as `kill -9` does, `NAME=raise`
raises; `NAME=kill@3` waits for the third time. Each goes off once. `docs/failpoints.md` lists them.
"""

import os
import signal
import threading
from collections.abc import Callable, Mapping

from ledger.failpoint_names import POINTS

VARIABLE = "PORTSEAL_FAILPOINT"


class FailpointError(Exception):
    """What an armed failpoint raises: a fault that nobody foresaw."""


class _Armed:
    def __init__(self, name: str, deed: str) -> None:
        how, _, count = deed.partition("@")
        self._name = name
        self._left = int(count or 1)
        self._counting = threading.Lock()
        self._go_off: Callable[[], None] = {"kill": self._kill, "raise": self._raise}[how]

    def reached(self) -> None:
        with self._counting:
            self._left -= 1
            is_due = self._left == 0
        if is_due:
            self._go_off()

    def _kill(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def _raise(self) -> None:
        raise FailpointError(self._name)


_armed: dict[str, _Armed] = {}


def reached(name: str) -> None:
    """Say that the process is at the failpoint `name`; one that is not armed costs a look into an empty dictionary."""
    armed = _armed.get(name)
    if armed is not None:
        armed.reached()


def arm(environment: Mapping[str, str]) -> None:
    """Arm what the variable names, nothing else. Raises KeyError for a name or deed that there is not."""
    _armed.clear()
    stated = environment.get(VARIABLE, "")
    for name, deed in (one.split("=", 1) for one in stated.split(",") if one):
        if name not in POINTS:
            raise KeyError(name)
        _armed[name] = _Armed(name, deed)


arm(os.environ)
