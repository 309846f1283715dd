"""The block that an answer from the registries rests on, and the time that was asked for."""

from dataclasses import dataclass
from typing import Any

from api.moment import parse, show
from ledger.block import Block
from ledger.chain import Chain


@dataclass(frozen=True)
class AsOf:
    """Facts are read at `block`; the question is about `time`, in seconds since the epoch."""

    block: Block
    time: int

    def json(self) -> dict[str, Any]:
        """Return what the answer states of it."""
        return {
            "at": show(self.time),
            "block": self.block.number,
            "block_hash": "0x" + self.block.hash.hex(),
            "block_time": show(self.block.timestamp),
        }


def as_of(chain: Chain, at: str | None) -> AsOf:
    """Return the newest block and the time asked for, the block's own if none was. Raises Invalid `time.form`."""
    head = chain.head()
    return AsOf(head, parse(at) if at else head.timestamp)
