"""Envelopes that are wrong in what RFC 9901 adds to a JWT: digests, disclosures, types, key binding, keys and headers.

What a forger without the issuer's key can do, and what the issuer itself signs wrongly, or signs and never registers.
"""

import hashlib
import json
from collections.abc import Callable
from random import Random
from typing import Any

from ledger import base64url
from tests.hostile.forged_parts import Forger, Forgery, Parts, decoded, encoded, sign

ODD_DISCLOSURES: tuple[Any, ...] = (
    [],
    ["A" * 22],
    ["A" * 22, "charges"],
    ["A" * 22, "charges", {}, {}],
    [1, "charges", {}],
    ["A" * 22, 1, {}],
    ["A" * 22, None, {}],
    ["", "", ""],
    ["A" * 22, "_sd", ["A" * 43]],
    ["A" * 22, "...", "A" * 43],
    ["A" * 22, "documentParties", {"_sd": ["A" * 43]}],
    ["A" * 22, "documentParties", [{"...": "A" * 43}]],
    {"charges": 1},
    "charges",
    None,
    ["A" * 22, "é\u202e", "\u0000"],
    ["A" * 22, "charges", [[[[[[0]]]]]]],
)
HEADERS: tuple[dict[str, Any], ...] = (
    {"typ": "JWT"},
    {"typ": "vc+sd-jwt"},
    {"typ": "DC+SD-JWT"},
    {"typ": None},
    {"typ": ["dc+sd-jwt"]},
    {"kid": None},
    {"kid": 1},
    {"kid": ""},
    {"kid": "../../keys"},
    {"kid": "' OR 1=1 --"},
    {"alg": "EdDSA"},
    {"alg": "Ed25519"},
    {"alg": "es256"},
    {"alg": "ES384"},
    {"alg": ["ES256"]},
    {"b64": False},
    {"crit": []},
    {"cty": "application/json"},
    {"zip": "DEF"},
    {"x5u": "http://127.0.0.1:1/"},
    {"nonce": "\ud800"},
)


def _own_header(forger: Forger, parts: Parts, random: Random) -> None:
    """A header with one odd member, signed by the issuer."""
    header = decoded(parts.header) | random.choice(HEADERS)
    if random.random() < 0.2:
        header.pop(random.choice(sorted(header)))
    sign(parts, forger.own, header)


def _foreign_header(forger: Forger, parts: Parts, random: Random) -> None:
    """A header with one odd member, under the old signature."""
    parts.header = encoded(decoded(parts.header) | random.choice(HEADERS))


def _odd_disclosure(_forger: Forger, parts: Parts, random: Random) -> None:
    made = base64url.encode(json.dumps(random.choice(ODD_DISCLOSURES)).encode())
    if random.random() < 0.5:
        parts.disclosures.append(made)
    else:
        parts.disclosures[random.randrange(len(parts.disclosures))] = made


def _signed_odd_disclosure(forger: Forger, parts: Parts, random: Random) -> None:
    """An odd disclosure whose digest the issuer signed."""
    made = base64url.encode(json.dumps(random.choice(ODD_DISCLOSURES)).encode())
    claims = decoded(parts.claims)
    claims["document"].setdefault("_sd", []).append(_digest(made))
    parts.claims = encoded(claims)
    parts.disclosures.append(made)
    sign(parts, forger.own, decoded(parts.header))


def _moved_digests(forger: Forger, parts: Parts, random: Random) -> None:
    """Digests twice, at odd places, of odd types, or decoys; the genuine disclosures stay; signed by the issuer."""
    claims = decoded(parts.claims)
    random.choice(_MOVES)(claims, random.choice(parts.disclosures))
    parts.claims = encoded(claims)
    sign(parts, forger.own, decoded(parts.header))


def _twice(claims: dict[str, Any], disclosure: str) -> None:
    claims["document"]["_sd"].append(_digest(disclosure))


