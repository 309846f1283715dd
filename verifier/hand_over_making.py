"""Finding the hand-overs that lead from old trust roots to those who sign now, and proving them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from anchors.finality import FinalityProof
from ledger.block import Block
from ledger.chain import Chain
from ledger.errors import Refused, Unavailable
from ledger.finality.form import Checkpoint, Clique, Qbft
from ledger.network import Network
from ledger.registry_names import AUTHORITIES
from ledger.roster import RosterFacts
from ledger.roster_storage import read_roster
from ledger.rosters import roster_facts
from verifier.hand_over_file import MOST_HAND_OVERS as MOST
from verifier.hand_over_file import HandOver, HandOverFile
from verifier.hand_over_reach import Newest, is_signed_by, links_back, moments
from verifier.packed_finality import pack
from verifier.pinned_roster import pinned_of
from verifier.proved_state import ProvedState


@dataclass(frozen=True)
class HandOverMaker:
    """Makes them from what the node holds. Old checkpoints need a node of the chain that keeps old states."""

    chain: Chain
    network: Network
    newest: Newest

    def between(self, trusted_block: int | None, proof: FinalityProof) -> HandOverFile:
        """Return the hand-overs that whoever trusts since a block needs in order to believe a proof, and no others.

        Without that block none are needed for checkpoints. Where the chain of them is broken, those before the gap.
        Raises Refused `block.unknown`, Unavailable `chain.*`, `proof.*`.
        """
        match self.network.finality:
            case Qbft(validators):
                starts = [
                    one.start for one in validators.ranges[1:] if (trusted_block or 0) < one.start <= proof.number
                ]
                return self._file([self.chain.header(start) for start in starts[-MOST:]])
            case Clique():
                return self._file(())
        if trusted_block is None:
            return self._file(())
        return self._proved(list(self._links(self._block(trusted_block), proof)))

    def reaching(self, proof: FinalityProof) -> tuple[HandOver, ...]:
        """Return the hand-overs that lead to a proof from roots of any time, as far back as signatures reach.

        Without nodes: for whoever has the registry's lists otherwise. Raises Unavailable `chain.*`.
        """
        if isinstance(self.network.finality, Checkpoint):
            facts = roster_facts(self.network.registries(self.chain).authority, proof.number)
            return tuple(pack(one) for one in links_back(facts, proof, self.newest, MOST))
        return self.between(None, proof).hand_overs

    def up_to_now(self, trusted_block: int) -> HandOverFile:
        """Return the hand-overs to those who may sign at the newest final block. Raises as `between`, and
        Refused `evidence.not-final`."""
        newest = self.newest()
        if newest is None:
            raise Refused("evidence.not-final", "no block is final yet", mend="ask again in a few seconds")
        match self.network.finality:
            case Qbft():
                found = self.between(trusted_block, newest)
                return self._file([*found.hand_overs, self.chain.header(newest.number)][-MOST:])
            case Clique():
                return self._file(())
        links = list(self._links(self._block(trusted_block), newest))
        is_newer = newest.number > trusted_block and len(links) < MOST
        return self._proved([*links, newest] if is_newer else links)

    def _block(self, number: int) -> Block:
        block = self.chain.block(number)
        if block is None:
            detail = f"this node's chain does not have the block {number} of the trust roots"
            raise Refused("block.unknown", detail, mend="use the trust roots of this network")
        return block

    def _links(self, trusted: Block, proof: FinalityProof) -> Iterator[FinalityProof]:
        """Yield the checkpoints to be followed: each time the last one that those who are known have signed."""
        facts = roster_facts(self.network.registries(self.chain).authority, proof.number)
        known, number, time = pinned_of(facts, trusted.timestamp), trusted.number, trusted.timestamp
        for _ in range(MOST):
            if is_signed_by(known, proof):
                return
            later = (one for one in self._before_changes(facts, time, proof.time) if number < one.number < proof.number)
            # One that tells nothing new leads nowhere.
            links = (one for one in later if is_signed_by(known, one) and pinned_of(facts, one.time) != known)
            link = next(links, None)
            if link is None:
                return
            yield link
            known, number, time = pinned_of(facts, link.time), link.number, link.time

    def _before_changes(self, facts: RosterFacts, after: int, until: int) -> Iterator[FinalityProof]:
        """Yield the last checkpoint before each change, the latest first, and those in the block of a change."""
        for moment in moments(facts, after, until):
            # In that block both may sign: those before, and those after it.
            for time in (moment, moment - 1):
                if found := self.newest(time):
                    yield found

    def _proved(self, links: Iterable[FinalityProof]) -> HandOverFile:
        packed: list[HandOver] = []
        nodes: set[bytes] = set()
        for link in links:
            block = self._block(link.number)
            if block.hash != link.block_hash:
                detail = f"the node's chain does not have the block {link.number} that is proved final"
                raise Unavailable("evidence.block", detail, mend="ask another node")
            state = ProvedState(block, self.network.contracts, self.chain.proof)
            read_roster(state.words(AUTHORITIES, block))
            packed.append(pack(link))
            nodes |= state.nodes
        return self._file(packed, nodes)

    def _file(self, hand_overs: Iterable[HandOver], nodes: Iterable[bytes] = ()) -> HandOverFile:
        network = self.network
        return HandOverFile(network.chain_id, network.genesis_hash, tuple(hand_overs), tuple(sorted(nodes)))
