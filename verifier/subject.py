"""What is to be judged: an envelope that was presented, or a bare digest."""

from dataclasses import dataclass

from ledger.envelope import Envelope, parse
from ledger.errors import Invalid
from verifier.rejection import Rejection


@dataclass(frozen=True, slots=True)
class Subject:
    """Exactly one of the three is not None. digest: 32 bytes, without a document."""

    envelope: Envelope | None = None
    rejection: Rejection | None = None
    bare_digest: bytes | None = None

    @classmethod
    def presented(cls, data: bytes | str) -> "Subject":
        """Read an envelope; what is wrong with its form becomes part of the subject."""
        try:
            return cls(envelope=parse(data))
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
        return self.envelope.digest if self.envelope else self.bare_digest

    @property
    def kind(self) -> str | None:
        """The kind that the envelope states; None if there is none, or it is not known here."""
        try:
            return self.envelope.kind.name if self.envelope else None
        except Invalid:
            return None
