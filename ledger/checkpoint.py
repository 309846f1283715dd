"""Checkpoints: the form of finality in which the members cosign what a block says (docs/adr/0030)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from ledger.canonical import canonicalize
from ledger.change_head import ChangeHead
from ledger.checkpoint_form import checkpoint_fields
from ledger.compact_jws import signs
from ledger.jwk import PublicKey
from ledger.roster import Roster

TYPE = "portseal-checkpoint+jwt"
"""The `typ` of a cosignature."""

_LONGEST_KEPT = 16 * 1024
# Many files rest on one block. What was found is kept by all that it was found of, of a few checkpoints, 8 MB at most.
kept = lru_cache(maxsize=256)(signs)


@dataclass(frozen=True)
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

    @cached_property
    def signed(self) -> bytes:
        """The RFC 8785 bytes of the claims: what is signed."""
        return canonicalize(self.claims())

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


def countries_signed(checkpoint: Checkpoint, cosignatures: Iterable[Cosignature], roster: Roster) -> set[str]:
    """Return the members whose authorities signed exactly this checkpoint with a key that the roster names."""
    signed = set()
    for cosignature in cosignatures:
        seat = roster.seats.get(cosignature.authority)
        if seat is None or seat.country in signed:
            continue
        if any(key.kid == cosignature.kid and _signs(cosignature.jws, checkpoint.signed, key) for key in seat.keys):
            signed.add(seat.country)
    return signed


def _signs(jws: str, claims: bytes, key: PublicKey) -> bool:
    return (kept if len(jws) <= _LONGEST_KEPT else signs)(jws, claims, key, TYPE)


def holds(checkpoint: Checkpoint, cosignatures: Iterable[Cosignature], roster: Roster) -> bool:
    """Tell whether more than two thirds of the members signed, each counted once."""
    return 3 * len(countries_signed(checkpoint, cosignatures, roster)) > 2 * len(roster.countries)
