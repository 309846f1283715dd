"""Clique (EIP-225): a block is final once enough signers built upon it. For tests only (docs/finality.md)."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from ledger.errors import Invalid
from ledger.finality.clique_header import IN_TURN, OUT_OF_TURN, CliqueHeader
from ledger.finality.final_block import FinalBlock
from ledger.finality.seal import foreign
from ledger.finality.signer_set import named, signer_set

MOST_HEADERS: Final = 4096
"""A longer proof is refused unread."""

_MEND = "get the proof again, from another node if need be"


def quorum(signers: int) -> int:
    """Return how many of so many signers make a block final: all but those that may be faulty, less than a third."""
    return signers - (signers - 1) // 3


def verify(headers: Sequence[bytes], signers: Sequence[str]) -> FinalBlock:
    """Judge a block by the blocks after it: `headers` are the RLP of the block and of its descendants in order.

    `signers` are the pinned ones (EIP-55). The signer of the block itself does not count, only its descendants do.
    Raises Invalid `finality.form` (no Clique headers), `finality.header` (they do not follow each other by number,
    parent hash and time, or a difficulty is not the signer's), `finality.seal` (no signature, by somebody outside
    the set, or by one who signed too recently), `finality.set` (a list of signers that is not the pinned one),
    `finality.too-few`.
    """
    pinned = signer_set(tuple(signers))
    if not 0 < len(headers) <= MOST_HEADERS:
        raise Invalid("finality.form", f"{len(headers)} headers where 1 to {MOST_HEADERS} belong", mend=_MEND)
    blocks = [CliqueHeader.from_rlp(raw) for raw in headers]
    for parent, child in pairwise(blocks):
        _check_link(parent, child)
    for block in blocks:
        _check_signer(block, pinned)
    _check_turns(blocks, pinned)
    return _final(blocks, pinned)


def _check_link(parent: CliqueHeader, child: CliqueHeader) -> None:
    before, after = parent.header, child.header
    if (after.number, after.parent_hash) != (before.number + 1, parent.hash) or after.time < before.time:
        detail = f"the header after the block {before.number} is not that of its child"
        raise Invalid("finality.header", detail, mend=_MEND)


def _check_signer(block: CliqueHeader, pinned: tuple[bytes, ...]) -> None:
    if block.signer not in pinned:
        raise foreign(block.signer)
    if block.listed and block.listed != pinned:
        detail = f"the block {block.header.number} lists other signers than the pinned ones"
        raise Invalid("finality.set", detail, mend="compare the network file")
    in_turn = block.header.number % len(pinned) == pinned.index(block.signer)
    if block.header.difficulty != (IN_TURN if in_turn else OUT_OF_TURN):
        detail = f"the difficulty of the block {block.header.number} is not the one of its signer"
        raise Invalid("finality.header", detail, mend=_MEND)


def _check_turns(blocks: Sequence[CliqueHeader], pinned: tuple[bytes, ...]) -> None:
    """Check that of any floor(n/2) + 1 blocks in a row nobody signed two."""
    apart = len(pinned) // 2 + 1
    last: dict[bytes, int] = {}
    for place, block in enumerate(blocks):
        if place - last.get(block.signer, -apart) < apart:
            detail = f"0x{block.signer.hex()} signed twice within {apart} blocks"
            raise Invalid("finality.seal", detail, mend=_MEND)
        last[block.signer] = place


def _final(blocks: Sequence[CliqueHeader], pinned: tuple[bytes, ...]) -> FinalBlock:
    header, built = blocks[0].header, {block.signer for block in blocks[1:]}
    needed = quorum(len(pinned))
    if len(built) < needed:
        detail = f"{len(built)} of {len(pinned)} signers built upon the block {header.number}, {needed} are needed"
        raise Invalid("finality.too-few", detail, mend="wait for more blocks")
    return FinalBlock(
        form="clique",
        number=header.number,
        block_hash=blocks[0].hash,
        state_root=header.state_root,
        time=header.time,
        signers=named(built),
        of=len(pinned),
    )
