"""Gate statements that the issuer did not sign, or not as what they are shown as; and what it did sign, but oddly."""

from collections.abc import Callable
from random import Random
from typing import Any

import cbor2

from anchors.gate_code import GateCode
from ledger import base64url, deterministic_cbor
from ledger.gate_statement import CONTEXT, MAX_BYTES
from ledger.issuer_state import Limit
from ledger.low_s import P256_ORDER
from tests.corpus.gate_pieces import Make, claims_of, cose, restated, scanned, signed, with_statement
from tests.corpus.ground import Ground
from tests.corpus.keys import ACTIVE
from tests.corpus.kind import GATE, MODES, NEVER_YES, UNKNOWN, YES, Attempt, Kind, fault, forgery
from tests.corpus.spoilt import flipped
from tests.hostile.forged_parts import Parts
from tests.verifier.world import BILL
from verifier.axes import Usable

UNREADABLE, SIGNATURE = "form.gate-unreadable", "integrity.signature"
ISSUER, KIND, DIGEST, EXP, NBF, IAT, FIELDS = range(1, 8)
Claims = dict[int, Any]


def _token(change: Callable[[Any, dict[str, Any], Random], dict[str, Any]]) -> Make:
    """Its three parts under one another's old signature, but for what is changed."""

    def text(then: Any, code: GateCode, random: Random) -> str:
        token = code.statement.token
        parts = {"protected": token.protected, "payload": token.payload, "signature": token.signature}
        return with_statement(code, cose(**parts | change(then, parts, random)))

    return scanned(text)


def _bit(part: str) -> Make:
    return _token(lambda _, parts, random: {part: flipped(parts[part], random)})


def _anywhere(_then: Any, code: GateCode, random: Random) -> str:
    return with_statement(code, flipped(code.statement.data, random))


def _claims(change: Callable[[Claims, Random], Claims]) -> Make:
    return _token(
        lambda then, _, random: {
            "payload": deterministic_cbor.encode(change(claims_of(then.statement(then.genuine)), random))
        }
    )


def _told_otherwise(claims: Claims, random: Random) -> Claims:
    label = random.choice(list(claims[FIELDS]))
    values = [one for one in ("other", 7, True, False, ["a", "b"]) if one != claims[FIELDS][label]]
    fields: Any = claims[FIELDS] | {label: random.choice(values)}
    other = {ISSUER: "cn.somebody", DIGEST: random.randbytes(32), IAT: claims[IAT] - 86_400, EXP: 2**40, FIELDS: fields}
    chosen = random.choice(list(other))
    return claims | {chosen: other[chosen]}


def _high_s(_then: Any, parts: dict[str, Any], _random: Random) -> dict[str, Any]:
    s = P256_ORDER - int.from_bytes(parts["signature"][32:])
    return {"signature": parts["signature"][:32] + s.to_bytes(32)}


def _odd_signature(_then: Any, _parts: dict[str, Any], random: Random) -> dict[str, Any]:
    zero, order = bytes(32), P256_ORDER.to_bytes(32)
    return {"signature": random.choice((zero + zero, zero + order, order + order, b"\xff" * 64, random.randbytes(64)))}


def _algorithm(then: Any, _parts: dict[str, Any], random: Random) -> dict[str, Any]:
    number = random.choice((-19, -8, 0, 5, -35, -47, True, "ES256"))
    return {"protected": deterministic_cbor.encode({1: number, 4: then.first.thumbprint})}


def _header(then: Any, _parts: dict[str, Any], random: Random) -> dict[str, Any]:
    """Another member in one of the two headers: of what is signed anybody may think what he likes of it."""
    if random.random() < 0.5:
        return {"unprotected": {random.choice((1, 4, 33)): random.choice((-7, then.first.thumbprint))}}
    more = random.choice(({2: [1]}, {3: 0}, {33: b"x"}))
    return {"protected": deterministic_cbor.encode({1: -7, 4: then.first.thumbprint} | more)}


