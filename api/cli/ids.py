"""What people name on the command line, as it stands on chain."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from api.moment import parse
from ledger import base64url
from ledger.errors import Invalid
from ledger.identifier import to_bytes32

if TYPE_CHECKING:
    from enum import IntEnum, IntFlag

    Word = TypeVar("Word", bound=IntEnum)
    Flag = TypeVar("Flag", bound=IntFlag)

_WORD = re.compile(r"0x[0-9a-fA-F]{64}")
_KID = re.compile(r"[A-Za-z0-9_-]{43}")


def word_of(text: str) -> bytes:
    """Return the 32 bytes that an id, or 0x and hex, stands for. Raises Invalid `identifier.form`."""
    return bytes.fromhex(text[2:]) if _WORD.fullmatch(text) else to_bytes32(text)


def thumbprint_of(text: str) -> bytes:
    """Return a key's thumbprint, given as its kid or as 0x and hex. Raises Invalid `key.thumbprint`."""
    if _WORD.fullmatch(text):
        return bytes.fromhex(text[2:])
    if _KID.fullmatch(text):
        return base64url.decode(text)
    detail = f"{text[:80]!r} is not a key's thumbprint"
    raise Invalid("key.thumbprint", detail, mend="give its kid, or 0x and hex, as `portseal keys show` prints them")


def address_of(text: str) -> str:
    """Return an address in checksum form, which a slip of the hand breaks. Raises Invalid `argument.address`."""
    from eth_utils.address import is_checksum_address

    if not is_checksum_address(text):
        mend = "give it as `portseal keys account` prints it, with its capital letters"
        raise Invalid("argument.address", f"{text[:60]!r} is not an address in checksum form (EIP-55)", mend=mend)
    return text


def seconds_of(text: str | None) -> int:
    """Return a time in seconds; 0, which contracts take for now or without end, where none is given."""
    return parse(text) if text else 0


def named(words: "type[Word]", text: str) -> "Word":
    """Return the word of this name. Raises Invalid `argument.word`."""
    for one in words:
        if one.name.lower() == text.lower():
            return one
    raise _unknown(text, [one.name for one in words])


def all_named(flags: "type[Flag]", texts: Sequence[str] | None) -> "Flag":
    """Return the sum of the words of these names. Raises Invalid `argument.word`."""
    total = flags(0)
    for text in texts or ():
        found = [one for one in flags if one.name and one.name.lower() == text.lower().replace("-", "_")]
        if not found:
            raise _unknown(text, [one.name for one in flags if one.name])
        total |= found[0]
    return total


def _unknown(text: str, names: Sequence[str]) -> Invalid:
    known = ", ".join(name.lower() for name in names)
    return Invalid("argument.word", f"{text[:40]!r} is not one of {known}", mend="use one of these words")
