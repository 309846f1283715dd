"""Trust roots: all that an offline verifier believes before it has checked anything (docs/evidence.md)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from contracts import artifact
from ledger.deployed_contract import DeployedContract
from ledger.finality.form import Clique, Qbft, to_json
from verifier.pinned_roster import PinnedRoster, Span

VERSION = 1
"""Of the form of the file."""

Pinned = PinnedRoster | Clique | Qbft
"""Whose signatures make a block final: the members', or the signers or validators of the chain."""


@dataclass(frozen=True, slots=True)
class PinnedContract:
    """Where a registry is, the hash of its code there, and of the layout of its storage (`layout_hash`)."""

    deployed: DeployedContract
    layout_hash: bytes


@dataclass(frozen=True, slots=True)
class TrustRoots:
    """block, time: as of which block they were written; what changed since, they do not know."""

    network: str
    chain_id: int
    genesis_hash: bytes
    contracts: Mapping[str, PinnedContract]
    finality: Pinned
    block: int
    time: int

    @property
    def form(self) -> str:
        """The name of the form of finality."""
        return "checkpoint" if isinstance(self.finality, PinnedRoster) else self.finality.name

    def to_json(self) -> dict[str, Any]:
        """Return the members of the file."""
        return {
            "v": VERSION,
            "network": self.network,
            "chain_id": self.chain_id,
            "genesis_hash": _hex(self.genesis_hash),
            "contracts": {
                name: {
                    "address": one.deployed.address,
                    "code_hash": _hex(one.deployed.code_hash),
                    "layout_hash": _hex(one.layout_hash),
                }
                for name, one in sorted(self.contracts.items())
            },
            "finality": _finality(self.finality),
            "as_of": {"block": self.block, "time": self.time},
        }

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex over the members, whatever the file's white space: what two people read to each other."""
        return sha256(json.dumps(self.to_json(), sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@cache
def layout_hash(contract: str) -> bytes:
    """Return SHA-256 of the storage layout that this software reads a registry by; it is ASCII with whole numbers."""
    layout = artifact(contract).storage_layout
    return sha256(json.dumps(layout, sort_keys=True, separators=(",", ":")).encode("ascii")).digest()


def _finality(pinned: Pinned) -> dict[str, Any]:
    if not isinstance(pinned, PinnedRoster):
        return to_json(pinned)
    return {
        "form": "checkpoint",
        "members": {country: _spans(spans) for country, spans in sorted(pinned.members.items())},
        "authorities": {
            name: {
                "country": one.country,
                "in_office": _spans(one.in_office),
                "keys": [{"jwk": key.key.jwk(), "in_service": _spans(key.in_service)} for key in one.keys],
            }
            for name, one in sorted(pinned.authorities.items())
        },
    }


def _spans(spans: tuple[Span, ...]) -> list[dict[str, int]]:
    return [{"from": start, "until": end} for start, end in spans]


def _hex(value: bytes) -> str:
    return f"0x{value.hex()}"
