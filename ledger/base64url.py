"""base64url without padding (RFC 7515 §2), one text for one byte string."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from ledger.errors import Invalid


def encode(data: bytes) -> str:
    """Return the base64url text of `data`, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes that `text` stands for.

    Raises Invalid `base64url.form` for padding, white space, a character outside the alphabet, an impossible
    length, and for bits set that carry no data (RFC 4648 §3.5), so that no two texts give the same bytes.
    """
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise _bad_form() from None
    # The library skips what it does not know; only the one right text comes back the same.
    if encode(data) != text:
        raise _bad_form()
    return data


def _bad_form() -> Invalid:
    return Invalid(
        "base64url.form",
        "the text is not base64url without padding",
        mend="use only A-Z, a-z, 0-9, '-' and '_', no '=' and no white space, as RFC 7515 §2 says",
    )
