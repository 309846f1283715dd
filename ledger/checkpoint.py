"""Checkpoints: the form of finality in which the members cosign what a block says (docs/adr/0030)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, cast

from ledger import authority_registry, document_registry, issuer_registry, operator_registry, recognition_registry
from ledger.authority import AuthorityChange
from ledger.block import Block
from ledger.canonical import canonicalize
from ledger.chain import Chain
from ledger.change_head import ChangeHead
from ledger.change_heads import change_heads
from ledger.checkpoint_form import checkpoint_fields
from ledger.document_registry import DocumentChange
from ledger.errors import Invalid, Unavailable
from ledger.issuer_registry import IssuerChange
from ledger.jwk import PublicKey
from ledger.jws import read_statement
from ledger.operator import OperatorChange
from ledger.recognition import RecognitionChange
from ledger.registries import Registries
from ledger.roster import Roster, Rosters, roster_at

__all__ = [
    "TYPE",
    "Checkpoint",
    "Cosignature",
    "Roster",
    "Rosters",
    "countries_signed",
    "holds",
    "read_checkpoint",
    "roster_at",
]

TYPE = "portseal-checkpoint+jwt"
"""The `typ` of a cosignature."""

_CHANGES: Mapping[str, tuple[str, type[IntEnum]]] = {
    authority_registry.NAME: ("authority-registry", AuthorityChange),
    issuer_registry.NAME: ("issuer-registry", IssuerChange),
    document_registry.NAME: ("document-registry", DocumentChange),
    recognition_registry.NAME: ("recognition-registry", RecognitionChange),
    operator_registry.NAME: ("operator-registry", OperatorChange),
}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a block says: `time` is its timestamp; `heads` by `<registry>.<kind of change>`."""

    chain_id: int
    genesis_hash: bytes
    number: int
    block_hash: bytes
    state_root: bytes
    time: int
    heads: Mapping[str, ChangeHead]

    def claims(self) -> dict[str, Any]:
        """Return the claims that are signed: plain JSON, hashes as 0x and lower-case hex."""
        return {
            "chain_id": self.chain_id,
            "genesis_hash": f"0x{self.genesis_hash.hex()}",
            "number": self.number,
            "block_hash": f"0x{self.block_hash.hex()}",
            "state_root": f"0x{self.state_root.hex()}",
            "time": self.time,
            "heads": {name: {"count": head.count, "head": f"0x{head.head.hex()}"} for name, head in self.heads.items()},
        }

    @classmethod
    def from_claims(cls, claims: object) -> "Checkpoint":
        """Read claims, and nothing besides them. Raises Invalid `checkpoint.form`."""
        return cls(**checkpoint_fields(claims))


@dataclass(frozen=True, slots=True)
class Cosignature:
    """The statement of one authority: `jws` signs the checkpoint's claims with the key `kid`."""

    authority: str
    kid: str
    jws: str


def read_checkpoint(chain: Chain, registries: Registries, number: int) -> Checkpoint:
    """Return what the block `number` says.

    Raises Unavailable `chain.no-block` if the node does not have it, `chain.reorganised` if it was replaced while
    it was read.
    """
    block = _block(chain, number)
    heads = _heads(registries, number)
    if _block(chain, number) != block:
        detail = f"the block {number} was replaced while it was read"
        raise Unavailable("chain.reorganised", detail, mend="read it again")
    return Checkpoint(
        chain_id=chain.chain_id,
        genesis_hash=chain.genesis_hash,
        number=number,
        block_hash=block.hash,
        state_root=block.state_root,
        time=block.timestamp,
        heads=heads,
    )


def countries_signed(checkpoint: Checkpoint, cosignatures: Iterable[Cosignature], roster: Roster) -> set[str]:
    """Return the members whose authorities signed exactly this checkpoint with a key that the roster names."""
    claims = canonicalize(checkpoint.claims())
    signed = set()
    for cosignature in cosignatures:
        seat = roster.seats.get(cosignature.authority)
        if seat and any(_signs(key, cosignature, claims) for key in seat.keys):
            signed.add(seat.country)
    return signed


def holds(checkpoint: Checkpoint, cosignatures: Iterable[Cosignature], roster: Roster) -> bool:
    """Tell whether more than two thirds of the members signed, each counted once."""
    return 3 * len(countries_signed(checkpoint, cosignatures, roster)) > 2 * len(roster.countries)


def _signs(key: PublicKey, cosignature: Cosignature, claims: bytes) -> bool:
    if key.kid != cosignature.kid:
        return False
    try:
        return canonicalize(cast(Any, read_statement(cosignature.jws, key, TYPE))) == claims
    except Invalid:
        return False


def _block(chain: Chain, number: int) -> Block:
    block = chain.block(number)
    if block is None:
        detail = f"the node does not have the block {number}"
        raise Unavailable("chain.no-block", detail, mend="wait until the node has caught up")
    return block


def _heads(registries: Registries, number: int) -> dict[str, ChangeHead]:
    contracts = registries.contracts()
    return {
        f"{prefix}.{kind.name.lower().replace('_', '-')}": head
        for name, (prefix, kinds) in _CHANGES.items()
        for kind, head in change_heads(contracts[name], name, kinds, number).items()
    }
