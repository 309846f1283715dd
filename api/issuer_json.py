"""Answers about issuers as JSON."""

from typing import Any

from api.entries import entries_json
from api.moment import show
from api.registry_reading import Reading
from ledger.dated_list import Entry, at, code_at
from ledger.errors import Refused
from ledger.issuer_registry import IssuerRegistry, IssuerState, KeyState, Limit


def issuer_json(registry: IssuerRegistry, read: Reading, issuer: str) -> dict[str, Any]:
    """Return everything about one issuer, each fact with its history."""
    return summary_json(registry, read, issuer) | {
        "authority": read(registry.authority_of, issuer),
        "entries": entries_json(read(registry.issuer_entries, issuer)),
        "held_by": entries_json(read(registry.issuer_hold_entries, issuer)),
        "authorized_as_body": entries_json(read(registry.body_entries, issuer)),
        "accreditations": [_accreditation(registry, read, issuer, kind) for kind in read(registry.kinds, issuer)],
        "keys": [_key(registry, read, thumbprint) for thumbprint in read(registry.keys, issuer)],
        "accounts": list(read(registry.accounts, issuer)),
    }


def summary_json(registry: IssuerRegistry, read: Reading, issuer: str) -> dict[str, Any]:
    """Return accreditor, state and kinds at the time asked for."""
    state = _code(read, read(registry.issuer_entries, issuer))
    kinds = read(registry.kinds, issuer)
    return {
        "issuer": issuer,
        "accreditor": read(registry.accreditor, issuer),
        "state": IssuerState(state).name.lower() if state else "unknown-then",
        "kinds": [kind for kind in kinds if _code(read, read(registry.accreditation_entries, issuer, kind))],
    }


def _code(read: Reading, entries: tuple[Entry, ...]) -> int:
    return code_at(entries, read.moment.time, read.moment.known_at)


def _accreditation(registry: IssuerRegistry, read: Reading, issuer: str, kind: str) -> dict[str, Any]:
    entries = read(registry.accreditation_entries, issuer, kind)
    entry = at(entries, read.moment.time, read.moment.known_at)
    return {
        "kind": kind,
        "accredited": bool(entry and entry.code),
        "limits": [one.name.lower().replace("_", "-") for one in Limit(entry.detail) if one.name] if entry else [],
        "entries": entries_json(entries),
        "scope": [_scope(registry, read, issuer, kind, code) for code in read(registry.scope, issuer, kind)],
    }


def _scope(registry: IssuerRegistry, read: Reading, issuer: str, kind: str, code: str) -> dict[str, Any]:
    entries = read(registry.scope_entries, issuer, kind, code)
    return {"code": code, "in_scope": _code(read, entries) == 1, "entries": entries_json(entries)}


def _key(registry: IssuerRegistry, read: Reading, thumbprint: bytes) -> dict[str, Any]:
    key = read(registry.key, thumbprint)
    if key is None:
        raise Refused("registry.key", "a listed key has no record", mend="tell the node's host")
    entries, compromises = read(registry.key_entries, thumbprint), read(registry.compromise_entries, thumbprint)
    known = [one for one in compromises if one.recorded_at <= read.moment.known_at]
    state = _code(read, entries)
    return {
        "kid": key.public_key.kid,
        "jwk": key.public_key.jwk(),
        "state": KeyState(state).name.lower() if state else "not-in-use",
        "compromised_since": show(known[-1].effective_from) if known else None,
        "entries": entries_json(entries),
        "held_by": entries_json(read(registry.key_hold_entries, thumbprint)),
        "compromises": entries_json(compromises),
    }
