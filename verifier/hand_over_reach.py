"""Which checkpoints lead from roots of any earlier time to those who sign now: looked for from the newest back."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from anchors.finality import FinalityProof
from anchors.proof_content import checkpoint_of
from ledger.checkpoint import holds
from ledger.dated_list import Entry
from ledger.errors import Invalid
from ledger.roster import RosterFacts
from verifier.pinned_roster import PinnedRoster, pinned_of


class Newest(Protocol):
    """Gives the proof of the newest final block, of those whose time is not after `until`, if it is given."""

    def __call__(self, until: int | None = None) -> FinalityProof | None:
        """Return the proof. Raises Unavailable `database.*`."""
        ...


def links_back(facts: RosterFacts, proof: FinalityProof, newest: Newest, most: int) -> list[FinalityProof]:
    """Return the links, oldest first: roots of any block from where they begin on believe one of them, or the proof.

    facts: of the registry at the proof's block. Where nothing leads over a gap, there are those after it only.
    """
    known = sorted({one.recorded_at for one in _entries(facts) if one.recorded_at <= proof.time}, reverse=True)
    links: list[FinalityProof] = []
    while len(links) < most:
        target = links[0] if links else proof
        gap = _gap(facts, known, target)
        link = _over(facts, gap, target, newest) if gap else None
        if link is None:
            break
        links.insert(0, link)
    return links


def _gap(facts: RosterFacts, known: Sequence[int], target: FinalityProof) -> tuple[int, int] | None:
    """Return the last moment whose roster does not believe the target, and the first from which each does."""
    for later, earlier in pairwise([one for one in known if one <= target.time]):
        if not is_signed_by(pinned_of(facts, earlier), target):
            return earlier, later
    return None


def _over(facts: RosterFacts, gap: tuple[int, int], target: FinalityProof, newest: Newest) -> FinalityProof | None:
    """Return the first checkpoint found that those of before the gap have signed, and that tells of those after it."""
    before, since = pinned_of(facts, gap[0]), gap[1]
    for one in _candidates(facts, since, target.time, newest):
        if since <= one.time and one.number < target.number and is_signed_by(before, one):
            return one
    return None


def _candidates(facts: RosterFacts, since: int, until: int, newest: Newest) -> Iterator[FinalityProof]:
    """Yield the last checkpoint before each change, in its block, and of all; each once, the earliest first."""
    last = -1
    for moment in [*reversed(moments(facts, since - 1, until)), until]:
        for time in (moment - 1, moment):
            found = newest(time)
            if found is not None and found.number > last:
                last = found.number
                yield found


def _entries(facts: RosterFacts) -> Iterator[Entry]:
    lists = [*facts.members.values(), *(one.entries for one in facts.authorities.values())]
    lists += [entries for one in facts.authorities.values() for _, entries in one.keys]
    return (entry for some in lists for entry in some)


def moments(facts: RosterFacts, after: int, until: int) -> list[int]:
    """Return when what is known of rosters changed, or came into effect, the latest first."""
    times = {time for one in _entries(facts) for time in (one.recorded_at, one.effective_from, one.effective_until)}
    return sorted((time for time in times if after < time <= until), reverse=True)


def is_signed_by(known: PinnedRoster, proof: FinalityProof) -> bool:
    """Tell whether more than two thirds of a roster have cosigned a checkpoint."""
    try:
        checkpoint, cosignatures = checkpoint_of(proof.content)
    except Invalid:
        return False
    return holds(checkpoint, cosignatures, known.at(checkpoint.time))
