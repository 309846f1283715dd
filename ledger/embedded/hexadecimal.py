"""JSON-RPC's two ways to write values (EIP-1474): quantities, without leading zeros, and data, byte by byte."""

import re
from functools import lru_cache
from typing import Any

from eth_typing import Address, Hash32
from eth_utils.address import to_checksum_address

from ledger.embedded.rpc_error import bad_parameter

QUANTITY = re.compile(r"0x(0|[1-9a-fA-F][0-9a-fA-F]{0,63})")
DATA = re.compile(r"0x(?:[0-9a-fA-F]{2})*")


def quantity(value: int) -> str:
    """Write a whole number."""
    return hex(value)


def data(value: bytes) -> str:
    """Write bytes."""
    return "0x" + value.hex()


def word(value: int) -> str:
    """Write a number as 32 bytes."""
    return data(value.to_bytes(32, "big"))


@lru_cache(1_024)
def checksum(address: bytes) -> str:
    """Write an address in its checksum form (EIP-55)."""
    return to_checksum_address(address)


def read_quantity(value: Any, what: str) -> int:
    """Read a whole number; RpcError -32602 if `value` is not one."""
    if not isinstance(value, str) or not QUANTITY.fullmatch(value):
        raise bad_parameter(f"{what} is not a quantity, a hex string like 0x1f")
    return int(value, 16)


def read_data(value: Any, what: str, size: int | None = None) -> bytes:
    """Read bytes, `size` of them if given; RpcError -32602 if `value` is anything else."""
    if not isinstance(value, str) or not DATA.fullmatch(value):
        raise bad_parameter(f"{what} is not data, a hex string of whole bytes like 0x00ff")
    read = bytes.fromhex(value[2:])
    if size is not None and len(read) != size:
        raise bad_parameter(f"{what} has {len(read)} bytes instead of {size}")
    return read


def read_address(value: Any, what: str) -> Address:
    """Read an address, 20 bytes."""
    return Address(read_data(value, what, 20))


def read_hash(value: Any, what: str) -> Hash32:
    """Read a hash, 32 bytes."""
    return Hash32(read_data(value, what, 32))


def read_slot(value: Any, what: str) -> int:
    """Read a storage slot: a quantity, or data of at most 32 bytes, as clients write both."""
    if isinstance(value, str) and QUANTITY.fullmatch(value):
        return int(value, 16)
    read = read_data(value, what)
    if not 0 < len(read) <= 32:
        raise bad_parameter(f"{what} is not a storage slot of at most 32 bytes")
    return int.from_bytes(read, "big")
