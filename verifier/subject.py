"""What is to be judged: an envelope or the QR code of one that was presented, or a bare digest."""

import re
from dataclasses import dataclass

from anchors import gate_code
from anchors.gate_code import GateCode
from ledger.envelope import Envelope, parse
from ledger.errors import Invalid
from ledger.gate_statement import GateStatement
from verifier.rejection import Rejection

_LINK = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,255}(?:/[A-Za-z0-9._~-]{1,255}){0,8}/d/(?P<digest>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Subject:
    """Exactly one of the four is not None. digest: 32 bytes, without a document. gate: a QR code by value."""

    envelope: Envelope | None = None
    rejection: Rejection | None = None
    bare_digest: bytes | None = None
    gate: GateCode | None = None

    @classmethod
    def presented(cls, data: bytes | str) -> "Subject":
        """Read an envelope; what is wrong with its form becomes part of the subject."""
        try:
            return cls(envelope=parse(data))
        except Invalid as error:
            return cls(rejection=Rejection.of(error))

    @classmethod
    def scanned(cls, text: str) -> "Subject":
        """Read the text of a QR code: by value, or a link that ends with `/d/` and a digest, on whatever host.

        No link is followed. What is wrong with the form becomes part of the subject.
        """
        if link := _LINK.fullmatch(text):
            return cls(bare_digest=bytes.fromhex(link["digest"]))
        try:
            return cls(gate=gate_code.read(text))
        except Invalid as error:
            return cls(rejection=Rejection.of(error))

    @classmethod
    def named(cls, digest: bytes) -> "Subject":
        """Name a document by its digest. Raises Invalid `digest.form` unless it has 32 bytes."""
        if len(digest) != 32:
            raise Invalid("digest.form", "a digest has 32 bytes", mend="give 64 hex characters")
        return cls(bare_digest=digest)

    @property
    def digest(self) -> bytes | None:
        """The name of the document; None if what was presented could not be read."""
        return self.signed.digest if self.signed else self.bare_digest

    @property
    def signed(self) -> Envelope | GateStatement | None:
        """What the issuer signed of it, if that was presented and can be read."""
        return self.envelope or (self.gate.statement if self.gate else None)

    @property
    def kind(self) -> str | None:
        """The kind that the issuer states; None if there is none, or it is not known here."""
        try:
            return self.signed.kind.name if self.signed else None
        except Invalid:
            return None
