"""`GET /v1/authorities`: the authorities of the consortium."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Response

from api.as_of import as_of
from api.authority_reading import authority_reading
from api.entries import entries_json
from api.node import Node
from api.registry_reading import Reading
from api.routes import openapi
from api.routes.parameters import At, Id, KnownAt, TheAnswers, TheFacts, TheNode
from ledger.authority import Purpose, Role
from ledger.authority_registry import AuthorityRegistry
from ledger.dated_list import Entry, code_at
from ledger.errors import Refused
from ledger.identifier import to_bytes32
from verifier.fact_cache import FactCache

router = APIRouter(prefix="/v1/authorities", tags=["registries"])


@router.get("", summary="All authorities", responses=openapi.SIGNED)
def authorities(
    node: TheNode, facts: TheFacts, answers: TheAnswers, at: At = None, known_at: KnownAt = None
) -> Response:
    """List every authority that was ever entered, and whether it was in office at the time asked for."""
    read = _reading(node, facts, at, known_at)
    return answers.give("authorities", read.moment, lambda: _authorities(node.authority_registry, read))


@router.get("/{authority}", summary="One authority", responses=openapi.SIGNED)
def authority(
    node: TheNode, facts: TheFacts, answers: TheAnswers, authority: Id, at: At = None, known_at: KnownAt = None
) -> Response:
    """Show one authority: country, domain, accounts and service keys, each with its history."""
    to_bytes32(authority)  # an id, or Invalid
    read = _reading(node, facts, at, known_at)
    place = ("authority", authority)
    return answers.give(place, read.moment, lambda: _authority(node.authority_registry, read, authority))


def _authorities(registry: AuthorityRegistry, read: Reading) -> dict[str, Any]:
    return {
        "members": [
            {"country": country, "member": bool(_code(read, read(registry.member_entries, country)))}
            for country in read(registry.members)
        ],
        "quorum": _code(read, read(registry.quorum_entries)),
        "authorities": [_summary(registry, read, authority) for authority in read(registry.authorities)],
    }


def _authority(registry: AuthorityRegistry, read: Reading, authority: str) -> dict[str, Any]:
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
    }


def _reading(node: Node, facts: FactCache, at: str | None, known_at: str | None) -> Reading:
    return authority_reading(node, facts, as_of(node.chain, at, known_at))


def _code(read: Reading, entries: Sequence[Entry]) -> int:
    return code_at(entries, read.moment.time, read.moment.known_at)


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
        "in_office": all(_code(read, entries) == 1 for entries in terms),
    }


def _unknown(authority: str) -> Refused:
    return Refused("authority.unknown", f"no authority {authority} in the registry", mend="list: /v1/authorities")


def _account(registry: AuthorityRegistry, read: Reading, address: str) -> dict[str, Any]:
    entries = read(registry.account_entries, address)
    role = _code(read, entries)
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
        "in_service": bool(_code(read, entries)),
        "entries": entries_json(entries),
    }
