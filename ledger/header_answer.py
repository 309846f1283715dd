"""A block's header rebuilt from what a node answers to `eth_getBlockByNumber`."""

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from ledger.block_header import FIELDS, BlockHeader, Field
from ledger.errors import Invalid, Unavailable
from ledger.finality.qbft_extra_data import QbftExtraData


def header_of(found: Mapping[str, Any] | None, number: int) -> BlockHeader:
    """Return the header, which has the number asked for and the hash that the node states.

    Raises Unavailable `chain.no-block`, `chain.answer`, and ValueError, TypeError or KeyError for what cannot be read.
    """
    if found is None:
        detail = f"the node does not have the block {number}"
        raise Unavailable("chain.no-block", detail, mend="wait until the node has caught up")
    present = takewhile(lambda field: found.get(field.name) is not None, FIELDS)
    header = _read(BlockHeader(tuple(_value(field, found[field.name]) for field in present)))
    if header.number != number or bytes.fromhex(found["hash"].removeprefix("0x")) not in _hashes(header):
        raise _contradiction(number)
    return header


def _read(header: BlockHeader) -> BlockHeader:
    try:
        return BlockHeader.from_rlp(header.rlp)
    except Invalid as error:
        raise Unavailable("chain.answer", error.detail, mend="ask another node") from None


def _value(field: Field, stated: str) -> bytes:
    if not field.is_number:
        return bytes.fromhex(stated.removeprefix("0x"))
    number = int(stated, 16)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _hashes(header: BlockHeader) -> set[bytes]:
    hashes = {header.hash()}
    try:
        hashes.add(QbftExtraData.of(header).block_hash(header))
    except Invalid:
        # not a QBFT chain
        return hashes
    return hashes


def _contradiction(number: int) -> Unavailable:
    detail = f"the header that the node states for the block {number} does not have the hash that it states"
    return Unavailable("chain.answer", detail, mend="check the node, or ask another one")
