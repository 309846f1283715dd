"""Anvil: one node of London rules that makes a block each second and asks for no fee."""

import json
import shutil
import signal
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.servers.binaries import find
from tests.servers.ports import Port
from tests.servers.rpc import ask
from tests.servers.server_process import ServerProcess

CHAIN_ID = 87_101
_BLOCK_GAS = 1 << 34  # more than half of it used in a block would raise the base fee; a call may use all of it


class Anvil:
    """A chain in `directory`, kept over stop and start with its old states; only an orderly stop saves it."""

    chain_id = CHAIN_ID

    def __init__(self, directory: Path) -> None:
        self._program = find("anvil")
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self._port = Port()
        self.rpc = f"http://127.0.0.1:{self._port}"
        self.process = ServerProcess("anvil", directory / "anvil.log", polite=signal.SIGINT)

    def start(self) -> None:
        """Start, or go on from the last stop. Raises ServerFault."""
        self._forget_later_beginnings()
        self.process.start(self._command(), lambda: bool(ask(self.rpc, "eth_chainId") == hex(CHAIN_ID)))

    def stop(self) -> None:
        """Stop; the state is saved."""
        self.process.stop()

    def skip(self, seconds: int) -> None:
        """Move the chain's time on: the next block is so much later, and those after it follow each second.

        It stays ahead of the machine's time; a start after a stop sets it back, to before blocks that it has made.
        """
        ask(self.rpc, "evm_increaseTime", seconds)

    def _forget_later_beginnings(self) -> None:
        """Keep the oldest block 0 only: anvil makes one at each start and saves it beside those that it has read."""
        state = self._directory / "state.json"
        if not state.exists():
            return
        saved = json.loads(state.read_bytes())
        blocks = sorted(saved["blocks"], key=_number_and_time)
        saved["blocks"] = [one for place, one in enumerate(blocks) if place == 0 or _number_and_time(one)[0] > 0]
        state.write_text(json.dumps(saved))

    def _command(self) -> list[str | Path]:
        options = {
            "--port": self._port,
            "--chain-id": CHAIN_ID,
            "--hardfork": "london",
            "--block-time": 1,
            "--gas-limit": _BLOCK_GAS,
            "--base-fee": 0,
            "--gas-price": 0,
            "--accounts": 1,
            "--order": "fifo",
            "--state": self._directory / "state.json",
            "--cache-path": self._directory / "states",
            "--max-persisted-states": 100_000,
        }
        flags = ["--preserve-historical-states", "--disable-min-priority-fee", "--no-request-size-limit"]
        named = [str(part) for option in options.items() for part in option]
        return [self._program, *named, *flags, "--disable-default-create2-deployer"]

    def __enter__(self) -> "Anvil":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._port.close()
        shutil.rmtree(self._directory / "states", ignore_errors=True)


def _number_and_time(block: dict[str, Any]) -> tuple[int, int]:
    header = block["header"]
    return int(header["number"], 16), int(header["timestamp"], 16)
