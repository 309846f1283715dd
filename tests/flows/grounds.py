"""The chains on which the flows run: each can be held (no more blocks), stopped and started again."""

from collections.abc import Sequence
from typing import Protocol

from ledger.finality.form import CHECKPOINT, Clique, Form
from tests.servers.anvil import Anvil
from tests.servers.clique import CliqueNetwork
from tests.servers.rpc import ask


class Ground(Protocol):
    """A chain. `rpc`: its nodes, the first is the one that ours uses; none for the chain inside our node."""

    name: str
    rpc: Sequence[str]
    finality: Form

    def hold(self) -> None:
        """Let nothing become final until `stop` and `start`, while the chain's node goes on answering."""

    def stop(self) -> None:
        """Stop the chain's nodes."""

    def start(self) -> None:
        """Start them; blocks are made again."""


class EmbeddedGround:
    """The chain inside our node, which stops and starts with it."""

    name = "embedded"
    rpc: Sequence[str] = ()
    finality: Form = CHECKPOINT

    def hold(self) -> None: ...

    def stop(self) -> None: ...

    def start(self) -> None: ...


class AnvilGround:
    """One node of anvil; what waits for a block is forgotten when it stops."""

    name = "anvil"
    finality: Form = CHECKPOINT

    def __init__(self, anvil: Anvil) -> None:
        self._anvil = anvil
        self.rpc: Sequence[str] = [anvil.rpc]

    def hold(self) -> None:
        ask(self._anvil.rpc, "evm_setIntervalMining", 0)

    def stop(self) -> None:
        self._anvil.stop()

    def start(self) -> None:
        self._anvil.start()


class CliqueGround:
    """Three geth that sign; one alone makes no second block."""

    name = "geth Clique"

    def __init__(self, clique: CliqueNetwork) -> None:
        self._clique = clique
        self.rpc: Sequence[str] = clique.rpc
        self.finality: Form = Clique(tuple(clique.signers))

    def hold(self) -> None:
        for index in (1, 2):
            self._clique.stop_node(index)

    def stop(self) -> None:
        self._clique.stop()

    def start(self) -> None:
        self._clique.start()
