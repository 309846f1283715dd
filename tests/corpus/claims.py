"""What an issuer that signs anything may put into claims: JSON that two readers read differently, other kinds."""

import json
from random import Random
from typing import Any

from ledger.canonical import canonicalize
from ledger.kinds import kind as kind_named
from tests.corpus.ground import Ground
from tests.corpus.kind import UNKNOWN, Kind, forgery
from tests.corpus.pieces import anchored, signed, signed_bytes
from tests.verifier.world import AEO, BILL, CERTIFICATE

UNREADABLE = "form.unreadable"


def _payload(change: Any) -> Any:
    """The issuer's signature over other bytes than its claims' canonical ones."""

    def make(ground: Ground, random: Random) -> str:
        payload = change(canonicalize(ground.genuine.claims), random)
        return signed_bytes(ground.first.key, payload, *ground.genuine.disclosures)

    return make


def _claims(change: Any, *, sort: bool = True) -> Any:
    def make(ground: Ground, random: Random) -> str:
        claims = json.loads(json.dumps(ground.genuine.claims))
        change(claims, random)
        return anchored(ground, signed(ground.first.key, claims, *ground.genuine.disclosures))

    return make


def _twice(payload: bytes, random: Random) -> bytes:
    name, value = random.choice(((b"iss", b'"cn.customs"'), (b"iat", b"1"), (b"document", b"{}"), (b"vct", b'"x"')))
    member = b'"' + name + b'":'
    return payload.replace(member, member + value + b"," + member, 1)


def _no_number(payload: bytes, random: Random) -> bytes:
    odd = random.choice((b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-0", b"1.0", b"01", b"0x10", b"1e2"))
    return payload.replace(b'"document":{', b'"document":{"a":' + odd + b",", 1)


def _large_number(payload: bytes, random: Random) -> bytes:
    number = random.choice((2**53, -(2**53), 2**64, 10**20, 10**300))
    return payload.replace(b'"document":{', b'"document":{"a":%d,' % number, 1)


def _lone_surrogate(payload: bytes, random: Random) -> bytes:
    odd = random.choice((b'"\\ud800"', b'"\\udfff\\ud800"', b'"\xed\xa0\x80"', b'"\xff"', b'"\xc0\xaf"'))
    return payload.replace(b'"document":{', b'"document":{"a":' + odd + b",", 1)


def _marked(payload: bytes, random: Random) -> bytes:
    return random.choice(
        (b"\xef\xbb\xbf" + payload, payload.decode().encode("utf-16"), payload + b"\n", b" " + payload)
    )


def _deep(payload: bytes, random: Random) -> bytes:
    depth = random.choice((70, 1000, 50_000))
    return payload.replace(b'"document":{', b'"document":{"a":' + b"[" * depth + b"]" * depth + b",", 1)


def _other_form(payload: bytes, random: Random) -> bytes:
    """The same claims, written otherwise: two texts of one document."""
    claims = json.loads(payload)
    turned = dict(reversed(claims.items()))
    forms = (json.dumps(claims), json.dumps(claims, indent=1), json.dumps(turned, separators=(",", ":")))
    return random.choice(forms).encode()


def _no_object(_payload: bytes, random: Random) -> bytes:
    return random.choice((b"[]", b'"claims"', b"null", b"1", b"", b"{"))


def _other_kind(claims: dict[str, Any], random: Random) -> None:
    claims["vct"] = kind_named(random.choice((CERTIFICATE, AEO))).vct


def _other_version(claims: dict[str, Any], random: Random) -> None:
    claims["vct"] = f"urn:portseal:kind:{BILL}:{random.randrange(2, 2**31)}"


def _no_kind(claims: dict[str, Any], random: Random) -> None:
    claims["vct"] = random.choice(("urn:portseal:kind:phytosanitary:1", "", BILL, "https://kinds.example/bill"))


def _odd_claim(claims: dict[str, Any], random: Random) -> None:
    name, value = random.choice(
        (
            *(("iat", odd) for odd in (-1, 1.5, "1", True, None)),
            *(("exp", odd) for odd in ("never", None, -1)),
            *(("iss", odd) for odd in ("CN", "cn.line ", "\u0441n.line", 7, None)),
            *(("jti", odd) for odd in ("x", "A" * 21 + "B", "A" * 43, 7)),
        )
    )
    claims[name] = value


def _missing(claims: dict[str, Any], random: Random) -> None:
    claims.pop(random.choice(("iss", "iat", "jti", "vct", "document", "attachments", "_sd_alg")))


def _unknown_claim(claims: dict[str, Any], random: Random) -> None:
    name, value = random.choice(
        (("aud", "x"), ("cnf", {}), ("status", {"uri": "https://x.example"}), ("_sd", ["A" * 43]))
    )
    claims[name] = value


def _off_schema(claims: dict[str, Any], random: Random) -> None:
    document = claims["document"]
    name = random.choice(("transportDocumentReference", "transportDocumentTypeCode", "isElectronic"))
    document[name] = random.choice((None, [], {}, 2.5))
    if name != "isElectronic" and random.random() < 0.3:
        del document[name]


def _name_of_another(ground: Ground, random: Random) -> str:
    """The issuer's own signature, under another issuer's name."""
    claims = ground.genuine.claims | {"iss": ground.second.name}
    return anchored(ground, signed(ground.first.key, claims, *ground.genuine.disclosures))


KINDS: tuple[Kind, ...] = (
    forgery("duplicate JSON keys", _payload(_twice), UNREADABLE),
    forgery("NaN and numbers of odd form", _payload(_no_number), UNREADABLE),
    forgery("integers beyond 2^53", _payload(_large_number), UNREADABLE),
    forgery("lone surrogates, not UTF-8", _payload(_lone_surrogate), UNREADABLE),
    forgery("byte order mark", _payload(_marked), UNREADABLE),
    forgery("deep nesting", _payload(_deep), UNREADABLE),
    forgery("claims not canonical", _payload(_other_form), UNREADABLE),
    forgery("claims that are no object", _payload(_no_object), UNREADABLE),
    forgery("claim of odd form", _claims(_odd_claim), UNREADABLE),
    forgery("claim missing", _claims(_missing), UNREADABLE),
    forgery("claim that no envelope has", _claims(_unknown_claim), UNREADABLE),
    forgery(
        "vct of another kind", _claims(_other_kind), "form.schema", "issuer.not-accredited", "integrity.disclosures"
    ),
    forgery("vct of another version", _claims(_other_version), "form.kind-unknown", authentic=UNKNOWN),
    forgery("vct of no kind", _claims(_no_kind), "form.kind-unknown", authentic=UNKNOWN),
    forgery("document off its schema", _claims(_off_schema), "form.schema"),
    forgery("name of another issuer", _name_of_another, "issuer.key-of-another"),
)
