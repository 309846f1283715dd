"""Envelopes taken apart and put together wrongly, and signed by those who may not."""

import hashlib
import hmac
import json
from collections.abc import Callable
from random import Random
from typing import Any

from ledger import base64url
from ledger.low_s import P256_ORDER
from ledger.private_key import PrivateKey
from tests.hostile.disclosure_forgery import DISCLOSURE_FORGERIES
from tests.hostile.forged_parts import Forger, Forgery, Parts, decoded, encoded, sign

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ODD_CHARACTERS = ("=", " ", "\n", "\r\n", "\t", "+", "/", "~", ".", "\x00", "é", "\u200b", "%2D")


def forged(forger: Forger, random: Random) -> tuple[str, str]:
    """Return the name of what was done, and the envelope."""
    name = random.choice(sorted(FORGERIES))
    return name, forged_as(name, forger, random)


def forged_as(name: str, forger: Forger, random: Random) -> str:
    """Return an envelope to which was done what is called `name`."""
    parts = Parts.of(forger.genuine)
    made = FORGERIES[name](forger, parts, random)
    return parts.text() if made is None else made


def _replaced_at(text: str, place: int, character: str) -> str:
    return text[:place] + character + text[place + 1 :]


def _flip(text: str, random: Random) -> str:
    return _replaced_at(text, random.randrange(len(text)), random.choice(ALPHABET))


def _flip_bit(text: str, random: Random) -> str:
    data = bytearray(base64url.decode(text))
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return base64url.encode(bytes(data))


def _in_part(change: Callable[[str, Random], str]) -> Forgery:
    def forge(_forger: Forger, parts: Parts, random: Random) -> None:
        place = random.randrange(3 + len(parts.disclosures))
        if place < 3:
            name = ("header", "claims", "signature")[place]
            setattr(parts, name, change(getattr(parts, name), random))
        else:
            parts.disclosures[place - 3] = change(parts.disclosures[place - 3], random)

    return forge


def _anywhere(_forger: Forger, parts: Parts, random: Random) -> str:
    text = parts.text()
    place, odd = random.randint(0, len(text)), random.choice(ODD_CHARACTERS)
    return text[:place] + odd + text[place + random.randint(0, 1) :]


def _swapped_part(forger: Forger, parts: Parts, random: Random) -> None:
    other = Parts.of(forger.other)
    name = random.choice(("header", "claims", "signature", "disclosures"))
    setattr(parts, name, getattr(other, name))


def _swapped_disclosure(forger: Forger, parts: Parts, random: Random) -> None:
    other = Parts.of(forger.other).disclosures
    parts.disclosures[random.randrange(len(parts.disclosures))] = random.choice(other)


def _doubled_disclosure(_forger: Forger, parts: Parts, random: Random) -> None:
    parts.disclosures.insert(random.randint(0, len(parts.disclosures)), random.choice(parts.disclosures))


def _fewer_disclosures(_forger: Forger, parts: Parts, random: Random) -> None:
    parts.disclosures = [one for one in parts.disclosures if random.random() < 0.5]


def _reordered(_forger: Forger, parts: Parts, random: Random) -> None:
    random.shuffle(parts.disclosures)


def _invented_disclosure(_forger: Forger, parts: Parts, random: Random) -> None:
    content = ["A" * 22, random.choice(("charges", "document", "_sd", "...", "iss")), {"invented": True}]
    parts.disclosures.append(base64url.encode(json.dumps(content).encode()))


def _resalted(_forger: Forger, parts: Parts, random: Random) -> None:
    """The same name and value with another salt, or other white space."""
    place = random.randrange(len(parts.disclosures))
    content = json.loads(base64url.decode(parts.disclosures[place]))
    if random.random() < 0.5:
        content[0] = "A" * 22
    parts.disclosures[place] = base64url.encode(json.dumps(content, indent=random.choice((None, 1))).encode())


def _padded(text: str, random: Random) -> str:
    return text + "=" * random.choice((1, 2, 3, -len(text) % 4 or 1))


def _stray_bits(text: str, _random: Random) -> str:
    last = ALPHABET.index(text[-1])
    return text[:-1] + ALPHABET[last ^ 1]


def _plain_alphabet(text: str, _random: Random) -> str:
    return text.replace("-", "+").replace("_", "/")


def _broken_line(text: str, random: Random) -> str:
    place = random.randint(0, len(text))
    return text[:place] + random.choice(("\r\n", "\n", " ", "\t")) + text[place:]


def _high_s(_forger: Forger, parts: Parts, _random: Random) -> None:
    signature = base64url.decode(parts.signature)
    s = P256_ORDER - int.from_bytes(signature[32:], "big")
    parts.signature = base64url.encode(signature[:32] + s.to_bytes(32, "big"))


def _odd_signature(_forger: Forger, parts: Parts, random: Random) -> None:
    zero, order = b"\0" * 32, P256_ORDER.to_bytes(32, "big")
    odd = (b"", b"\0" * 64, zero + b"\1" + zero[1:], order * 2, b"\xff" * 64, base64url.decode(parts.signature) + b"\0")
    parts.signature = base64url.encode(random.choice(odd))


