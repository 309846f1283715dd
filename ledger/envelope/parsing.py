"""Bytes to Envelope: everything about the form, nothing about signature or content."""

from ledger import compact_jws
from ledger.envelope.claims import check_claims
from ledger.envelope.envelope import TYPE, Envelope
from ledger.envelope.limits import JSON, MAX_BYTES, MAX_DISCLOSURES
from ledger.errors import Invalid


def parse(data: bytes | str) -> Envelope:
    """Read `<jwt>~<disclosure>~...~`; serialising the result gives the same bytes.

    At most MAX_BYTES and MAX_DISCLOSURES. Raises Invalid: `envelope.size`, `.form`, `.key-binding`,
    `.disclosure-count`, `.base64url`, `.json`, `.canonical`, `.header`, `.header-key`, `.algorithm`, `.kid`, `.type`,
    `.claims`, `.signature` (not 64 bytes), `.disclosure`, `.disclosure-name`.
    """
    jwt, disclosures = _split(_text(data))
    token = compact_jws.read(jwt, TYPE, JSON, family="envelope")
    if len(token.signature) != 64:
        raise Invalid("envelope.signature", "the signature is not 64 bytes", mend="give r and s, or Ed25519's 64 bytes")
    check_claims(token.claims)
    envelope = Envelope(jwt, disclosures, token)
    _ = envelope.opened
    return envelope


def check_size(size: int) -> None:
    """Raise Invalid `envelope.size` for an envelope of more than MAX_BYTES."""
    if size > MAX_BYTES:
        raise Invalid(
            "envelope.size",
            f"the envelope has {size} bytes, the limit is {MAX_BYTES}",
            mend="put large content into attachments",
        )


def check_count(count: int) -> None:
    """Raise Invalid `envelope.disclosure-count` for more than MAX_DISCLOSURES."""
    if count > MAX_DISCLOSURES:
        raise Invalid(
            "envelope.disclosure-count",
            f"it holds {count} disclosures, the limit is {MAX_DISCLOSURES}",
            mend="present the disclosures of this envelope only; put many attachments into one archive",
        )


def _text(data: bytes | str) -> str:
    check_size(len(data))
    if not data.isascii():
        raise _bad_form("it holds a character outside ASCII")
    return data if isinstance(data, str) else data.decode("ascii")


def _split(text: str) -> tuple[str, tuple[str, ...]]:
    count = text.count("~")
    if count == 0:
        raise _bad_form("it holds no '~'")
    check_count(count - 1)
    jwt, *disclosures, tail = text.split("~")
    if tail:
        raise Invalid(
            "envelope.key-binding",
            "something stands after the last '~': a key-binding JWT, which Portseal does not use, or a line break",
            mend="end the envelope with its last '~'",
        )
    if "" in disclosures:
        raise _bad_form("a disclosure is empty")
    return jwt, tuple(disclosures)


def _bad_form(detail: str) -> Invalid:
    return Invalid(
        "envelope.form",
        f"this is not an envelope: {detail}",
        mend="give <jwt>~<disclosure>~...~ in one line, as it was issued, with the '~' at the end",
    )
