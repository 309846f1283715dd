"""The thread that makes a block when one is due."""

import logging
import threading
import time
from collections.abc import Callable

from ledger.embedded.node import Node

log = logging.getLogger(__name__)

BLOCK_SECONDS = 0.4  # of executing for one block; writing it takes about as long again
IDLE_SECONDS = 0.5  # an injected clock can jump without waking anyone


class Miner:
    """Runs from `start` to `stop`; a failing disk is retried, the chain stands still meanwhile."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread; does nothing if it runs."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="portseal-miner", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Let a block that is being made be finished, then end the thread."""
        self._stopped.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def wake(self) -> None:
        """Say that a transaction came in."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                delay = self._node.wait()
                if delay == 0.0:
                    self._node.mine(_after(BLOCK_SECONDS))
                    continue
            except Exception:
                # A full disk, most likely. The chain stands still, readers are served, and it goes on by itself.
                log.exception("no block could be made; trying again in a second")
                delay = 1.0
            self._sleep(delay)

    def _sleep(self, delay: float | None) -> None:
        """Sleep until a block is due; without a reason for one, until a transaction comes in."""
        if delay is None:
            self._wake.wait(IDLE_SECONDS)
            self._wake.clear()
        else:
            self._stopped.wait(min(delay, IDLE_SECONDS))


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end
