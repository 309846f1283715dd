"""Gate codes made by hand: a statement in a batch of any size, the batch in an hour of any size."""

import os
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from anchors import hour_root, merkle
from anchors.gate_code import GateCode
from api.demonstration.samples import sample
from ledger import gate_statement
from ledger.envelope import issue
from ledger.gate_statement import GateStatement
from ledger.jwk import Algorithm
from ledger.kinds import kind
from ledger.private_key import PrivateKey

HOUR = 500_000
ANCHORED_AT = HOUR * 3_600 + 1_234
ISSUER = "cn.carrier"
KEY = PrivateKey.generate(Algorithm.ES256)


@dataclass(frozen=True)
class Printed:
    """A code, and the root of its hour."""

    code: GateCode
    hour: tuple[bytes, int]


def statement(name: str = "bill-of-lading", document: Any = None, issuer: str = ISSUER, **claims: Any) -> GateStatement:
    stated = document or sample(name)
    envelope = issue(stated, kind(name), issuer, KEY, iat=claims.pop("iat", ANCHORED_AT - 60), **claims)
    return gate_statement.issue(envelope, stated, KEY)


def printed(of: GateStatement, leaves: int = 5, batches: int = 3, anchored_at: int = ANCHORED_AT) -> Printed:
    """Put a statement into a batch of so many leaves, and that into an hour of so many batches."""
    index, hour_index = leaves // 2, batches // 2
    digests = [sha256(b"leaf" + number.to_bytes(4)).digest() for number in range(leaves)]
    digests[index] = of.leaf
    hour = [(sha256(b"root" + number.to_bytes(4)).digest(), 7, anchored_at) for number in range(batches)]
    hour[hour_index] = (merkle.root(digests), leaves, anchored_at)
    code = GateCode(
        statement=of,
        index=index,
        size=leaves,
        path=merkle.inclusion_path(digests, index),
        anchored_at=anchored_at,
        hour_index=hour_index,
        hour_path=hour_root.path(hour, hour_index),
    )
    return Printed(code, hour_root.hour_root(hour))


def noise(hashes: int) -> tuple[bytes, ...]:
    return tuple(os.urandom(32) for _ in range(hashes))
