"""Forms in which values are compared. The documents are never changed."""

import re
import unicodedata

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_HS_DIGITS = 6


def plain_code(text: str) -> str:
    """Return a number or code in capitals, with letters and digits only: `emlu 482106-0` is `EMLU4821060`."""
    return _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", text)).upper()


def plain_hs(text: str) -> str | None:
    """Return the six digits on which all countries agree (WCO); None if it has fewer."""
    digits = plain_code(text)
    return digits[:_HS_DIGITS] if len(digits) >= _HS_DIGITS and digits.isdecimal() else None
