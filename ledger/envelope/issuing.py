"""Document to envelope."""

import math
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from ledger import base64url, compact_jws
from ledger.envelope.attachment import Attachment, check_statements
from ledger.envelope.claims import check_claims
from ledger.envelope.disclosure import RESERVED, make
from ledger.envelope.envelope import TYPE, Envelope
from ledger.envelope.groups import conceal
from ledger.envelope.parsing import check_count, check_size
from ledger.errors import Invalid
from ledger.json_number import is_exact_fraction
from ledger.json_pointer import append, shown, walk
from ledger.kinds.kind import Kind
from ledger.signer import Signer
from ledger.strict_json import DEFAULT

_RESERVED = {*RESERVED, "_sd_alg"}
_HOLDERS = (dict, list)


def issue(
    document: Mapping[str, Any],
    kind: Kind,
    issuer: str,
    signer: Signer,
    *,
    attachments: Sequence[Attachment] = (),
    iat: int,
    jti: str | None = None,
    expires: int | None = None,
) -> Envelope:
    """Sign `document`, with every group that it holds and every attachment as a disclosure.

    issuer: its id in the registry. iat, expires: seconds since the epoch; without `expires` what the document says
    itself. jti: 16 bytes in base64url, random if absent; the same again only to supersede (DESIGN §2).

    Raises Invalid: `document.schema`, `envelope.reserved-name`, `json.too-deep`, `canonical.value`,
    `attachment.form`, `attachment.duplicate`, `envelope.claims`, `envelope.size`, `envelope.disclosure-count`,
    `key.purpose`; Unavailable `signer.*`.
    """
    kind.validate(document)
    _check_members(document)
    statements = [attachment.statement() for attachment in attachments]
    check_statements(statements)
    concealed, groups = conceal(document, kind.groups)
    files = [make(None, statement) for statement in statements]
    claims = {
        "_sd_alg": "sha-256",
        "attachments": [{"...": disclosure.digest} for disclosure in files],
        "document": concealed,
        "iat": iat,
        "iss": issuer,
        "jti": base64url.encode(secrets.token_bytes(16)) if jti is None else jti,
        "vct": kind.vct,
    }
    exp = kind.expires(dict(document)) if expires is None else expires
    return _sign(claims | ({} if exp is None else {"exp": exp}), [d.text for d in groups + files], signer)


def _sign(claims: dict[str, Any], disclosures: Sequence[str], signer: Signer) -> Envelope:
    check_claims(claims)
    check_count(len(disclosures))
    token = compact_jws.sign(claims, signer, TYPE)
    envelope = Envelope(token.text, tuple(disclosures), token)
    check_size(len(envelope.serialize()))
    return envelope


def _check_members(document: Mapping[str, Any]) -> None:
    """Refuse what no reader of the envelope would take: reserved names, too deep nesting."""
    if _is_wrong(document, 1):
        for pointer, value in walk(document):
            _check_member(pointer, value)


def _is_wrong(value: Mapping[str, Any] | Sequence[Any], depth: int) -> bool:
    # Without pointers, which cost more than all the rest.
    if depth > DEFAULT.max_depth or (isinstance(value, dict) and not _RESERVED.isdisjoint(value)):
        return True
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, _HOLDERS):
            if _is_wrong(item, depth + 1):
                return True
        elif isinstance(item, float) and _reads_as_integer(item):
            return True
    return False


def _check_member(pointer: str, value: object) -> None:
    if pointer.count("/") >= DEFAULT.max_depth and isinstance(value, dict | list):
        raise Invalid(
            "json.too-deep",
            f"the document is nested more than {DEFAULT.max_depth} deep",
            pointer=shown(pointer),
            mend="nest it less deeply",
        )
    if isinstance(value, float) and _reads_as_integer(value):
        raise Invalid(
            "json.number",
            "a reader would take the number for an integer beyond 2^53-1",
            pointer=shown(pointer),
            mend="give a large number as a text",
        )
    for name in _RESERVED & set(value) if isinstance(value, dict) else ():
        raise Invalid(
            "envelope.reserved-name",
            f"{name} is a name that SD-JWT keeps for itself (RFC 9901 §4.1)",
            pointer=shown(append(pointer, name)),
            mend="rename the member",
        )


def _reads_as_integer(number: float) -> bool:
    # What is not finite has no canonical form at all, and `canonicalize` says so.
    return math.isfinite(number) and not is_exact_fraction(repr(number))
