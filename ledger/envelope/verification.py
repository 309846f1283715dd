"""Envelope to document: every rule of RFC 9901 §7.1, and ours on top.

Times (`exp`, `nbf`, `iat`), the key's standing and the anchor are other questions, and not asked here.
"""

from collections.abc import Sequence
from typing import Any

from ledger import base64url, compact_jws
from ledger.envelope import attachment
from ledger.envelope.attachment import Attachment
from ledger.envelope.disclosure import Disclosure
from ledger.envelope.envelope import Envelope, Presentation
from ledger.envelope.placement import check_places, withheld_groups
from ledger.envelope.reveal import reveal
from ledger.errors import Invalid
from ledger.jwk import Algorithm, PublicKey
from ledger.low_s import is_low_s

_SALT_BYTES = 16


def verify(envelope: Envelope, key: PublicKey) -> Presentation:
    """Return what the envelope shows, once `key` is found to have signed it and every disclosure to belong to it.

    Raises Invalid: what `check_signature` raises; `kind.unknown`; `envelope.disclosure`, `.disclosure-salt`,
    `.disclosure-name`, `.disclosure-duplicate`, `.disclosure-unreferenced`, `.disclosure-place`, `.digest`,
    `.decoy`; `attachment.form`, `attachment.duplicate`; `document.schema` with the withheld groups optional.
    """
    check_signature(envelope, key)
    _check_salts(envelope.opened)
    revealed = reveal(envelope.claims, envelope.opened, envelope.token.payload)
    check_places(revealed, envelope.opened, envelope.kind.groups)
    document: dict[str, Any] = revealed.claims["document"]
    withheld = withheld_groups(document, revealed.places, envelope.opened, envelope.kind.groups)
    attachment.check_statements(revealed.claims["attachments"])
    envelope.kind.validate(document, withheld=withheld)
    statements = tuple(revealed.claims["attachments"])
    return Presentation(document, withheld, statements, len(envelope.claims["attachments"]) - len(statements))


def check_signature(envelope: Envelope, key: PublicKey) -> None:
    """Raise Invalid `envelope.key`, `.algorithm`, `.signature`, `.high-s` unless `key` signed the JWT, in one form."""
    compact_jws.check_signature(envelope.token, key, family="envelope")
    if key.algorithm is Algorithm.ES256 and not is_low_s(envelope.token.signature):
        raise Invalid(
            "envelope.high-s",
            "the signature is not the one with low s; anyone could make it from the issuer's",
            mend="present the envelope as it was issued; signers take the lower of s and n-s",
        )


def check_attachments(presentation: Presentation, attachments: Sequence[Attachment], *, complete: bool = True) -> None:
    """Raise Invalid unless every attachment is a stated one, unchanged, and (if `complete`) each stated one is given.

    Codes: `attachment.unnamed`, `.hash`, `.media-type`, `.duplicate`, `.missing`.
    """
    attachment.match(presentation.attachments, attachments, complete=complete)


def _check_salts(disclosures: Sequence[Disclosure]) -> None:
    for disclosure in disclosures:
        try:
            enough = len(base64url.decode(disclosure.salt)) >= _SALT_BYTES
        except Invalid:
            enough = False
        if not enough:
            raise Invalid(
                "envelope.disclosure-salt",
                "the salt of a disclosure is not at least 128 bits in base64url: what is withheld could be guessed",
                mend="ask the issuer for a new envelope",
            )
