"""Headers sealed with real keys: QBFT and Clique chains of any set of signers."""

from collections.abc import Sequence

from coincurve import PrivateKey
from eth_utils import keccak, to_checksum_address

from ledger import strict_rlp
from ledger.block_header import BlockHeader

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


class Sealer:
    """A key, and what it seals."""

    def __init__(self, secret: int) -> None:
        self.key = PrivateKey(secret.to_bytes(32, "big"))
        self.raw = keccak(self.key.public_key.format(compressed=False)[1:])[12:]
        self.address: str = to_checksum_address(self.raw)

    def seal(self, digest: bytes) -> bytes:
        return self.key.sign_recoverable(digest, hasher=None)


def sealers(count: int, first: int = 1) -> list[Sealer]:
    """So many sealers, ascending by address."""
    return sorted((Sealer(first + one) for one in range(count)), key=lambda sealer: sealer.raw)


def number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def plain(
    height: int,
    parent: bytes,
    extra: bytes,
    difficulty: int = 1,
    base_fee: bool = False,
    state: tuple[bytes, int] | None = None,
) -> BlockHeader:
    """A header of an empty block; `height` tells its state root and time too, unless `state` does."""
    root, time = state or (keccak(b"state %d" % height), 1_700_000_000 + height)
    fields = [parent, keccak(b"\xc0"), bytes(20), root, keccak(b"\x80"), keccak(b"\x80")]
    fields += [bytes(256), number(difficulty), number(height), number(30_000_000), b"", number(time)]
    return BlockHeader((*fields, extra, bytes(32), bytes(8), *([b""] if base_fee else [])))


def qbft(
    height: int,
    listed: Sequence[Sealer],
    seals_by: Sequence[Sealer],
    round_: int = 0,
    state: tuple[bytes, int] | None = None,
) -> bytes:
    """A QBFT header that lists and is sealed as told; `state`: root and time."""
    parts: list[strict_rlp.Item] = [bytes(32), [one.raw for one in listed], [], number(round_)]
    header = plain(height, bytes(32), strict_rlp.encode([*parts, []]), state=state)
    digest = header.hash()
    return header.with_extra_data(strict_rlp.encode([*parts, [one.seal(digest) for one in seals_by]])).rlp


def clique(
    height: int,
    parent: bytes,
    by: Sealer,
    members: Sequence[Sealer],
    *,
    listed: Sequence[Sealer] = (),
    difficulty: int | None = None,
    base_fee: bool = False,
) -> bytes:
    """A Clique header sealed by one of `members` (ascending), with the difficulty of its turn unless told another."""
    due = 2 if members[height % len(members)] is by else 1
    unsealed = bytes(32) + b"".join(one.raw for one in listed)
    header = plain(height, parent, unsealed, due if difficulty is None else difficulty, base_fee)
    return header.with_extra_data(unsealed + by.seal(header.hash())).rlp


def clique_chain(
    turns: Sequence[Sealer], members: Sequence[Sealer], start: int = 1, *, base_fee: bool = False
) -> list[bytes]:
    """A chain of Clique headers, one for each of `turns`."""
    headers: list[bytes] = []
    parent = bytes(32)
    for height, by in enumerate(turns, start):
        headers.append(clique(height, parent, by, members, base_fee=base_fee))
        parent = keccak(headers[-1])
    return headers


def malleated(seal: bytes) -> bytes:
    """The other signature of the same key over the same digest: n - s, and the other recovery id."""
    return seal[:32] + (ORDER - int.from_bytes(seal[32:64], "big")).to_bytes(32, "big") + bytes([seal[64] ^ 1])
