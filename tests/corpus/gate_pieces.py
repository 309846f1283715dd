"""A QR code by value in pieces, put together wrongly."""

import zlib
from collections.abc import Callable
from random import Random
from typing import Any

import base45
import cbor2

from anchors.gate_code import PREFIX, GateCode
from ledger import cose_sign1, deterministic_cbor
from ledger.gate_statement import CONTEXT, GateStatement, parse
from ledger.private_key import PrivateKey
from tests.corpus.kind import Attempt

Make = Callable[[Any, Random], Attempt]


def parts_of(code: GateCode) -> list[Any]:
    """Statement, index, size, path, anchored at, index and path in the hour."""
    paths = b"".join(code.path), b"".join(code.hour_path)
    place = [code.index, code.size, paths[0], code.anchored_at, code.hour_index, paths[1]]
    return [code.statement.data, *place]


def packed(content: bytes) -> str:
    return in_base45(zlib.compress(content, 9))


def in_base45(data: bytes) -> str:
    encoded: bytes = base45.b45encode(data)
    return PREFIX + encoded.decode("ascii")


def text_of(parts: list[Any]) -> str:
    return packed(deterministic_cbor.encode(parts))


def with_statement(code: GateCode, data: bytes) -> str:
    """The code with the bytes of another statement, whatever they are."""
    return text_of([data, *parts_of(code)[1:]])


def cose(protected: Any, payload: Any, signature: Any, unprotected: Any = None, tag: int = 18) -> bytes:
    return deterministic_cbor.encode(cbor2.CBORTag(tag, [protected, unprotected or {}, payload, signature]))


def claims_of(statement: GateStatement) -> dict[int, Any]:
    return cose_sign1.numbered(statement.token.payload, "gate")


def signed(key: PrivateKey, claims: Any, context: bytes = CONTEXT) -> bytes:
    """A statement of any claims by a key, in the right form otherwise."""
    return cose_sign1.sign(deterministic_cbor.encode(claims), key, context).data


def scanned(change: Callable[[Any, GateCode, Random], str]) -> Make:
    """The code of a genuine document, changed."""

    def make(ground: Any, random: Random) -> Attempt:
        genuine = ground.genuine
        return Attempt(genuine.serialize(), scan=lambda then: change(then, then.code(then.statement(genuine)), random))

    return make


def restated(change: Callable[[Any, dict[int, Any], Random], dict[int, Any]]) -> Make:
    """The issuer itself says something else than its document, and has that anchored."""

    def make(ground: Any, random: Random) -> Attempt:
        claims = change(ground, claims_of(ground.statement(ground.genuine)), random)
        statement = ground.printer.anchor(parse(signed(ground.first.key, claims)))
        return Attempt(ground.genuine.serialize(), scan=lambda then: then.code(statement).text())

    return make
