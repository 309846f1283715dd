"""`GET /v1/authorities`: the authorities of the consortium."""

from typing import Any

from fastapi import APIRouter

from api.as_of import AsOf, as_of
from api.entries import entries_json
from api.routes.parameters import At, Id, TheNode
from ledger.authority import Purpose, Role
from ledger.authority_registry import AuthorityRegistry
from ledger.dated_list import code_at
from ledger.errors import Refused

router = APIRouter(prefix="/v1/authorities", tags=["registries"])
_NO_LIMIT = 2**64 - 1


@router.get("", summary="All authorities")
def authorities(node: TheNode, at: At = None) -> dict[str, Any]:
    """List every authority that was ever entered, and whether it was in office at the time asked for."""
    moment, registry = as_of(node.chain, at), node.authority_registry
    block = moment.block.number
    return {
        "members": [
            {"country": country, "member": bool(code_at(registry.member_entries(country, at=block), moment.time))}
            for country in registry.members(at=block)
        ],
        "quorum": registry.quorum(at=block),
        "authorities": [_summary(registry, authority, moment) for authority in registry.authorities(at=block)],
        "as_of": moment.json(),
    }


@router.get("/{authority}", summary="One authority")
def authority(node: TheNode, authority: Id, at: At = None) -> dict[str, Any]:
    """Show one authority: country, domain, accounts and service keys, each with its history."""
    moment, registry = as_of(node.chain, at), node.authority_registry
    block = moment.block.number
    summary = _summary(registry, authority, moment)
    return summary | {
        "entries": entries_json(registry.authority_entries(authority, at=block)),
        "member_entries": entries_json(registry.member_entries(summary["country"], at=block)),
        "accounts": [_account(registry, address, moment) for address in registry.accounts(authority, at=block)],
        "service_keys": [
            _service_key(registry, thumbprint, moment)
            for purpose in Purpose
            for thumbprint in registry.service_keys(authority, purpose, at=block)
        ],
        "as_of": moment.json(),
    }


def _summary(registry: AuthorityRegistry, authority: str, moment: AsOf) -> dict[str, Any]:
    record = registry.authority(authority, at=moment.block.number)
    if record is None:
        raise Refused("authority.unknown", f"no authority {authority} in the registry", mend="list: /v1/authorities")
    return {
        "authority": authority,
        "country": record.country,
        "domain": record.domain.name.lower(),
        "in_office": registry.in_office(authority, moment.time, _NO_LIMIT, at=moment.block.number),
    }


def _account(registry: AuthorityRegistry, address: str, moment: AsOf) -> dict[str, Any]:
    entries = registry.account_entries(address, at=moment.block.number)
    role = code_at(entries, moment.time)
    return {
        "address": address,
        "role": Role(role).name.lower() if role else None,
        "entries": entries_json(entries),
    }


def _service_key(registry: AuthorityRegistry, thumbprint: bytes, moment: AsOf) -> dict[str, Any]:
    key = registry.service_key(thumbprint, at=moment.block.number)
    if key is None:
        raise Refused("registry.key", "a listed key has no record", mend="tell the node's host")
    entries = registry.service_key_entries(thumbprint, at=moment.block.number)
    return {
        "purpose": key.purpose.name.lower(),
        "kid": key.public_key.kid,
        "jwk": key.public_key.jwk(),
        "in_service": bool(code_at(entries, moment.time)),
        "entries": entries_json(entries),
    }
