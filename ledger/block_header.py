"""A block's header as its hash covers it: RLP (Ethereum yellow paper §4.3; EIP-1559, 4895, 4844, 4788, 7685)."""

from dataclasses import dataclass
from typing import Final

from contracts.keccak import keccak
from ledger import strict_rlp
from ledger.errors import Invalid
from ledger.strict_rlp import Item

LONGEST_HEADER: Final = 65_536
"""Bytes; a QBFT header of 500 validators with all their seals has fewer."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its name in JSON-RPC: `size` bytes exactly, or a number, or bytes of any length (both None)."""

    name: str
    size: int | None = None
    is_number: bool = False


FIELDS: Final = (
    Field("parentHash", 32),
    Field("sha3Uncles", 32),
    Field("miner", 20),
    Field("stateRoot", 32),
    Field("transactionsRoot", 32),
    Field("receiptsRoot", 32),
    Field("logsBloom", 256),
    Field("difficulty", is_number=True),
    Field("number", is_number=True),
    Field("gasLimit", is_number=True),
    Field("gasUsed", is_number=True),
    Field("timestamp", is_number=True),
    Field("extraData"),
    Field("mixHash", 32),
    Field("nonce", 8),
    Field("baseFeePerGas", is_number=True),
    Field("withdrawalsRoot", 32),
    Field("blobGasUsed", is_number=True),
    Field("excessBlobGas", is_number=True),
    Field("parentBeaconBlockRoot", 32),
    Field("requestsHash", 32),
)
"""All fields in their order; which of the last six are there depends on the chain's rules."""

FEWEST_FIELDS: Final = 15
_PARENT_HASH, _STATE_ROOT, _DIFFICULTY, _NUMBER, _TIME, _EXTRA_DATA = 0, 3, 7, 8, 11, 12
_LONGEST_NUMBER = {"difficulty": 32, "baseFeePerGas": 32}


@dataclass(frozen=True, slots=True)
class BlockHeader:
    """A header of right shape. What it says is only as true as the seals over it."""

    fields: tuple[bytes, ...]
    """As in `FIELDS`; numbers are big-endian without leading zeros."""

    @classmethod
    def from_rlp(cls, raw: bytes) -> "BlockHeader":
        """Read a header in its one form, 15 to 21 fields. Raises Invalid `finality.form`."""
        if len(raw) > LONGEST_HEADER:
            raise _malformed(f"is longer than {LONGEST_HEADER} bytes")
        try:
            items = strict_rlp.decode(raw, depth=1)
        except ValueError as error:
            raise _malformed(f"cannot be read ({error})") from None
        return cls(_checked(items))

    @property
    def rlp(self) -> bytes:
        """The header's RLP."""
        return strict_rlp.encode(list(self.fields))

    def hash(self) -> bytes:
        """Return keccak-256 of the RLP: the block's hash, but on QBFT chains."""
        return keccak(self.rlp)

    @property
    def parent_hash(self) -> bytes:
        """The hash of the block before, 32 bytes."""
        return self.fields[_PARENT_HASH]

    @property
    def state_root(self) -> bytes:
        """The root of the state after the block, 32 bytes."""
        return self.fields[_STATE_ROOT]

    @property
    def difficulty(self) -> int:
        """The block's difficulty."""
        return int.from_bytes(self.fields[_DIFFICULTY], "big")

    @property
    def number(self) -> int:
        """The block's number."""
        return int.from_bytes(self.fields[_NUMBER], "big")

    @property
    def time(self) -> int:
        """The block's time, seconds since the epoch."""
        return int.from_bytes(self.fields[_TIME], "big")

    @property
    def extra_data(self) -> bytes:
        """The field in which Clique and QBFT keep their seals."""
        return self.fields[_EXTRA_DATA]

    def with_extra_data(self, extra_data: bytes) -> "BlockHeader":
        """Return the same header with other extra data."""
        return BlockHeader((*self.fields[:_EXTRA_DATA], extra_data, *self.fields[_EXTRA_DATA + 1 :]))


def _checked(items: Item) -> tuple[bytes, ...]:
    if isinstance(items, bytes) or not FEWEST_FIELDS <= len(items) <= len(FIELDS):
        raise _malformed(f"is not a list of {FEWEST_FIELDS} to {len(FIELDS)} fields")
    return tuple(_value(field, item) for field, item in zip(FIELDS, items, strict=False))


def _value(field: Field, item: Item) -> bytes:
    if not isinstance(item, bytes) or (field.size is not None and len(item) != field.size):
        raise _malformed(f"has another {field.name} than {field.size or 'some'} bytes")
    if field.is_number and (item.startswith(b"\0") or len(item) > _LONGEST_NUMBER.get(field.name, 8)):
        raise _malformed(f"has a {field.name} that is too large or has leading zeros")
    return item


def _malformed(what: str) -> Invalid:
    mend = "get the header again, from another node if need be"
    return Invalid("finality.form", f"the block header {what}", mend=mend)
