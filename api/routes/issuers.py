"""`GET /v1/issuers`: who may issue what, accredited by whom, with which keys."""

from typing import Any

from fastapi import APIRouter

from api.as_of import AsOf, as_of
from api.entries import entries_json
from api.moment import show
from api.routes.parameters import At, Id, TheNode
from ledger.dated_list import code_at
from ledger.errors import Refused
from ledger.issuer_registry import IssuerRegistry, IssuerState, KeyState

router = APIRouter(prefix="/v1/issuers", tags=["registries"])


@router.get("", summary="All issuers")
def issuers(node: TheNode, at: At = None) -> dict[str, Any]:
    """List every issuer that was ever entered, with its state and kinds at the time asked for."""
    moment, registry = as_of(node.chain, at), node.issuer_registry
    return {
        "issuers": [_summary(registry, issuer, moment) for issuer in registry.issuers(at=moment.block.number)],
        "as_of": moment.json(),
    }


@router.get("/{issuer}", summary="One issuer")
def issuer(node: TheNode, issuer: Id, at: At = None) -> dict[str, Any]:
    """Show one issuer: accreditor, accreditations and keys, each with its history."""
    moment, registry = as_of(node.chain, at), node.issuer_registry
    block = moment.block.number
    answer = _summary(registry, issuer, moment)
    return answer | {
        "entries": entries_json(registry.issuer_entries(issuer, at=block)),
        "accreditations": [_accreditation(registry, issuer, kind, moment) for kind in registry.kinds(issuer, at=block)],
        "keys": [_key(registry, thumbprint, moment) for thumbprint in registry.keys(issuer, at=block)],
        "accounts": list(registry.accounts(issuer, at=block)),
        "as_of": moment.json(),
    }


def _summary(registry: IssuerRegistry, issuer: str, moment: AsOf) -> dict[str, Any]:
    block = moment.block.number
    accreditor = registry.accreditor(issuer, at=block)
    if accreditor is None:
        raise Refused("issuer.unknown", f"no issuer {issuer} in the registry", mend="list them at /v1/issuers")
    state = code_at(registry.issuer_entries(issuer, at=block), moment.time)
    kinds = registry.kinds(issuer, at=block)
    return {
        "issuer": issuer,
        "accreditor": accreditor,
        "state": IssuerState(state).name.lower() if state else "unknown-then",
        "kinds": [k for k in kinds if code_at(registry.accreditation_entries(issuer, k, at=block), moment.time)],
    }


def _accreditation(registry: IssuerRegistry, issuer: str, kind: str, moment: AsOf) -> dict[str, Any]:
    entries = registry.accreditation_entries(issuer, kind, at=moment.block.number)
    return {"kind": kind, "accredited": bool(code_at(entries, moment.time)), "entries": entries_json(entries)}


def _key(registry: IssuerRegistry, thumbprint: bytes, moment: AsOf) -> dict[str, Any]:
    block = moment.block.number
    key = registry.key(thumbprint, at=block)
    if key is None:
        raise Refused("registry.key", "a listed key has no record", mend="tell the node's host")
    entries = registry.key_entries(thumbprint, at=block)
    compromises = registry.compromise_entries(thumbprint, at=block)
    state = code_at(entries, moment.time)
    return {
        "kid": key.public_key.kid,
        "jwk": key.public_key.jwk(),
        "state": KeyState(state).name.lower() if state else "not-in-use",
        "compromised_since": show(compromises[-1].effective_from) if compromises else None,
        "entries": entries_json(entries),
        "compromises": entries_json(compromises),
    }
