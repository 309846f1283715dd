"""What makes a block final, whichever form the chain's proof has."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from ledger.finality.final_block import FinalBlock


@dataclass(frozen=True)
class FinalityProof:
    """A proof that a block is final, as data.

    form: `checkpoint`, `clique` or `qbft`; content: its JSON members (anchors/proof_content.py). time: the block's.
    """

    form: str
    number: int
    block_hash: bytes
    time: int
    content: Mapping[str, Any]

    @classmethod
    def of(cls, block: FinalBlock, content: Mapping[str, Any]) -> "FinalityProof":
        """Return the proof that `content` is of the block that it was found to prove."""
        return cls(block.form, block.number, block.block_hash, block.time, content)

    @cached_property
    def fingerprint(self) -> bytes:
        """SHA-256 that two proofs share only if their contents are alike, to the last member."""
        return hashlib.sha256(json.dumps(self.content, sort_keys=True).encode()).digest()

    def to_json(self) -> dict[str, Any]:
        """Return the form and the content, as receipts and answers show them."""
        return {"form": self.form, **self.content}


class Finality(Protocol):
    """The chain's form of finality proof."""

    @property
    def collects(self) -> bool:
        """Whether this process has what it takes to get proofs."""
        ...

    def collect(self) -> int:
        """Get what proofs can be had now; return how many. Raises Unavailable, Invalid `finality.*`."""
        ...

    def proof_for(self, number: int) -> FinalityProof | None:
        """Return the proof of the block `number`, else that of the next higher block that has one.

        A later block proves the earlier ones of the same chain too. Raises Unavailable `database.*`.
        """
        ...

    def newest(self, until: int | None = None) -> FinalityProof | None:
        """Return the proof of the highest block that has one, and whose time is not after `until` (None: any).

        Raises Unavailable `database.*`.
        """
        ...
