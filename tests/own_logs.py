"""What is logged by the thread that asks, and by nobody else."""

import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from structlog import DropEvent
from structlog.testing import capture_logs


@contextmanager
def own_logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """Collect what this thread logs: a node that another module started for the whole session tells of its work."""
    mine = threading.get_ident()

    def ours(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if threading.get_ident() != mine:
            raise DropEvent
        return event

    with capture_logs(processors=(ours,)) as logs:
        yield logs
