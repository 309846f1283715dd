"""A block of the chain that something of ours rests on."""

from collections.abc import Callable
from dataclasses import dataclass

from ledger.block import Block
from ledger.chain import Chain


@dataclass(frozen=True)
class Place:
    """A block; `time` is its own."""

    number: int
    hash: bytes
    time: int

    @classmethod
    def of(cls, block: Block) -> "Place":
        """Return the place that a block is."""
        return cls(block.number, block.hash, block.timestamp)

    def __str__(self) -> str:
        return f"block {self.number} 0x{self.hash.hex()}"

    def standing(self) -> Callable[[Chain], bool | None]:
        """Return the question whether the block is on the chain; None where a node cannot know it.

        A node that lags says nothing about a block above its head. But times only grow along a chain: a head that is
        lower and later belongs to another branch.
        """
        return self._stands

    def _stands(self, chain: Chain) -> bool | None:
        block = chain.block(self.number)
        if block is not None:
            return block.hash == self.hash
        head = chain.head()
        return False if head.number < self.number and head.timestamp > self.time else None
