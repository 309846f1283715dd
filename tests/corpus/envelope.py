"""What is forged about the JWT: bits, encodings, header, algorithm, signature."""

import hashlib
import hmac
from random import Random
from typing import Any

from ledger import base64url
from ledger.low_s import P256_ORDER
from tests.corpus.ground import Ground
from tests.corpus.kind import NEVER_YES, Kind, forgery
from tests.corpus.pieces import (
    ALPHABET,
    Change,
    anywhere,
    changed,
    flipped,
    header_with,
    in_disclosure,
    in_part,
    signed,
)
from tests.hostile.forged_parts import Parts, decoded, encoded

UNREADABLE, SIGNATURE, UNKNOWN_KEY = "form.unreadable", "integrity.signature", "issuer.key-unknown"


def _high_s(parts: Parts, _random: Random) -> None:
    signature = base64url.decode(parts.signature)
    s = P256_ORDER - int.from_bytes(signature[32:])
    parts.signature = base64url.encode(signature[:32] + s.to_bytes(32))


def _odd_signature(parts: Parts, random: Random) -> None:
    zero, one, order = bytes(32), (1).to_bytes(32), P256_ORDER.to_bytes(32)
    odd = (zero + zero, zero + one, one + zero, order + order, order + one, b"\xff" * 64, random.randbytes(64))
    parts.signature = base64url.encode(random.choice(odd))


def _signature_of_another_length(parts: Parts, random: Random) -> None:
    signature = base64url.decode(parts.signature)
    parts.signature = base64url.encode(random.choice((b"", signature[:-1], signature + b"\0", signature[:32])))


def _no_algorithm(parts: Parts, random: Random) -> None:
    header_with(alg=random.choice(("none", "None", "NONE", "")))(parts, random)
    if random.random() < 0.5:
        parts.signature = ""


def _another_algorithm(parts: Parts, random: Random) -> None:
    header_with(alg=random.choice(("Ed25519", "EdDSA", "ES384", "ES256K", "RS256", "PS256")))(parts, random)


def _secret_from_public_key(ground: Ground, random: Random) -> str:
    """The classic: HS256, with what the registry shows of the key as the secret."""
    public, parts = ground.first.key.public_key, Parts.of(ground.genuine.serialize())
    header_with(alg=random.choice(("HS256", "ES256")))(parts, random)
    secret = random.choice((public.x + public.y, public.thumbprint, b"\4" + public.x + public.y))
    tag = hmac.new(secret, f"{parts.header}.{parts.claims}".encode(), hashlib.sha512).digest()
    parts.signature = base64url.encode(tag)
    return parts.text()


def _own_header(member: str, *values: Any) -> Any:
    """The issuer's very own signature, with a header that tells where a key or a rule is."""

    def make(ground: Ground, random: Random) -> str:
        value = random.choice(values) if values else ground.second.key.public_key.jwk()
        return signed(ground.first.key, ground.genuine.claims, *ground.genuine.disclosures, **{member: value})

    return make


def _key_in_header(ground: Ground, _random: Random) -> str:
    stranger = ground.stranger()
    return signed(stranger, ground.genuine.claims, *ground.genuine.disclosures, jwk=stranger.public_key.jwk())


def _padded(text: str, random: Random) -> str:
    return text + "=" * random.choice((1, 2, 3))


def _stray_bits(text: str, random: Random) -> str:
    """The last character holds bits that stand for nothing, where the length leaves some."""
    if len(text) % 4 == 0:
        return text + "A"
    return text[:-1] + ALPHABET[ALPHABET.index(text[-1]) ^ 1]


def _white_space(text: str, random: Random) -> str:
    place = random.randint(0, len(text))
    return text[:place] + random.choice((" ", "\n", "\r\n", "\t", "\x00", "\u00a0", "\u200b")) + text[place:]


def _plain_base64(text: str, random: Random) -> str:
    place = random.randrange(len(text))
    return text[:place] + random.choice("+/") + text[place + 1 :]


def _key_binding(ground: Ground, random: Random) -> str:
    bound = signed(
        random.choice((ground.first.key, ground.stranger())), {"nonce": "n", "sd_hash": "A" * 43}, typ="kb+jwt"
    )
    return ground.genuine.serialize() + random.choice((bound, bound[:-1], "A", "e30.e30.AA"))


def _flipped_tail(ground: Ground, random: Random) -> str:
    """The last tilde, which says that nothing follows."""
    text = ground.genuine.serialize()
    return text[:-1] + chr(ord("~") ^ (1 << random.randrange(7)))