def _form(_then: Any, code: GateCode, random: Random) -> str:
    token = code.statement.token
    parts = [token.protected, {}, token.payload, token.signature]
    odd = (
        deterministic_cbor.encode(parts),
        cose(*parts[:1], *parts[2:], tag=random.choice((16, 17, 61, 98))),
        deterministic_cbor.encode(cbor2.CBORTag(18, parts[: random.randrange(4)])),
        deterministic_cbor.encode(cbor2.CBORTag(18, [*parts, b""])),
        cose(token.protected, token.payload, token.signature[: random.randrange(64)]),
        b"\xd8\x12" + token.data[1:],
        token.data + b"\0",
        token.data[: random.randrange(len(token.data))],
        cose(token.protected, token.payload + bytes(MAX_BYTES), token.signature),
        code.statement.leaf,
    )
    return with_statement(code, random.choice(odd))


# --- signed by a key that is not for that


def _by_thief(then: Any, _parts: dict[str, Any], _random: Random) -> dict[str, Any]:
    """The victim's kid, and all that it said, above a thief's signature."""
    stolen = signed(then.stranger(), claims_of(then.statement(then.genuine)))
    return {"signature": stolen[-64:]}


def _of_the_envelope(then: Any, _parts: dict[str, Any], _random: Random) -> dict[str, Any]:
    return {"signature": base64url.decode(Parts.of(then.genuine.serialize()).signature)}


def _in_another_context(then: Any, _parts: dict[str, Any], random: Random) -> dict[str, Any]:
    """The issuer did sign these very claims, for something else."""
    context = random.choice((b"", b"portseal gate 2", CONTEXT + b"\0", b"portseal pack 1"))
    return {"signature": signed(then.first.key, claims_of(then.statement(then.genuine)), context)[-64:]}


def _bare(then: Any, parts: dict[str, Any], random: Random) -> dict[str, Any]:
    """The key signed the payload, or the whole statement, as plain bytes."""
    data = random.choice((parts["payload"], parts["protected"] + parts["payload"], then.genuine.digest))
    return {"signature": then.first.key.sign(data)}


def _jwt_as_statement(then: Any, code: GateCode, random: Random) -> str:
    """The envelope's own bytes where the statement should be."""
    text = then.genuine.serialize()
    head, claims, signature = text.split("~")[0].split(".")
    raw = base64url.decode(signature)
    return with_statement(code, random.choice((text.encode()[:MAX_BYTES], cose(head.encode(), claims.encode(), raw))))


def _statement_as_jwt(ground: Ground, _random: Random) -> str:
    """The other way round: the statement's signature under the envelope."""
    parts = Parts.of(ground.genuine.serialize())
    parts.signature = base64url.encode(ground.statement(ground.genuine).token.signature)
    return parts.text()


# --- signed by the issuer, oddly


def _odd_claims(ground: Any, claims: Claims, random: Random) -> bytes:
    changes: tuple[Claims, ...] = (
        {8: 1},
        {0: 1},
        {DIGEST: claims[DIGEST][:31]},
        {ISSUER: "CN Carrier"},
        {ISSUER: 7},
        {KIND: "bill-of-lading"},
        {KIND: "a:b:c"},
        {IAT: -1},
        {IAT: True},
        {EXP: 2**53},
        {NBF: "soon"},
        {FIELDS: {number + 1: 1 for number in range(40)}},
        {FIELDS: {1: {"a": 1}}},
        {FIELDS: {1: []}},
        {FIELDS: {0: "a"}},
        {FIELDS: []},
    )
    if random.random() < 0.25:
        lost = random.choice((ISSUER, KIND, DIGEST, IAT, FIELDS))
        return signed(ground.first.key, {label: one for label, one in claims.items() if label != lost})
    return signed(ground.first.key, claims | random.choice(changes))


def _odd(then: Any, code: GateCode, random: Random) -> str:
    return with_statement(code, _odd_claims(then, claims_of(code.statement), random))


def _unknown_field(_ground: Any, claims: Claims, random: Random) -> Claims:
    return claims | {FIELDS: claims[FIELDS] | {random.randrange(100, 255): "x"}}


