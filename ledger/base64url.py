"""base64url without padding (RFC 7515 §2), one text for one byte string."""

import binascii

from ledger.errors import Invalid

# To the alphabet of binascii; what has a meaning there and none here becomes a character of no alphabet.
_TO_PLAIN = bytes.maketrans(b"-_+/=", b"+/\0\0\0")
_FROM_PLAIN = bytes.maketrans(b"+/", b"-_")
_PADDING = {0: b"", 2: b"==", 3: b"="}
# The characters whose lowest 4 bits, or 2, are zero: in the last place these bits carry no data (RFC 4648 §3.5).
_LAST = {2: frozenset("AQgw"), 3: frozenset("AEIMQUYcgkosw048")}


def encode(data: bytes) -> str:
    """Return the base64url text of `data`, without padding."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_FROM_PLAIN).decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes that `text` stands for.

    Raises Invalid `base64url.form` for padding, white space, a character outside the alphabet, an impossible
    length, and for bits set that carry no data (RFC 4648 §3.5), so that no two texts give the same bytes.
    """
    beyond = len(text) % 4
    if beyond == 1 or (beyond and text[-1] not in _LAST[beyond]):
        raise _bad_form()
    try:
        return binascii.a2b_base64(text.encode("ascii").translate(_TO_PLAIN) + _PADDING[beyond], strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        raise _bad_form() from None


def _bad_form() -> Invalid:
    return Invalid(
        "base64url.form",
        "the text is not base64url without padding",
        mend="use only A-Z, a-z, 0-9, '-' and '_', no '=' and no white space, as RFC 7515 §2 says",
    )
