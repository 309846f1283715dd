"""The gate statement: what a QR code says of a document, signed by its issuer when it issues (docs/gate.md).

A COSE_Sign1 over {1: issuer, 2: kind:version, 3: digest, 4: exp, 5: nbf, 6: iat, 7: {label: value}, 8: [code]}, by the
key that signed the envelope. SHA-256 of its bytes is a leaf of its own, so that the anchor dates it too.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from ledger import cose_sign1, deterministic_cbor
from ledger.cose_sign1 import CoseSign1
from ledger.envelope import Envelope
from ledger.errors import Invalid
from ledger.identifier import to_bytes32
from ledger.jwk import PublicKey
from ledger.kinds import kind_of_vct
from ledger.kinds.gate_field import GateValue
from ledger.kinds.kind import Document, Kind
from ledger.scope import is_code, lies_within, scope_of_gate
from ledger.signer import Signer
from ledger.strict_json import MAX_INTEGER

CONTEXT: Final = b"portseal gate 1"
"""external_aad of the signature: nothing else that these keys sign can be taken for a gate statement."""

MAX_BYTES: Final = 512
"""The longest statement; what our kinds make has at most 474 (tests/ledger/test_gate_statement.py)."""

_ISSUER, _KIND, _DIGEST, _EXP, _NBF, _IAT, _FIELDS, _SCOPE = range(1, 9)
_REQUIRED: Final = {_ISSUER, _KIND, _DIGEST, _IAT, _FIELDS}
_PREFIX: Final = "urn:portseal:kind:"
_MOST_FIELDS, _LONGEST_LIST = 32, 16
MOST_CODES: Final = 16
"""Of a scope, in one statement."""

_MEND: Final = "take the gate statement as it was issued with the document"


@dataclass(frozen=True)
class GateStatement:
    """A statement of the right form; whether its signature is right, `check_signature` tells.

    vct: kind and version as the envelope states them. digest: the document's. Times: seconds since the epoch. scope:
    codes besides which the document has none of their sorts; nothing of the document itself.
    """

    token: CoseSign1 = field(repr=False)
    issuer: str
    vct: str
    digest: bytes
    iat: int
    exp: int | None
    nbf: int | None
    fields: Mapping[int, GateValue]
    scope: tuple[str, ...] = ()

    @property
    def data(self) -> bytes:
        """Its bytes, as they are registered, kept and printed."""
        return self.token.data

    @cached_property
    def leaf(self) -> bytes:
        """The 32 bytes that stand in the batch's tree."""
        return hashlib.sha256(self.data).digest()

    @property
    def kid(self) -> str:
        """The RFC 7638 thumbprint of the key that it says signed it."""
        return self.token.kid

    @cached_property
    def kind(self) -> Kind:
        """The kind and version that it names. Raises Invalid `kind.unknown`: a newer version, perhaps."""
        return kind_of_vct(self.vct)

    def named(self) -> dict[str, GateValue]:
        """Return the fields by their names. Raises Invalid `kind.unknown`, `gate.fields` for one of no known label."""
        names = {known.label: known.name for known in self.kind.gate}
        if not self.fields.keys() <= names.keys():
            raise Invalid("gate.fields", "it states a field that its kind does not have", mend=_MEND)
        return {names[label]: value for label, value in sorted(self.fields.items())}


def issue(envelope: Envelope, document: Document, signer: Signer, scope: Collection[str] = ()) -> GateStatement:
    """Make the statement beside an envelope. document: as it was given to `ledger.envelope.issue`; signer: the same.

    scope: codes that the issuer is limited to; those that say nothing the fields do not say are left out.
    Raises Invalid `key.purpose`, `gate.size`, `gate.scope` for a document outside of it, Unavailable `signer.*`.
    """
    codes = sorted(set(_unsaid(envelope.kind, document, scope)))
    if not all(map(is_code, scope)) or not lies_within(envelope.kind.name, document, codes):
        raise _other("scope", "the document states something besides the scope that is given")
    stated = {
        _ISSUER: envelope.issuer,
        _KIND: envelope.claims["vct"].removeprefix(_PREFIX),
        _DIGEST: envelope.digest,
        _EXP: envelope.exp,
        _NBF: envelope.nbf,
        _IAT: envelope.iat,
        _FIELDS: envelope.kind.gate_fields(document),
        _SCOPE: codes or None,
    }
    payload = {label: value for label, value in stated.items() if value is not None}
    return parse(cose_sign1.sign(deterministic_cbor.encode(payload), signer, CONTEXT).data)


