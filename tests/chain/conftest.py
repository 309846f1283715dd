from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.embedded import EmbeddedChain
from tests.chain.sender import Clock, Sender


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[EmbeddedChain]:
    with EmbeddedChain.open(tmp_path / "chain", clock=clock) as opened:
        yield opened


@pytest.fixture
def sender() -> Sender:
    return Sender()
