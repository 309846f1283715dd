"""The two ways in which a node writes values (EIP-1474): quantities, and bytes. Both raise ValueError."""


def read_number(value: object) -> int:
    """Return a quantity such as 0x1f."""
    if not isinstance(value, str) or not value.startswith("0x"):
        raise ValueError("not a quantity")
    return int.from_bytes(bytes.fromhex(value[2:].rjust(len(value) - len(value) % 2, "0")), "big")


def read_bytes(value: object) -> bytes:
    """Return data such as 0x00ff."""
    if not isinstance(value, str) or not value.startswith("0x"):
        raise ValueError("not bytes")
    return bytes.fromhex(value[2:])
