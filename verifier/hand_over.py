"""Following trust roots from those who may sign to those who may later: each link is signed by those before it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ledger.block import Block
from ledger.errors import Invalid, PortsealError
from ledger.finality.final_block import FinalBlock
from ledger.finality.form import Clique, Qbft
from ledger.registry_names import AUTHORITIES
from verifier.file_state import FileState
from verifier.hand_over_file import HandOver
from verifier.pinned_finality import final_block
from verifier.pinned_roster import PinnedRoster, pinned_of
from verifier.trust_roots import TrustRoots

_MEND = "get the hand-overs again, from another node if need be"
RosterOf = Callable[[TrustRoots, FinalBlock, Mapping[str, Any]], PinnedRoster]
"""Who may sign from a block on that a checkpoint proves final, as the registry has it there. Raises a PortsealError."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Trust roots after the hand-overs that count. count: how many did; refused: why the first other one did not."""

    roots: TrustRoots
    count: int = 0
    refused: PortsealError | None = None


def follow(roots: TrustRoots, hand_overs: Sequence[HandOver], nodes: Mapping[bytes, bytes]) -> Followed:
    """Go from link to link. One that does not count hands nothing over, and does no other harm.

    nodes: of the state, by their hash; a checkpoint's hand-over walks in them to who may sign from then on.
    """
    return follow_by(roots, hand_overs, partial(_by_nodes, nodes))


def follow_by(roots: TrustRoots, hand_overs: Sequence[HandOver], roster_of: RosterOf) -> Followed:
    """Do as `follow`, where something else than nodes of the state says who may sign from then on."""
    found = Followed(roots)
    for one in hand_overs:
        try:
            found = replace(found, roots=_handed_over(found.roots, one, roster_of), count=found.count + 1)
        except PortsealError as error:
            found = replace(found, refused=found.refused or error)
    return found


def _handed_over(roots: TrustRoots, hand_over: HandOver, roster_of: RosterOf) -> TrustRoots:
    match roots.finality, hand_over:
        case Qbft(validators), bytes(header):
            from ledger.finality import qbft  # brings a library that checkpoints do without

            grown = qbft.hand_over(validators, header)
            return _as_of(replace(roots, finality=Qbft(grown)), qbft.verify(header, grown))
        case ((Clique() | Qbft()), _):
            raise Invalid("finality.form", f"no such hand-over is made on a {roots.form} chain", mend=_MEND)
        case PinnedRoster(), Mapping():
            return _cosigned(roots, hand_over, roster_of)
    raise Invalid("finality.form", "a hand-over of another form of finality", mend=_MEND)


def _cosigned(roots: TrustRoots, hand_over: Mapping[str, Any], roster_of: RosterOf) -> TrustRoots:
    """The roster that the registry holds in a block which those who are known have cosigned."""
    block = final_block(roots, hand_over)
    if block.number <= roots.block or block.time < roots.time:
        # Whoever may have signed then is known already; an older roster must not come back.
        detail = f"the block {block.number} does not lie after the block {roots.block} of the trust roots"
        raise Invalid("finality.hand-over", detail, mend=_MEND)
    roster = roster_of(roots, block, hand_over)
    if not roster.at(block.time).countries:
        raise Invalid("finality.hand-over", f"the registry has no member in the block {block.number}", mend=_MEND)
    return replace(roots, finality=roster, block=block.number, time=block.time)


def _by_nodes(
    nodes: Mapping[bytes, bytes], roots: TrustRoots, block: FinalBlock, _link: Mapping[str, Any]
) -> PinnedRoster:
    from ledger.roster_storage import read_roster  # most files hand nothing over

    at = Block(block.number, block.block_hash, bytes(32), block.time, block.state_root, ())
    return pinned_of(read_roster(FileState(roots, nodes).words(AUTHORITIES, at)))


def _as_of(roots: TrustRoots, block: FinalBlock) -> TrustRoots:
    return replace(roots, block=max(roots.block, block.number), time=max(roots.time, block.time))
