"""Which validators seal which blocks."""

from dataclasses import dataclass
from itertools import pairwise

from ledger.address import checksum_address
from ledger.errors import Invalid
from ledger.finality.signer_set import signer_set

_MEND = "compare the network file with the one that the consortium publishes"


@dataclass(frozen=True, slots=True)
class ValidatorRange:
    """The validators (EIP-55) that seal the blocks from the number `start` on, up to the next range."""

    start: int
    validators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValidatorSets:
    """The pinned sets by height, ascending. Raises Invalid `finality.set` if they are no such thing."""

    ranges: tuple[ValidatorRange, ...]

    def __post_init__(self) -> None:
        starts = [one.start for one in self.ranges]
        if not starts or starts[0] < 0 or any(low >= high for low, high in pairwise(starts)):
            raise Invalid("finality.set", "the ranges of validators are not there or do not ascend", mend=_MEND)
        for one in self.ranges:
            signer_set(one.validators)

    def at(self, number: int) -> tuple[bytes, ...]:
        """Return the set that seals a block, 20 bytes each, ascending.

        Raises Invalid `finality.set` for a block before the first range.
        """
        found = [one for one in self.ranges if one.start <= number]
        if not found:
            raise Invalid("finality.set", f"no validators are pinned for the block {number}", mend=_MEND)
        return signer_set(found[-1].validators)

    def followed_by(self, start: int, validators: tuple[bytes, ...]) -> "ValidatorSets":
        """Return these sets and, from `start` on, another one. Raises Invalid `finality.set`."""
        named = tuple(checksum_address(one) for one in validators)
        return ValidatorSets((*self.ranges, ValidatorRange(start, named)))
