"""`GET /v1/issuers`: who may issue what, accredited by whom, with which keys."""

from typing import Any

from fastapi import APIRouter, Response

from api.as_of import as_of
from api.entries import entries_json
from api.moment import show
from api.node import Node
from api.registry_reading import Reading, reading
from api.routes import openapi
from api.routes.parameters import At, Id, TheAnswers, TheFacts, TheNode
from ledger.dated_list import code_at
from ledger.errors import Refused
from ledger.identifier import to_bytes32
from ledger.issuer_registry import IssuerChange, IssuerRegistry, IssuerState, KeyState
from verifier.fact_cache import FactCache

router = APIRouter(prefix="/v1/issuers", tags=["registries"])


@router.get("", summary="All issuers", responses=openapi.SIGNED)
def issuers(node: TheNode, facts: TheFacts, answers: TheAnswers, at: At = None) -> Response:
    """List every issuer that was ever entered, with its state and kinds at the time asked for."""
    registry, read = node.issuer_registry, _reading(node, facts, at)

    def answer() -> dict[str, Any]:
        return {"issuers": [_summary(registry, read, issuer) for issuer in read(registry.issuers)]}

    return answers.give("issuers", read.moment, answer)


@router.get("/{issuer}", summary="One issuer", responses=openapi.SIGNED)
def issuer(node: TheNode, facts: TheFacts, answers: TheAnswers, issuer: Id, at: At = None) -> Response:
    """Show one issuer: accreditor, accreditations and keys, each with its history."""
    to_bytes32(issuer)  # an id, or Invalid
    read = _reading(node, facts, at)
    return answers.give(("issuer", issuer), read.moment, lambda: _issuer(node.issuer_registry, read, issuer))


def _issuer(registry: IssuerRegistry, read: Reading, issuer: str) -> dict[str, Any]:
    if issuer not in read(registry.issuers):
        raise Refused("issuer.unknown", f"no issuer {issuer} in the registry", mend="list them at /v1/issuers")
    return _summary(registry, read, issuer) | {
        "entries": entries_json(read(registry.issuer_entries, issuer)),
        "accreditations": [_accreditation(registry, read, issuer, kind) for kind in read(registry.kinds, issuer)],
        "keys": [_key(registry, read, thumbprint) for thumbprint in read(registry.keys, issuer)],
        "accounts": list(read(registry.accounts, issuer)),
    }


def _reading(node: Node, facts: FactCache, at: str | None) -> Reading:
    def heads(block: int) -> tuple[object, ...]:
        return tuple(node.issuer_registry.changes(kind, at=block) for kind in IssuerChange)

    return reading(facts, "issuers", heads, as_of(node.chain, at))


def _summary(registry: IssuerRegistry, read: Reading, issuer: str) -> dict[str, Any]:
    time, kinds = read.moment.time, read(registry.kinds, issuer)
    state = code_at(read(registry.issuer_entries, issuer), time)
    return {
        "issuer": issuer,
        "accreditor": read(registry.accreditor, issuer),
        "state": IssuerState(state).name.lower() if state else "unknown-then",
        "kinds": [kind for kind in kinds if code_at(read(registry.accreditation_entries, issuer, kind), time)],
    }


def _accreditation(registry: IssuerRegistry, read: Reading, issuer: str, kind: str) -> dict[str, Any]:
    entries = read(registry.accreditation_entries, issuer, kind)
    return {"kind": kind, "accredited": bool(code_at(entries, read.moment.time)), "entries": entries_json(entries)}


def _key(registry: IssuerRegistry, read: Reading, thumbprint: bytes) -> dict[str, Any]:
    key = read(registry.key, thumbprint)
    if key is None:
        raise Refused("registry.key", "a listed key has no record", mend="tell the node's host")
    entries, compromises = read(registry.key_entries, thumbprint), read(registry.compromise_entries, thumbprint)
    state = code_at(entries, read.moment.time)
    return {
        "kid": key.public_key.kid,
        "jwk": key.public_key.jwk(),
        "state": KeyState(state).name.lower() if state else "not-in-use",
        "compromised_since": show(compromises[-1].effective_from) if compromises else None,
        "entries": entries_json(entries),
        "compromises": entries_json(compromises),
    }
