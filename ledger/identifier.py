"""Ids on chain: bytes32 of left-aligned ASCII (`cn.customs`, `bill-of-lading`)."""

import re

from ledger.errors import Invalid

_FORM = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,30}[a-z0-9])?")


def to_bytes32(identifier: str) -> bytes:
    """Return the 32 bytes that stand on chain. Raises Invalid `identifier.form`."""
    if not _FORM.fullmatch(identifier):
        raise Invalid(
            "identifier.form",
            f"{identifier[:64]!r} is not an id",
            mend="use 1 to 32 characters a-z, 0-9, '.' and '-', beginning and ending with a letter or digit",
        )
    return identifier.encode("ascii").ljust(32, b"\0")


def from_bytes32(value: bytes) -> str:
    """Return the id that `value` holds; the empty string for 32 zero bytes. Raises Invalid `identifier.form`."""
    text = value.rstrip(b"\0").decode("ascii", "replace")
    if text and to_bytes32(text) != value:
        raise Invalid("identifier.form", "the 32 bytes are not an id", mend="ask the registry's authority")
    return text
