"""What a QBFT header keeps in its extra data: `[vanity(32), validators, vote, round, seals]` in RLP."""

from dataclasses import dataclass

from ledger import strict_rlp
from ledger.block_header import BlockHeader
from ledger.errors import Invalid
from ledger.strict_rlp import Item

_VANITY_BYTES, _ADDRESS_BYTES, _LONGEST_ROUND = 32, 20, 4


@dataclass(frozen=True, slots=True)
class QbftExtraData:
    """The five parts. `vote` is empty or (address, one byte or none); `round` a number without leading zeros."""

    vanity: bytes
    validators: tuple[bytes, ...]
    vote: tuple[bytes, ...]
    round: bytes
    seals: tuple[bytes, ...]

    @classmethod
    def of(cls, header: BlockHeader) -> "QbftExtraData":
        """Read a header's extra data in its one form. Raises Invalid `finality.form`."""
        try:
            parts = strict_rlp.decode(header.extra_data, depth=2)
            if isinstance(parts, bytes):
                raise ValueError("no list")
            vanity, validators, vote, round_, seals = parts
            found = cls(_leaf(vanity), _leaves(validators), _leaves(vote), _leaf(round_), _leaves(seals))
        except ValueError as error:
            raise _malformed(f"cannot be read ({error})") from None
        found._check()
        return found

    def encode(self, round_: bytes, seals: tuple[bytes, ...]) -> bytes:
        """Return the RLP with another round and other seals."""
        return strict_rlp.encode([self.vanity, list(self.validators), list(self.vote), round_, list(seals)])

    def sealed_hash(self, header: BlockHeader) -> bytes:
        """Return what a validator seals: the hash of the header with its round, without seals."""
        return header.with_extra_data(self.encode(self.round, ())).hash()

    def block_hash(self, header: BlockHeader) -> bytes:
        """Return the block's hash: that of the header with round 0, without seals."""
        return header.with_extra_data(self.encode(b"", ())).hash()

    def _check(self) -> None:
        if len(self.vanity) != _VANITY_BYTES or any(len(one) != _ADDRESS_BYTES for one in self.validators):
            raise _malformed("has no vanity of 32 bytes or validators of other than 20 bytes")
        if self.vote and (len(self.vote) != 2 or len(self.vote[0]) != _ADDRESS_BYTES or len(self.vote[1]) > 1):
            raise _malformed("has a vote that is not an address and yes or no")
        if self.round.startswith(b"\0") or len(self.round) > _LONGEST_ROUND:
            raise _malformed("has a round that is too large or has leading zeros")


def _leaf(item: Item) -> bytes:
    if not isinstance(item, bytes):
        raise ValueError("a list where bytes belong")
    return item


def _leaves(item: Item) -> tuple[bytes, ...]:
    if isinstance(item, bytes):
        raise ValueError("bytes where a list belongs")
    return tuple(_leaf(one) for one in item)


def _malformed(what: str) -> Invalid:
    mend = "check that the chain runs QBFT, and get the header again"
    return Invalid("finality.form", f"the extra data {what}", mend=mend)
