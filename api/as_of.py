"""The block that an answer from the registries rests on, and the times that were asked for."""

from dataclasses import dataclass
from typing import Any

from api.moment import parse, show
from ledger.block import Block
from ledger.chain import Chain


@dataclass(frozen=True)
class AsOf:
    """Facts are read at `block` of the chain `chain_id`.

    The question is about `time`, as it was known at `known_at`; both in seconds since the epoch.
    """

    block: Block
    time: int
    known_at: int
    chain_id: int

    def json(self) -> dict[str, Any]:
        """Return what the answer states of it."""
        return {
            "at": show(self.time),
            "known_at": show(self.known_at),
            "chain_id": self.chain_id,
            "block": self.block.number,
            "block_hash": "0x" + self.block.hash.hex(),
            "block_time": show(self.block.timestamp),
        }


def as_of(chain: Chain, at: str | None, known_at: str | None = None) -> AsOf:
    """Return the newest block and the times asked for, the block's own where none was. Raises Invalid `time.form`."""
    head = chain.head()
    time = parse(at) if at else head.timestamp
    return AsOf(head, time, parse(known_at) if known_at else head.timestamp, chain.chain_id)
