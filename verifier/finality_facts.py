"""How a proof of finality stands up: against what is pinned, never against what the proof says of itself."""

from anchors.finality import FinalityProof
from anchors.proof_content import checkpoint_of
from ledger.authority_registry import AuthorityRegistry
from ledger.block import Block
from ledger.chain import Chain
from ledger.checkpoint import Checkpoint, Rosters, countries_signed
from ledger.errors import Invalid
from verifier.facts import Finality


class FinalityFacts:
    """Judges proofs. Raises Unavailable `chain.*`; what is wrong with a proof is its `fault`."""

    def __init__(self, chain: Chain, authorities: AuthorityRegistry) -> None:
        self._chain = chain
        self._rosters = Rosters(authorities)

    def judge(self, proof: FinalityProof, block: Block) -> Finality:
        """Return what the proof is worth; the registry is read at `block`."""
        try:
            return self._checkpoint(proof, block)
        except Invalid as error:
            return Finality("checkpoint", proof.number, proof.time, False, False, (), 0, error.code)

    def _checkpoint(self, proof: FinalityProof, block: Block) -> Finality:
        checkpoint, cosignatures = checkpoint_of(proof.content)
        roster = self._rosters.at(checkpoint.time, block.number)
        countries = countries_signed(checkpoint, cosignatures, roster)
        holds = 3 * len(countries) > 2 * len(roster.countries)
        return Finality(
            form="checkpoint",
            number=checkpoint.number,
            time=checkpoint.time,
            holds=holds,
            on_chain=self._has(checkpoint),
            signers=tuple(sorted(countries)),
            of=len(roster.countries),
            fault=None if holds else "finality.too-few",
        )

    def _has(self, checkpoint: Checkpoint) -> bool:
        chain, found = self._chain, self._chain.block(checkpoint.number)
        if (checkpoint.chain_id, checkpoint.genesis_hash) != (chain.chain_id, chain.genesis_hash) or found is None:
            return False
        told = (checkpoint.block_hash, checkpoint.state_root, checkpoint.time)
        return told == (found.hash, found.state_root, found.timestamp)