def _other_type(parts: Parts, random: Random) -> None:
    header_with(typ=random.choice(("JWT", "vc+sd-jwt", "DC+SD-JWT", "portseal-answer+jwt", None, 7)))(parts, random)


def _other_kid(parts: Parts, random: Random) -> None:
    header_with(kid=base64url.encode(random.randbytes(32)))(parts, random)


def _odd_kid(parts: Parts, random: Random) -> None:
    header_with(kid=random.choice(("", "1", None, 7, ["a"], "../../keys", "A" * 42 + "B")))(parts, random)


def _parts_of_another(parts_of: str) -> Any:
    def make(ground: Ground, _random: Random) -> str:
        parts, other = Parts.of(ground.genuine.serialize()), Parts.of(ground.other.serialize())
        setattr(parts, parts_of, getattr(other, parts_of))
        return parts.text()

    return make


def _claims_changed(parts: Parts, random: Random) -> None:
    claims = decoded(parts.claims)
    name, value = random.choice(
        (
            ("iat", claims["iat"] - 86_400),
            ("iss", "cn.somebody"),
            ("jti", base64url.encode(random.randbytes(16))),
            ("exp", 2**40),
        )
    )
    parts.claims = encoded(claims | {name: value})


def _no_envelope(ground: Ground, random: Random) -> str | bytes:
    text = ground.genuine.serialize()
    odd = ("", "~", "~~", "{}", "a.b.c~", "..~", text[:-1], text + text, text + "\n", "~" + text, text.split("~")[0])
    garbage = (random.randbytes(random.randrange(200)), text.encode("utf-16"), b"\xff\xfe" + text.encode())
    return random.choice((*odd, *garbage))


def _change(name: str, change: Change, *codes: str, **more: Any) -> Kind:
    return forgery(name, changed(change), *codes, **more)


KINDS: tuple[Kind, ...] = (
    forgery("what is no envelope", _no_envelope, UNREADABLE),
    _change(
        "bit flipped in the header",
        in_part("header", flipped),
        UNREADABLE,
        UNKNOWN_KEY,
        "issuer.unreadable",
        authentic=NEVER_YES,
    ),
    _change("bit flipped in the claims", in_part("claims", flipped), UNREADABLE, SIGNATURE),
    _change("bit flipped in the signature", in_part("signature", flipped), SIGNATURE),
    _change("bit flipped in a disclosure", in_disclosure(flipped), UNREADABLE, "integrity.disclosures"),
    forgery("bit flipped in the last tilde", _flipped_tail, UNREADABLE),
    forgery("key binding added", _key_binding, UNREADABLE),
    _change("high s", _high_s, SIGNATURE),
    _change("signature out of range", _odd_signature, SIGNATURE),
    _change("signature of another length", _signature_of_another_length, UNREADABLE),
    _change("algorithm none", _no_algorithm, UNREADABLE),
    _change("algorithm of another key", _another_algorithm, UNREADABLE, SIGNATURE),
    forgery("public key as a secret", _secret_from_public_key, UNREADABLE, SIGNATURE),
    forgery("key in the header", _key_in_header, UNREADABLE),
    forgery("header jwk", _own_header("jwk"), UNREADABLE),
    forgery("header jku", _own_header("jku", "https://keys.example/1", "http://127.0.0.1:1/", ""), UNREADABLE),
    forgery("header x5u or x5c", _own_header("x5u", "https://keys.example/1", ["AA"]), UNREADABLE),
    forgery("header crit", _own_header("crit", ["b64"], ["exp"], []), UNREADABLE),
    forgery("header with one member more", _own_header("cty", "json", 1, None), UNREADABLE),
    _change("another type", _other_type, UNREADABLE),
    _change("kid of no key", _other_kid, UNKNOWN_KEY, "issuer.unreadable", authentic=NEVER_YES),
    _change("kid that is none", _odd_kid, UNREADABLE),
    _change("padded base64url", anywhere(_padded), UNREADABLE),
    _change("stray bits in base64url", anywhere(_stray_bits), UNREADABLE),
    _change("plain base64", anywhere(_plain_base64), UNREADABLE, SIGNATURE),
    _change("white space", anywhere(_white_space), UNREADABLE),
    forgery("claims of another document", _parts_of_another("claims"), SIGNATURE),
    forgery("signature of another document", _parts_of_another("signature"), SIGNATURE),
    _change("claims changed", _claims_changed, SIGNATURE),
)