def _dates(**dates: tuple[int, int]) -> Make:
    """In seconds from now on, before the anchor."""
    labels = {"exp": EXP, "nbf": NBF, "iat": IAT}

    def change(ground: Any, claims: Claims, random: Random) -> Claims:
        return claims | {labels[name]: ground.world.now + random.randint(*span) for name, span in dates.items()}

    return restated(change)


def _newer_kind(_ground: Any, claims: Claims, random: Random) -> Claims:
    return claims | {KIND: random.choice(("bill-of-lading:9", "bill-of-lading:2", "packing-list:1"))}


# --- issuers for some HS chapters only


def _limited(code: str | None) -> Make:
    """What goods there are, a bill's statement does not say by itself: nobody can tell before the envelope is shown."""

    def make(ground: Any, _random: Random) -> Attempt:
        issuer = ground.issuer(limits=int(Limit.HS_CHAPTER))
        if code:
            ground.world.record("scope", issuer.name, BILL, code, code=1)
        return Attempt(ground.anchor(ground.issue(issuer)).serialize())

    return make


NOT_SHOWN = "issuer.scope-not-presented"


def _forged(name: str, make: Make, *codes: str, **more: Any) -> Kind:
    return forgery(f"statement {name}", make, *codes, modes=(GATE,), **more)


def _genuine(name: str, make: Make, *codes: str, **more: Any) -> Kind:
    return fault(f"statement {name}", make, *codes, modes=(GATE,), **more)


KINDS: tuple[Kind, ...] = (
    _forged("with a bit flipped", scanned(_anywhere), authentic=NEVER_YES),
    _forged("with a bit flipped in the header", _bit("protected"), authentic=NEVER_YES),
    _forged("with a bit flipped in the claims", _bit("payload"), UNREADABLE, SIGNATURE),
    _forged("with a bit flipped in the signature", _bit("signature"), SIGNATURE),
    _forged("told otherwise", _claims(_told_otherwise), UNREADABLE, SIGNATURE),
    _forged("with high s", _token(_high_s), SIGNATURE),
    _forged("with a signature out of range", _token(_odd_signature), SIGNATURE),
    _forged("with another algorithm", _token(_algorithm), UNREADABLE, SIGNATURE),
    _forged("with one member more in a header", _token(_header), UNREADABLE),
    _forged("of another form", scanned(_form), UNREADABLE),
    _forged("by a thief under the victim's kid", _token(_by_thief), SIGNATURE),
    _forged("with its envelope's signature", _token(_of_the_envelope), SIGNATURE),
    _forged("signed in another context", _token(_in_another_context), SIGNATURE),
    _forged("signed as plain bytes", _token(_bare), SIGNATURE),
    _forged("that is an envelope", scanned(_jwt_as_statement), UNREADABLE),
    forgery("envelope with its gate statement's signature", _statement_as_jwt, SIGNATURE, modes=MODES),
    _forged("whose claims are odd", scanned(_odd), UNREADABLE),
    _forged("with a field of no name", restated(_unknown_field), UNREADABLE),
    _genuine("of a newer kind", restated(_newer_kind), "form.kind-unknown"),
    _genuine(
        "expired", _dates(exp=(-10_000, 3_600)), "validity.expired", authentic=YES, usable=frozenset({Usable.EXPIRED})
    ),
    _genuine(
        "not to be used yet",
        _dates(nbf=(20_000, 10**9)),
        "validity.not-yet",
        authentic=YES,
        usable=frozenset({Usable.PENDING}),
    ),
    _genuine(
        "dated after its anchor", _dates(iat=(10_000, 10**9)), "validity.stated-later", authentic=YES, usable=ACTIVE
    ),
    _genuine("dated long before its anchor", _dates(iat=(-(10**9), -(10**6))), authentic=YES, usable=ACTIVE),
    _genuine("of an issuer within its chapters", _limited("hs.85"), NOT_SHOWN),
    _forged("of an issuer outside its chapters", _limited("hs.84"), NOT_SHOWN, authentic=UNKNOWN),
    _forged("of an issuer without any chapter", _limited(None), NOT_SHOWN, authentic=UNKNOWN),
)
