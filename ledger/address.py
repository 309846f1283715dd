"""Addresses of accounts and contracts: 20 bytes, and their text in checksum form (EIP-55)."""

import re
from functools import lru_cache

from contracts.keccak import keccak

_HEX = re.compile(r"0x[0-9a-fA-F]{40}")


@lru_cache(maxsize=4096)
def checksum_address(address: bytes) -> str:
    """Return the text of an address of 20 bytes. Raises ValueError for another length."""
    if len(address) != 20:
        raise ValueError("an address has 20 bytes")
    digits = address.hex()
    upper = keccak(digits.encode("ascii")).hex()
    return "0x" + "".join(one.upper() if nibble >= "8" else one for one, nibble in zip(digits, upper[:40], strict=True))


def is_checksum_address(value: object) -> bool:
    """Tell whether a value is the one text of an address."""
    return isinstance(value, str) and bool(_HEX.fullmatch(value)) and checksum_address(address_bytes(value)) == value


def address_bytes(text: str) -> bytes:
    """Return the 20 bytes of an address in hex with 0x."""
    return bytes.fromhex(text[2:])
