"""`GET /v1/authorities`: the authorities of the consortium."""

from typing import Any

from fastapi import APIRouter

from api.as_of import as_of
from api.entries import entries_json
from api.node import Node
from api.registry_reading import Reading, reading
from api.routes.parameters import At, Id, TheFacts, TheNode
from ledger.authority import AuthorityChange, Purpose, Role
from ledger.authority_registry import AuthorityRegistry
from ledger.dated_list import code_at
from ledger.errors import Refused
from ledger.identifier import to_bytes32
from verifier.fact_cache import FactCache

router = APIRouter(prefix="/v1/authorities", tags=["registries"])


@router.get("", summary="All authorities")
def authorities(node: TheNode, facts: TheFacts, at: At = None) -> dict[str, Any]:
    """List every authority that was ever entered, and whether it was in office at the time asked for."""
    registry, read = node.authority_registry, _reading(node, facts, at)
    return {
        "members": [
            {"country": country, "member": bool(code_at(read(registry.member_entries, country), read.moment.time))}
            for country in read(registry.members)
        ],
        "quorum": read.of_block(registry.quorum),
        "authorities": [_summary(registry, read, authority) for authority in read(registry.authorities)],
        "as_of": read.moment.json(),
    }


@router.get("/{authority}", summary="One authority")
def authority(node: TheNode, facts: TheFacts, authority: Id, at: At = None) -> dict[str, Any]:
    """Show one authority: country, domain, accounts and service keys, each with its history."""
    registry, read = node.authority_registry, _reading(node, facts, at)
    to_bytes32(authority)  # an id, or Invalid
    if authority not in read(registry.authorities):
        raise _unknown(authority)
    summary = _summary(registry, read, authority)
    return summary | {
        "entries": entries_json(read(registry.authority_entries, authority)),
        "member_entries": entries_json(read(registry.member_entries, summary["country"])),
        "accounts": [_account(registry, read, address) for address in read(registry.accounts, authority)],
        "service_keys": [
            _service_key(registry, read, thumbprint)
            for purpose in Purpose
            for thumbprint in read(registry.service_keys, authority, purpose)
        ],
        "as_of": read.moment.json(),
    }


def _reading(node: Node, facts: FactCache, at: str | None) -> Reading:
    def heads(block: int) -> tuple[object, ...]:
        return tuple(node.authority_registry.changes(kind, at=block) for kind in AuthorityChange)

    return reading(facts, "authorities", heads, as_of(node.chain, at))


def _summary(registry: AuthorityRegistry, read: Reading, authority: str) -> dict[str, Any]:
    record = read(registry.authority, authority)
    if record is None:
        raise _unknown(authority)
    # As AuthorityRegistry.inOffice, from entries that are at hand already.
    terms = (read(registry.authority_entries, authority), read(registry.member_entries, record.country))
    return {
        "authority": authority,
        "country": record.country,
        "domain": record.domain.name.lower(),
        "in_office": all(code_at(entries, read.moment.time) == 1 for entries in terms),
    }


def _unknown(authority: str) -> Refused:
    return Refused("authority.unknown", f"no authority {authority} in the registry", mend="list: /v1/authorities")


def _account(registry: AuthorityRegistry, read: Reading, address: str) -> dict[str, Any]:
    entries = read(registry.account_entries, address)
    role = code_at(entries, read.moment.time)
    return {
        "address": address,
        "role": Role(role).name.lower() if role else None,
        "entries": entries_json(entries),
    }


def _service_key(registry: AuthorityRegistry, read: Reading, thumbprint: bytes) -> dict[str, Any]:
    key = read(registry.service_key, thumbprint)
    if key is None:
        raise Refused("registry.key", "a listed key has no record", mend="tell the node's host")
    entries = read(registry.service_key_entries, thumbprint)
    return {
        "purpose": key.purpose.name.lower(),
        "kid": key.public_key.kid,
        "jwk": key.public_key.jwk(),
        "in_service": bool(code_at(entries, read.moment.time)),
        "entries": entries_json(entries),
    }
