"""How large an envelope may be."""

from typing import Final

from ledger.strict_json import DEFAULT, Limits

MAX_BYTES: Final = 8 * 1024 * 1024
"""The longest envelope, with all its disclosures."""

MAX_DISCLOSURES: Final = 1_000
"""The most disclosures: groups and attachments together."""

# The document stands one level down in the claims, a group's value one level down in its disclosure.
JSON: Final = Limits(
    max_bytes=MAX_BYTES,
    max_depth=DEFAULT.max_depth + 1,
    max_members=DEFAULT.max_members + 2 * MAX_DISCLOSURES,
)
"""The limits of claims and disclosures, so wide that every document within the JSON limits goes in."""
