"""Country codes on chain: bytes2 of ISO 3166-1 alpha-2 upper case (`CN`)."""

import re

from ledger.errors import Invalid

_FORM = re.compile(r"[A-Z]{2}")


def to_bytes2(country: str) -> bytes:
    """Return the 2 bytes that stand on chain. Raises Invalid `country.form`."""
    if not _FORM.fullmatch(country):
        detail = f"{country[:16]!r} is not a country code"
        raise Invalid("country.form", detail, mend="use two capital letters as in ISO 3166-1 alpha-2")
    return country.encode("ascii")


def from_bytes2(value: bytes) -> str:
    """Return the country code that `value` holds. Raises Invalid `country.form`."""
    country = value.decode("ascii", "replace")
    to_bytes2(country)
    return country
