"""A node whose chain's hours pass when a test wants them to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ledger.embedded import EmbeddedChain
from tests.api.test_documents import bill, register
from tests.demonstration_node import Api, demonstration_node


@dataclass
class Site:
    """A node whose chain is `ahead` seconds ahead of the machine."""

    api: Api
    ahead: list[float]

    def skip(self, seconds: int) -> None:
        """Move the chain's time on."""
        self.ahead[0] += seconds

    def pass_hours(self, number: str) -> None:
        """Let the hour end, and a block after it become final."""
        self.skip(3_601)
        accepted = register(self.api, {"kind": "bill-of-lading", "document": bill(number)}).json()
        self.api.until_final(accepted["digest"])


def next_hour() -> float:
    """Seconds until the next hour begins: a chain so far ahead is in one that ends when a test wants it to."""
    return 3_600 - time.time() % 3_600


@contextmanager
def passing_hours(home: Path, ahead: float = 0.0, **settings: Any) -> Iterator[Site]:
    """Run a node until the block ends."""
    moved = [ahead]

    class Shifted(EmbeddedChain):
        open = partial(EmbeddedChain.open, clock=lambda: time.time() + moved[0])  # type: ignore[assignment]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.bootstrap.EmbeddedChain", Shifted)
        with demonstration_node(home, **settings) as api:
            yield Site(api, moved)