def _no_algorithm(_forger: Forger, parts: Parts, random: Random) -> None:
    parts.header = encoded(decoded(parts.header) | {"alg": random.choice(("none", "None", "", "ES256K", "RS256"))})
    if random.random() < 0.5:
        parts.signature = ""


def _with_public_key_as_secret(forger: Forger, parts: Parts, _random: Random) -> None:
    parts.header = encoded(decoded(parts.header) | {"alg": "HS256"})
    public = forger.own.public_key
    tag = hmac.new(public.x + public.y, f"{parts.header}.{parts.claims}".encode(), hashlib.sha256).digest()
    parts.signature = base64url.encode(tag)


def _key_in_header(forger: Forger, parts: Parts, random: Random) -> None:
    """A key, or where to fetch it, in the header; signed with that key."""
    jwk = forger.unregistered.public_key.jwk()
    odd: dict[str, Any] = random.choice(
        ({"jwk": jwk}, {"jku": "http://127.0.0.1:1/"}, {"x5c": ["AA"]}, {"crit": ["b64"]})
    )
    sign(parts, forger.unregistered, {**decoded(parts.header), **odd})


def _other_kid(forger: Forger, parts: Parts, random: Random) -> None:
    key = random.choice((forger.unregistered, forger.foreign))
    parts.header = encoded(decoded(parts.header) | {"kid": key.public_key.kid})


def _signed_by(choose: Callable[[Forger], PrivateKey], *, keep_kid: bool = False) -> Forgery:
    """Claims changed, then signed by a key that is not the issuer's; under its own kid, or the issuer's."""

    def forge(forger: Forger, parts: Parts, random: Random) -> None:
        key = choose(forger)
        if random.random() < 0.7:
            _change_claims(parts, random)
        header = decoded(parts.header) | {"alg": key.public_key.algorithm.jose}
        sign(parts, key, header if keep_kid else header | {"kid": key.public_key.kid})

    return forge


def _signed_by_issuer(forger: Forger, parts: Parts, random: Random) -> None:
    """What the issuer itself signed a second time, with times or content changed, and never registered."""
    _change_claims(parts, random)
    sign(parts, forger.own, decoded(parts.header))


def _claims_changed(_forger: Forger, parts: Parts, random: Random) -> None:
    _change_claims(parts, random)


def _change_claims(parts: Parts, random: Random) -> None:
    claims = decoded(parts.claims)
    name, value = random.choice(CLAIMS)
    claims[name] = value
    if random.random() < 0.2:
        claims.pop(random.choice(sorted(claims)))
    parts.claims = encoded(claims)


CLAIMS: tuple[tuple[str, Any], ...] = (
    ("iat", 0),
    ("iat", 2**53 - 1),
    ("iat", 2**53),
    ("iat", -1),
    ("iat", 1.5),
    ("iat", "1790000000"),
    ("iat", True),
    ("exp", 1),
    ("exp", 2**53 - 1),
    ("nbf", 2**53 - 1),
    ("nbf", None),
    ("iss", "sg.temasek-shipping"),
    ("iss", "cn.customs"),
    ("iss", "cn.eastern-meridian "),
    ("iss", "\u0000"),
    ("vct", "urn:portseal:kind:certificate-of-origin:1"),
    ("vct", "urn:portseal:kind:bill-of-lading:2"),
    ("vct", ""),
    ("jti", "A" * 21 + "B"),
    ("jti", "x"),
    ("_sd_alg", "md5"),
    ("cnf", {"jwk": {}}),
    ("attachments", [{"...": "A" * 43}]),
    ("attachments", None),
    ("document", {}),
    ("document", {"_sd": ["A" * 43]}),
    ("document", []),
    ("status", {"status_list": {"uri": "http://127.0.0.1:1/"}}),
    ("\ud800", 1),
)
FORGERIES: dict[str, Forgery] = {
    **DISCLOSURE_FORGERIES,
    "character replaced": _in_part(_flip),
    "bit flipped": _in_part(_flip_bit),
    "character inserted": _anywhere,
    "part of another": _swapped_part,
    "disclosure of another": _swapped_disclosure,
    "disclosure twice": _doubled_disclosure,
    "disclosures left out": _fewer_disclosures,
    "disclosures reordered": _reordered,
    "disclosure invented": _invented_disclosure,
    "disclosure written anew": _resalted,
    "padding": _in_part(_padded),
    "stray bits": _in_part(_stray_bits),
    "plain base64": _in_part(_plain_alphabet),
    "line broken": _in_part(_broken_line),
    "high s": _high_s,
    "odd signature": _odd_signature,
    "no algorithm": _no_algorithm,
    "public key as secret": _with_public_key_as_secret,
    "key in header": _key_in_header,
    "kid of another key": _other_kid,
    "claims changed": _claims_changed,
    "signed by nobody": _signed_by(lambda forger: forger.unregistered),
    "signed by nobody, kid kept": _signed_by(lambda forger: forger.unregistered, keep_kid=True),
    "signed by another issuer": _signed_by(lambda forger: forger.foreign),
    "signed by another issuer, kid kept": _signed_by(lambda forger: forger.foreign, keep_kid=True),
    "signed by the issuer, not registered": _signed_by_issuer,
}
