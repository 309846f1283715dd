"""A private chain of three geth nodes that all sign: Clique (EIP-225), London, no base fee, a block each second."""

import json
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from ledger.account import Account
from tests.servers.binaries import find
from tests.servers.geth_node import BLOCK_GAS, GethNode

CHAIN_ID = 87_202
_NODES = 3
_FORKS = (
    "homesteadBlock eip150Block eip155Block eip158Block byzantiumBlock constantinopleBlock petersburgBlock "
    "istanbulBlock berlinBlock londonBlock"
)


class CliqueNetwork:
    """Three signers in `directory`; two of them suffice to go on. Secrets are made here and stay in `directory`."""

    chain_id = CHAIN_ID

    def __init__(self, directory: Path) -> None:
        program = find("geth")
        directory.mkdir(parents=True, exist_ok=True)
        accounts = [Account.generate() for _ in range(_NODES)]
        self.signers: list[str] = [account.address for account in accounts]
        genesis = directory / "genesis.json"
        genesis.write_text(json.dumps(_genesis(self.signers)))
        self.nodes = [GethNode(program, directory / f"node-{i}", CHAIN_ID, one) for i, one in enumerate(accounts)]
        self.rpc: list[str] = [node.rpc for node in self.nodes]
        for node in self.nodes:
            node.create(genesis)

    def start(self) -> None:
        """Start all nodes, connect them, and let them sign. Raises ServerFault."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        for index in range(_NODES):
            self._run(index)
        # No node signs before all are connected: nodes that begin alone begin different chains.
        for node in self.nodes:
            node.sign()
        begun = max(node.height() for node in self.nodes) + 2
        for node in self.nodes:
            node.process.wait_until(lambda node=node: node.height() >= begun)  # type: ignore[misc]

    def stop(self) -> None:
        """Stop all nodes; what they hold stays on disk."""
        running = [node for node in self.nodes if node.process.running]
        try:
            for node in running:
                node.rest()
            # Stopped while each holds a block of its own making, none could go on: nobody signs twice in a row.
            _await_one_head(running)
        except OSError:
            # One does not answer any more; the others are stopped all the same.
            pass
        for node in running:
            node.process.stop()

    def start_node(self, index: int) -> None:
        """Start a node that was stopped; it has caught up (ten seconds) and signs. Raises ServerFault."""
        self._run(index)
        node = self.nodes[index]
        node.sign()
        height = max(one.height() for one in self.nodes if one.process.running)
        # geth looks only every ten seconds whether somebody has a longer chain, if it has few peers.
        node.process.wait_until(lambda: node.height() >= height)

    def stop_node(self, index: int) -> None:
        """Stop one node."""
        self.nodes[index].process.stop()

    def _run(self, index: int) -> None:
        node = self.nodes[index]
        others = [one for one in self.nodes if one.process.running]
        node.start()
        node.join(others)

    def __enter__(self) -> "CliqueNetwork":
        try:
            self.start()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._close()

    def _close(self) -> None:
        for node in self.nodes:
            node.close()


def _await_one_head(nodes: Sequence[GethNode]) -> None:
    """Wait until all hold the same newest block; three seconds at most, since two rivals leave a third who may sign."""
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline and len({node.head() for node in nodes}) > 1:
        time.sleep(0.1)


def _genesis(signers: list[str]) -> dict[str, Any]:
    """Return block 0: in its extra data 32 bytes of vanity, the signers in ascending order, 65 bytes for no seal."""
    listed = "".join(sorted(signer[2:].lower() for signer in signers))
    return {
        "config": {"chainId": CHAIN_ID, **dict.fromkeys(_FORKS.split(), 0), "clique": {"period": 1, "epoch": 30_000}},
        "difficulty": "0x1",
        "gasLimit": hex(BLOCK_GAS),
        "baseFeePerGas": "0x0",
        # Each network its own block 0, so that no network ever takes another's blocks or transactions for its own.
        "extraData": f"0x{secrets.token_hex(32)}{listed}{'00' * 65}",
        "alloc": {},
    }
