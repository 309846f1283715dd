"""An embedded chain that is set back to an earlier state and goes on from there: a reorganisation of any depth."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

from ledger.embedded import EmbeddedChain
from tests.consortium import Consortium, mining_on_demand


class RewoundChain:
    """The transport to a consortium's chain; `mark` what it is now, `rewind` to it."""

    def __init__(self, consortium: Consortium) -> None:
        self.consortium = consortium
        self._directory = consortium.directory / "chain"

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        response: dict[str, Any] = mining_on_demand(self.consortium.embedded)(method, params)
        return response

    def mark(self, path: Path) -> Path:
        """Copy the chain as it is."""
        path.mkdir(parents=True)
        with (
            sqlite3.connect(self._directory / "chain.sqlite") as source,
            sqlite3.connect(path / "chain.sqlite") as copy,
        ):
            source.backup(copy)
        source.close()
        copy.close()
        return path

    def rewind(self, mark: Path) -> None:
        """Go back to what was copied; what waits for a block is forgotten too."""
        self.consortium.embedded.close()
        shutil.rmtree(self._directory)
        shutil.copytree(mark, self._directory)
        self.consortium.embedded = EmbeddedChain.open(self._directory, clock=self.consortium.clock)
