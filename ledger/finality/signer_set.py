"""The addresses whose seals count."""

from collections.abc import Iterable
from functools import lru_cache

from ledger.address import address_bytes, checksum_address, is_checksum_address
from ledger.errors import Invalid

_MEND = "compare the network file with the one that the consortium publishes"


@lru_cache(maxsize=64)
def signer_set(pinned: tuple[str, ...]) -> tuple[bytes, ...]:
    """Return pinned addresses (EIP-55) as 20 bytes each, ascending, as headers list them.

    Raises Invalid `finality.set` for none, for something else than an address, and for one that is there twice.
    """
    if not pinned or not all(is_checksum_address(one) for one in pinned) or len(set(pinned)) != len(pinned):
        detail = "the pinned signers are not addresses in checksum form (EIP-55), each there once"
        raise Invalid(
            "finality.set", detail, mend="compare the network file with the one that the consortium publishes"
        )
    return tuple(sorted(address_bytes(one) for one in pinned))


def named(signers: Iterable[bytes]) -> tuple[str, ...]:
    """Return addresses in checksum form, ascending by their bytes."""
    return tuple(checksum_address(one) for one in sorted(signers))
