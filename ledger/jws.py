"""Signed statements: receipts, answers, checkpoints and reports are compact JWS with RFC 8785 claims."""

from collections.abc import Mapping
from typing import Any

from ledger import compact_jws
from ledger.jwk import PublicKey
from ledger.signer import Signer
from ledger.strict_json import DEFAULT


def sign_statement(claims: Mapping[str, Any], signer: Signer, typ: str) -> str:
    """Return `claims` as a compact JWS of type `typ`. Raises what `compact_jws.sign` raises."""
    return compact_jws.sign_text(claims, signer, typ)


def read_statement(jws: str, key: PublicKey, typ: str) -> dict[str, Any]:
    """Return the claims of a statement of type `typ` signed by `key`. Raises Invalid `jws.*`."""
    token = compact_jws.read(jws, typ, DEFAULT)
    compact_jws.check_signature(token, key)
    return token.claims


def unverified_kid(jws: str) -> str:
    """Return the kid that a statement names, to look its key up by; nothing else is checked or proved.

    Raises Invalid `jws.*` where the header cannot be read.
    """
    return compact_jws.stated_kid(jws)
