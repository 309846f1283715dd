"""The envelope as it is held, sent and stored, and what it looks like once verified."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, cast

from ledger.compact_jws import CompactJws
from ledger.envelope import disclosure
from ledger.envelope.disclosure import Disclosure
from ledger.kinds import kind_of_vct
from ledger.kinds.kind import Kind

TYPE: Final = "dc+sd-jwt"


@dataclass(frozen=True)
class Envelope:
    """An SD-JWT (RFC 9901) whose form is checked; its signature, disclosures and schema are checked by `verify`."""

    jwt: str
    disclosures: tuple[str, ...]
    token: CompactJws = field(compare=False)

    @property
    def header(self) -> dict[str, Any]:
        """The JOSE header: alg, kid, typ."""
        return self.token.header

    @property
    def claims(self) -> dict[str, Any]:
        """The signed claims, digests in place of what can be withheld."""
        return self.token.claims

    @cached_property
    def digest(self) -> bytes:
        """The 32 bytes that name the document everywhere: SHA-256 of the issuer-signed JWT, signature included."""
        return hashlib.sha256(self.jwt.encode("ascii")).digest()

    @cached_property
    def opened(self) -> tuple[Disclosure, ...]:
        """The disclosures, taken apart."""
        return tuple(map(disclosure.read, self.disclosures))

    @property
    def kid(self) -> str:
        """The RFC 7638 thumbprint of the key that the envelope says signed it."""
        return self.token.kid

    @property
    def issuer(self) -> str:
        """The id of the issuer (`iss`)."""
        return cast(str, self.claims["iss"])

    @cached_property
    def kind(self) -> Kind:
        """The kind and version that `vct` names. Raises Invalid `kind.unknown`: a newer version, perhaps."""
        return kind_of_vct(self.claims["vct"])

    @property
    def jti(self) -> str:
        """128 random bits, base64url: with issuer and kind the name of this issue of the document."""
        return cast(str, self.claims["jti"])

    @property
    def iat(self) -> int:
        """When the issuer says it was issued, seconds since the epoch."""
        return cast(int, self.claims["iat"])

    @property
    def exp(self) -> int | None:
        """From when on it cannot be used any more, seconds since the epoch."""
        return self.claims.get("exp")

    @property
    def nbf(self) -> int | None:
        """Before when it cannot be used yet, seconds since the epoch."""
        return self.claims.get("nbf")

    def serialize(self) -> str:
        """Return `<jwt>~<disclosure>~...~`, the very text that was parsed."""
        return "~".join((self.jwt, *self.disclosures, ""))

    def __repr__(self) -> str:
        return f"Envelope({self.issuer} {self.claims['vct']} {self.digest.hex()})"


@dataclass(frozen=True)
class Presentation:
    """A verified envelope as this reader sees it.

    document: with the disclosed groups put back. Parts of it are the envelope's own: change neither.
    withheld: JSON pointers (into document) of the groups that are, or may be, withheld: where a parent holds fewer
        unmatched digests than it lacks groups, nobody can tell which, and all of them stand here.
    attachments: the disclosed statements: name, media_type, sha256.
    attachments_withheld: how many more there are.
    """

    document: dict[str, Any] = field(repr=False)
    withheld: tuple[str, ...]
    attachments: tuple[dict[str, Any], ...] = field(repr=False)
    attachments_withheld: int = 0

    @property
    def complete(self) -> bool:
        """Whether nothing is withheld."""
        return not self.withheld and not self.attachments_withheld
