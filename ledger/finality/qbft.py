"""QBFT: a block is final once ceil(2n/3) validators of its pinned set sealed it (docs/finality.md)."""

from ledger.block_header import BlockHeader
from ledger.errors import Invalid
from ledger.finality.final_block import FinalBlock
from ledger.finality.qbft_extra_data import QbftExtraData
from ledger.finality.seal import foreign, signer
from ledger.finality.signer_set import named
from ledger.finality.validator_sets import ValidatorSets

_MEND = "get the proof again, from another node if need be"


def quorum(validators: int) -> int:
    """Return how many of so many validators make a block final: two thirds, rounded up."""
    return -(-2 * validators // 3)


def verify(header: bytes, validators: ValidatorSets) -> FinalBlock:
    """Judge one header (RLP, with its seals) by the set that is pinned for its height.

    Raises Invalid `finality.form` (no QBFT header), `finality.set` (its list is not the pinned set in ascending
    order, or none is pinned), `finality.seal` (a seal that is no signature, is there twice, or is by somebody
    outside the set), `finality.too-few`.
    """
    read = BlockHeader.from_rlp(header)
    extra = QbftExtraData.of(read)
    pinned = validators.at(read.number)
    if extra.validators != pinned:
        detail = f"the block {read.number} lists other validators than the ones pinned for it"
        raise Invalid("finality.set", detail, mend="get the hand-over to the new set, or compare the network file")
    return _final(read, extra, _sealers(extra, extra.sealed_hash(read), pinned), pinned)


def hand_over(validators: ValidatorSets, header: bytes) -> ValidatorSets:
    """Return the sets with the one that `header` lists added, from its height on; the same if it lists the last one.

    A QBFT header lists the set that seals it, so the first header of a new set is sealed by the new set. It counts
    if a quorum of the new set and a quorum of the old one are among the seals. Raises Invalid as verify does, and
    `finality.set` without the old quorum, or for a block of a range that another one follows.
    """
    read = BlockHeader.from_rlp(header)
    extra = QbftExtraData.of(read)
    last = validators.ranges[-1]
    old = validators.at(read.number)
    if extra.validators == old:
        verify(header, validators)
        return validators
    if read.number <= last.start:
        detail = f"the block {read.number} does not lie after the first of the last pinned set"
        raise Invalid("finality.set", detail, mend=_MEND)
    grown = validators.followed_by(read.number, extra.validators)
    verify(header, grown)
    sealed = set(_sealers(extra, extra.sealed_hash(read), extra.validators))
    if len(sealed & set(old)) < quorum(len(old)):
        detail = f"of {len(old)} old validators only {len(sealed & set(old))} sealed the new set"
        raise Invalid("finality.set", detail, mend="give a later header that more of them sealed")
    return grown


def _sealers(extra: QbftExtraData, digest: bytes, pinned: tuple[bytes, ...]) -> tuple[bytes, ...]:
    if len(extra.seals) > len(pinned):
        raise Invalid("finality.seal", f"{len(extra.seals)} seals by {len(pinned)} validators", mend=_MEND)
    sealers: list[bytes] = []
    for seal in extra.seals:
        found = signer(seal, digest)
        if found not in pinned:
            raise foreign(found)
        if found in sealers:
            raise Invalid("finality.seal", f"0x{found.hex()} sealed twice", mend=_MEND)
        sealers.append(found)
    return tuple(sealers)


def _final(
    header: BlockHeader, extra: QbftExtraData, sealers: tuple[bytes, ...], pinned: tuple[bytes, ...]
) -> FinalBlock:
    needed = quorum(len(pinned))
    if len(sealers) < needed:
        detail = f"{len(sealers)} of {len(pinned)} validators sealed the block {header.number}, {needed} are needed"
        raise Invalid("finality.too-few", detail, mend="get the header from another node")
    return FinalBlock(
        form="qbft",
        number=header.number,
        block_hash=extra.block_hash(header),
        state_root=header.state_root,
        time=header.time,
        signers=named(sealers),
        of=len(pinned),
    )