def _elsewhere(claims: dict[str, Any], disclosure: str) -> None:
    claims["document"]["transports"] = {"_sd": [_digest(disclosure)]}


def _at_the_top(claims: dict[str, Any], disclosure: str) -> None:
    claims["_sd"] = [_digest(disclosure)]


def _in_a_list(claims: dict[str, Any], disclosure: str) -> None:
    claims["document"]["list"] = [{"...": _digest(disclosure)}, {"...": _digest(disclosure), "x": 1}]


def _of_odd_type(claims: dict[str, Any], disclosure: str) -> None:
    claims["document"]["_sd"] = {"digest": _digest(disclosure)}


def _of_numbers(claims: dict[str, Any], _disclosure: str) -> None:
    claims["document"]["_sd"].append(1)


def _decoys(claims: dict[str, Any], _disclosure: str) -> None:
    claims["document"]["_sd"] += [_digest(f"decoy {number}") for number in range(200)]


def _another_algorithm(claims: dict[str, Any], disclosure: str) -> None:
    claims["_sd_alg"] = "sha-512"
    claims["document"]["_sd"].append(base64url.encode(hashlib.sha512(disclosure.encode()).digest()))


def _algorithm_inside(claims: dict[str, Any], _disclosure: str) -> None:
    claims["document"]["_sd_alg"] = "sha-256"


def _shadowing(claims: dict[str, Any], disclosure: str) -> None:
    """A member in the clear beside a disclosure of the same name."""
    claims["document"][json.loads(base64url.decode(disclosure))[1]] = {"shadow": True}


def _key_binding(forger: Forger, parts: Parts, random: Random) -> str:
    """What a holder of another profile appends: a JWT, of whoever."""
    bound = Parts(encoded({"alg": "ES256", "typ": "kb+jwt"}), encoded({"nonce": "n", "sd_hash": "A" * 43}), "", [])
    sign(bound, random.choice((forger.own, forger.unregistered)), decoded(bound.header))
    return parts.text() + random.choice((bound.jwt, bound.jwt + "~", "."))


def _joined(forger: Forger, parts: Parts, random: Random) -> str:
    """Two envelopes as one text, or the JSON forms of a JWS that other profiles use."""
    flattened = {"protected": parts.header, "payload": parts.claims, "signature": parts.signature}
    return random.choice(
        (
            parts.text() * 2,
            parts.text() + "\n" + forger.other,
            parts.jwt,
            parts.jwt + "~~",
            "~" + parts.text(),
            json.dumps(flattened | {"header": {"disclosures": parts.disclosures}}),
            json.dumps({"payload": parts.claims, "signatures": [flattened]}),
        )
    )


def _white_space(_forger: Forger, parts: Parts, random: Random) -> str:
    space = random.choice((" ", "\n", "\t", "\r\n", "\u00a0", "\u2028", "\x0b", "\x00", "\ufeff"))
    place = random.choice(("before", "after", "inside"))
    text = parts.text()
    if place == "inside":
        return text.replace("~", space + "~", 1)
    return space + text if place == "before" else text + space


def _digest(disclosure: str) -> str:
    return base64url.encode(hashlib.sha256(disclosure.encode()).digest())


_MOVES: tuple[Callable[[dict[str, Any], str], None], ...] = (
    _twice,
    _elsewhere,
    _at_the_top,
    _in_a_list,
    _of_odd_type,
    _of_numbers,
    _decoys,
    _another_algorithm,
    _algorithm_inside,
    _shadowing,
)
DISCLOSURE_FORGERIES: dict[str, Forgery] = {
    "odd header, signed by the issuer": _own_header,
    "odd header": _foreign_header,
    "odd disclosure": _odd_disclosure,
    "odd disclosure, signed by the issuer": _signed_odd_disclosure,
    "digests moved, signed by the issuer": _moved_digests,
    "key binding added": _key_binding,
    "joined, or in another form": _joined,
    "white space": _white_space,
}
