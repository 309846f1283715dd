"""Reading a file of trust roots: exactly the members that it must have, nothing besides."""

import re
from collections.abc import Mapping
from typing import Any

from ledger.address import is_checksum_address
from ledger.country import to_bytes2
from ledger.deployed_contract import DeployedContract
from ledger.errors import Invalid
from ledger.finality import form
from ledger.finality.form import Checkpoint
from ledger.identifier import to_bytes32
from ledger.jwk import PublicKey
from ledger.registry_names import AUTHORITIES, DOCUMENTS, ISSUERS, OPERATORS, RECOGNITIONS
from ledger.strict_json import Limits, parse
from verifier.pinned_roster import PinnedAuthority, PinnedKey, PinnedRoster, Span
from verifier.trust_roots import VERSION, Pinned, PinnedContract, TrustRoots

LIMITS = Limits(max_bytes=1024 * 1024, max_depth=8, max_members=20_000)
"""A consortium of a hundred members with a handful of keys each has less."""

_CONTRACTS = {AUTHORITIES, DOCUMENTS, ISSUERS, OPERATORS, RECOGNITIONS}
_HASH = re.compile(r"0x[0-9a-f]{64}")
_MEND = "get the file again from where you trust it, or write it from your own node: `portseal trust`"


def read_trust(data: bytes) -> TrustRoots:
    """Read a file. Raises Invalid `trust.form` with a pointer, `json.*`."""
    found = _members(
        parse(data, LIMITS), "", "v", "network", "chain_id", "genesis_hash", "contracts", "finality", "as_of"
    )
    if found["v"] != VERSION:
        raise _malformed("/v", f"the version {VERSION}")
    as_of = _members(found["as_of"], "/as_of", "block", "time")
    contracts = _members(found["contracts"], "/contracts", *_CONTRACTS)
    if not isinstance(found["network"], str):
        raise _malformed("/network", "a text")
    return TrustRoots(
        network=found["network"],
        chain_id=_number(found["chain_id"], "/chain_id"),
        genesis_hash=_hash(found["genesis_hash"], "/genesis_hash"),
        contracts={name: _contract(one, f"/contracts/{name}") for name, one in contracts.items()},
        finality=_finality(found["finality"], "/finality"),
        block=_number(as_of["block"], "/as_of/block"),
        time=_number(as_of["time"], "/as_of/time"),
    )


def _finality(value: Any, pointer: str) -> Pinned:
    if isinstance(value, dict) and value.get("form") == "checkpoint":
        return _roster(_members(value, pointer, "form", "members", "authorities"), pointer)
    try:
        found = form.from_json(value, pointer)
    except Invalid as error:
        raise _malformed(error.pointer or pointer, "a form of finality with its pinned signers") from None
    if isinstance(found, Checkpoint):
        raise _malformed(pointer, "the members and their keys")
    return found


def _roster(found: Mapping[str, Any], pointer: str) -> PinnedRoster:
    members = _object(found["members"], f"{pointer}/members")
    authorities = _object(found["authorities"], f"{pointer}/authorities")
    for country in members:
        _checked(to_bytes2, country, f"{pointer}/members")
    for name in authorities:
        _checked(to_bytes32, name, f"{pointer}/authorities")
    if not members:
        raise _malformed(f"{pointer}/members", "at least one member")
    return PinnedRoster(
        members={country: _spans(spans, f"{pointer}/members/{country}") for country, spans in members.items()},
        authorities={name: _authority(one, f"{pointer}/authorities/{name}") for name, one in authorities.items()},
    )


def _authority(value: Any, pointer: str) -> PinnedAuthority:
    found = _members(value, pointer, "country", "in_office", "keys")
    _checked(to_bytes2, found["country"], f"{pointer}/country")
    if not isinstance(found["keys"], list):
        raise _malformed(f"{pointer}/keys", "a list of keys")
    keys = tuple(_key(one, f"{pointer}/keys/{place}") for place, one in enumerate(found["keys"]))
    return PinnedAuthority(found["country"], _spans(found["in_office"], f"{pointer}/in_office"), keys)


def _key(value: Any, pointer: str) -> PinnedKey:
    found = _members(value, pointer, "jwk", "in_service")
    jwk = _object(found["jwk"], f"{pointer}/jwk")
    key = _checked(PublicKey.from_jwk, jwk, f"{pointer}/jwk")
    return PinnedKey(key, _spans(found["in_service"], f"{pointer}/in_service"))


def _spans(value: Any, pointer: str) -> tuple[Span, ...]:
    if not isinstance(value, list):
        raise _malformed(pointer, "a list of spans of time")
    return tuple(_span(one, f"{pointer}/{place}") for place, one in enumerate(value))


def _span(value: Any, pointer: str) -> Span:
    found = _members(value, pointer, "from", "until")
    start, end = _number(found["from"], f"{pointer}/from"), _number(found["until"], f"{pointer}/until")
    if end and end <= start:
        raise _malformed(f"{pointer}/until", "a later time than `from`, or 0")
    return start, end


def _contract(value: Any, pointer: str) -> PinnedContract:
    found = _members(value, pointer, "address", "code_hash", "layout_hash")
    if not is_checksum_address(found["address"]):
        raise _malformed(f"{pointer}/address", "an address in checksum form (EIP-55)")
    code_hash = _hash(found["code_hash"], f"{pointer}/code_hash")
    layout_hash = _hash(found["layout_hash"], f"{pointer}/layout_hash")
    return PinnedContract(DeployedContract(found["address"], code_hash), layout_hash)


def _checked(read: Any, value: Any, pointer: str) -> Any:
    try:
        return read(value)
    except (Invalid, TypeError, ValueError, AttributeError) as error:
        what = error.detail if isinstance(error, Invalid) else "another value"
        raise _malformed(pointer, f"something else ({what})") from None


def _members(value: Any, pointer: str, *names: str) -> dict[str, Any]:
    found = _object(value, pointer)
    if found.keys() != set(names):
        raise _malformed(pointer, f"exactly {', '.join(sorted(names))}")
    return found


def _object(value: Any, pointer: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _malformed(pointer, "an object")
    return value


def _hash(value: Any, pointer: str) -> bytes:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise _malformed(pointer, "0x and 64 digits 0-9 a-f")
    return bytes.fromhex(value[2:])


def _number(value: Any, pointer: str) -> int:
    if type(value) is not int or value < 0:
        raise _malformed(pointer, "a whole number, not negative")
    return value


def _malformed(pointer: str, what: str) -> Invalid:
    return Invalid("trust.form", f"a file of trust roots needs {what} here", pointer=pointer, mend=_MEND)
