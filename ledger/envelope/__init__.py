"""The envelope: a document as its issuer signed it, an SD-JWT (RFC 9901). The format: docs/envelope.md."""

from ledger.envelope.attachment import Attachment
from ledger.envelope.envelope import TYPE, Envelope, Presentation
from ledger.envelope.issuing import issue
from ledger.envelope.limits import MAX_BYTES, MAX_DISCLOSURES
from ledger.envelope.parsing import parse
from ledger.envelope.verification import check_attachments, check_signature, verify
from ledger.envelope.withholding import withhold

__all__ = [
    "MAX_BYTES",
    "MAX_DISCLOSURES",
    "TYPE",
    "Attachment",
    "Envelope",
    "Presentation",
    "check_attachments",
    "check_signature",
    "issue",
    "parse",
    "verify",
    "withhold",
]
