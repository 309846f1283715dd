"""A header of a Clique chain (EIP-225)."""

from dataclasses import dataclass
from typing import Final

from ledger.block_header import BlockHeader
from ledger.errors import Invalid
from ledger.finality.seal import SEAL_BYTES, signer

_VANITY_BYTES, _ADDRESS_BYTES, _MOST_FIELDS = 32, 20, 16
IN_TURN: Final = 2
OUT_OF_TURN: Final = 1


@dataclass(frozen=True, slots=True)
class CliqueHeader:
    """A header, its hash, who sealed it (20 bytes), and the signers that it lists (none but in checkpoint blocks)."""

    header: BlockHeader
    hash: bytes
    signer: bytes
    listed: tuple[bytes, ...]

    @classmethod
    def from_rlp(cls, raw: bytes) -> "CliqueHeader":
        """Read a header and recover its signer. Raises Invalid `finality.form`, `finality.seal`."""
        header = BlockHeader.from_rlp(raw)
        extra = header.extra_data
        listed, rest = divmod(len(extra) - _VANITY_BYTES - SEAL_BYTES, _ADDRESS_BYTES)
        if listed < 0 or rest or len(header.fields) > _MOST_FIELDS:
            detail = f"the block {header.number} is no block of a Clique chain"
            raise Invalid("finality.form", detail, mend="check that the chain runs Clique, and get the header again")
        starts = range(_VANITY_BYTES, len(extra) - SEAL_BYTES, _ADDRESS_BYTES)
        digest = header.with_extra_data(extra[:-SEAL_BYTES]).hash()
        addresses = tuple(extra[start : start + _ADDRESS_BYTES] for start in starts)
        return cls(header, header.hash(), signer(extra[-SEAL_BYTES:], digest), addresses)
