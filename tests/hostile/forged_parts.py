"""An envelope in pieces, and what a forger has to put others together."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from ledger import base64url
from ledger.private_key import PrivateKey


@dataclass
class Parts:
    """An envelope in pieces; the three of the JWT as text."""

    header: str
    claims: str
    signature: str
    disclosures: list[str]

    @classmethod
    def of(cls, envelope: str) -> "Parts":
        jwt, *disclosures, _ = envelope.split("~")
        header, claims, signature = jwt.split(".")
        return cls(header, claims, signature, disclosures)

    @property
    def jwt(self) -> str:
        return f"{self.header}.{self.claims}.{self.signature}"

    def text(self) -> str:
        return "~".join([self.jwt, *self.disclosures, ""])


@dataclass(frozen=True)
class Forger:
    """What a forger has: two genuine envelopes, keys of nobody, and of another issuer, and the issuer's own.

    The issuer's own key is for what the issuer signed but never registered.
    """

    genuine: str
    other: str
    unregistered: PrivateKey
    foreign: PrivateKey
    own: PrivateKey


Forgery = Callable[[Forger, Parts, Random], str | None]


def sign(parts: Parts, key: PrivateKey, header: dict[str, Any]) -> None:
    parts.header = encoded(header)
    parts.signature = base64url.encode(key.sign(f"{parts.header}.{parts.claims}".encode()))


def decoded(text: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(base64url.decode(text))
    return value


def encoded(value: dict[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return base64url.encode(text.encode("utf-8", "surrogatepass"))
