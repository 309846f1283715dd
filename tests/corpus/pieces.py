"""An envelope in pieces, put together wrongly: what several nouns of the corpus share."""

import json
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

from ledger import base64url
from ledger.canonical import canonicalize
from ledger.envelope import parse
from ledger.errors import Invalid
from ledger.private_key import PrivateKey
from tests.corpus import spoilt
from tests.corpus.ground import Ground
from tests.hostile.forged_parts import Parts, decoded, encoded

Change = Callable[[Parts, Random], None]
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def changed(change: Change) -> Callable[[Ground, Random], str]:
    """The genuine envelope, changed by whoever has no key."""

    def make(ground: Ground, random: Random) -> str:
        parts = Parts.of(ground.genuine.serialize())
        change(parts, random)
        return parts.text()

    return make


def in_part(name: str, change: Callable[[str, Random], str]) -> Change:
    def apply(parts: Parts, random: Random) -> None:
        setattr(parts, name, change(getattr(parts, name), random))

    return apply


def in_disclosure(change: Callable[[str, Random], str]) -> Change:
    def apply(parts: Parts, random: Random) -> None:
        place = random.randrange(len(parts.disclosures))
        parts.disclosures[place] = change(parts.disclosures[place], random)

    return apply


def anywhere(change: Callable[[str, Random], str]) -> Change:
    """In one of the segments, whichever."""

    def apply(parts: Parts, random: Random) -> None:
        name = random.choice(("header", "claims", "signature", ""))
        (in_part(name, change) if name else in_disclosure(change))(parts, random)

    return apply


def flipped(text: str, random: Random) -> str:
    return base64url.encode(spoilt.flipped(base64url.decode(text), random))


def header_with(**members: Any) -> Change:
    """Under the old signature."""

    def apply(parts: Parts, _random: Random) -> None:
        parts.header = encoded(decoded(parts.header) | members)

    return apply


def signed(key: PrivateKey, claims: dict[str, Any], *disclosures: str, **header: Any) -> str:
    """Signed by the key, whatever the claims and the header say; in canonical form."""
    return signed_bytes(key, canonicalize(claims), *disclosures, **header)


def signed_bytes(key: PrivateKey, payload: bytes, *disclosures: str, **header: Any) -> str:
    public = key.public_key
    members = {"alg": public.algorithm.jose, "kid": public.kid, "typ": "dc+sd-jwt"} | header
    text = f"{encoded(members)}.{base64url.encode(payload)}"
    return "~".join([f"{text}.{base64url.encode(key.sign(text.encode()))}", *disclosures, ""])


def anchored(ground: Ground, text: str) -> str:
    """Have it anchored too, so that nothing else is wrong with it; what cannot be read has no digest to anchor."""
    with suppress(Invalid):
        ground.anchor(parse(text))
    return text


def disclosure(*content: Any) -> str:
    return base64url.encode(json.dumps(list(content)).encode())
