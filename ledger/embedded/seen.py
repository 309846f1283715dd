"""What a method needs that only reads committed blocks: whoever owns the chain has it, and whoever reads its file."""

from collections.abc import Callable
from typing import Protocol

from ledger.embedded.view import View


class Seen(Protocol):
    """The blocks up to a head, and the time in seconds since the epoch."""

    @property
    def view(self) -> View:
        """The blocks."""
        ...

    @property
    def clock(self) -> Callable[[], float]:
        """The time: what `pending` means depends on it."""
        ...