def parse(data: bytes) -> GateStatement:
    """Read a statement in its one form. Raises Invalid `gate.size`, `gate.form`, `gate.header`, `gate.claims`."""
    if len(data) > MAX_BYTES:
        raise Invalid("gate.size", f"a gate statement has at most {MAX_BYTES} bytes", mend=_MEND)
    token = cose_sign1.read(data, "gate")
    stated = cose_sign1.numbered(token.payload, "gate")
    if not _REQUIRED <= stated.keys() <= _REQUIRED | {_EXP, _NBF, _SCOPE}:
        raise _malformed("its labels are not those of a gate statement")
    times = [stated.get(label) for label in (_IAT, _EXP, _NBF)]
    if not all(time is None or _is_time(time) for time in times) or not _is_issuer(stated[_ISSUER]):
        raise _malformed("issuer or times are none")
    if not isinstance(stated[_DIGEST], bytes) or len(stated[_DIGEST]) != 32 or not _is_kind(stated[_KIND]):
        raise _malformed("digest or kind is none")
    if not _are_fields(stated[_FIELDS]):
        raise _malformed("its fields are not labels with texts, numbers or lists of texts")
    if _SCOPE in stated and not _is_scope(stated[_SCOPE]):
        raise _malformed(f"its scope is not 1 to {MOST_CODES} codes in ascending order")
    return GateStatement(
        token=token,
        issuer=stated[_ISSUER],
        vct=_PREFIX + stated[_KIND],
        digest=stated[_DIGEST],
        iat=stated[_IAT],
        exp=stated.get(_EXP),
        nbf=stated.get(_NBF),
        fields=stated[_FIELDS],
        scope=tuple(stated.get(_SCOPE, ())),
    )


def check_signature(statement: GateStatement, key: PublicKey) -> None:
    """Raise Invalid `gate.key`, `gate.algorithm`, `gate.signature`, `gate.high-s` unless `key` signed it."""
    cose_sign1.check_signature(statement.token, key, CONTEXT, "gate")


def check_beside(statement: GateStatement, envelope: Envelope, document: Document, key: PublicKey) -> None:
    """Raise Invalid unless it was made beside this envelope: by its key, and saying nothing else than the document.

    document: whole. key: that of the envelope. It may leave out fields, and dates it may not. Codes: `gate.document`,
    `gate.kind`, `gate.issuer`, `gate.dates`, `gate.fields`, `gate.scope`, and those of `check_signature`.
    """
    if statement.digest != envelope.digest:
        raise _other("document", "it names another document than the envelope")
    if statement.issuer != envelope.issuer:
        raise _other("issuer", "it names another issuer than the envelope")
    if statement.vct != envelope.claims["vct"]:
        raise _other("kind", "it names another kind than the envelope")
    if (statement.iat, statement.exp, statement.nbf) != (envelope.iat, envelope.exp, envelope.nbf):
        raise _other("dates", "its dates are not those of the envelope")
    check_signature(statement, key)
    says = envelope.kind.gate_fields(document)
    if not all(label in says and _same(says[label], value) for label, value in statement.fields.items()):
        raise _other("fields", "it says something else than the document, or more than its kind repeats")
    if not lies_within(envelope.kind.name, document, statement.scope):
        raise _other("scope", "the document states something besides the scope that it names")


def _unsaid(kind: Kind, document: Document, scope: Collection[str]) -> list[str]:
    """Return the codes of the sorts that the statement's fields do not tell of."""
    fields = {known.name: value for known in kind.gate if (value := known.read(document)) is not None}
    return [code for said in scope_of_gate(kind.name, fields, scope).values() for code in said.within]


def _same(one: GateValue, other: GateValue) -> bool:
    return type(one) is type(other) and one == other


def _is_time(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_INTEGER


def _is_issuer(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(to_bytes32(value))
    except Invalid:
        return False


def _is_kind(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.count(":") == 1


def _are_fields(value: Any) -> bool:
    if not isinstance(value, dict) or len(value) > _MOST_FIELDS:
        return False
    return all(type(label) is int and label > 0 and _is_value(one) for label, one in value.items())


def _is_scope(value: Any) -> bool:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_CODES:
        return False
    return all(isinstance(one, str) and is_code(one) for one in value) and value == sorted(set(value))


def _is_value(value: Any) -> bool:
    if isinstance(value, list):
        return 0 < len(value) <= _LONGEST_LIST and all(isinstance(one, str) for one in value)
    return isinstance(value, str) or type(value) is bool or _is_time(value)


def _malformed(detail: str) -> Invalid:
    return Invalid("gate.claims", detail, mend=_MEND)


def _other(code: str, detail: str) -> Invalid:
    return Invalid(f"gate.{code}", detail, mend="register the gate statement that was made beside this envelope")
