"""A world whose blocks members really cosign."""

from typing import Any

from anchors.finality import FinalityProof
from ledger.block import Block
from ledger.finality.form import CHECKPOINT
from tests.corpus.members import Members
from tests.corpus.trie_chain import CHAIN_ID, GENESIS, cosigned
from tests.verifier.world import COUNTRIES, START, World, proof_of
from verifier.facts import Finality
from verifier.finality_facts import FinalityFacts


class CosignedWorld(World):
    """A world whose proofs of finality are real cosignatures, judged as a node judges them."""

    chain_id, genesis_hash = CHAIN_ID, GENESIS

    def __init__(self) -> None:
        super().__init__(with_issuer=False)
        registry: Any = Members()
        chain: Any = _Blocks(self)
        self._finality = FinalityFacts(chain, registry, CHECKPOINT)
        self.tops: dict[str, str] = {}

    def top(self, issuer: str) -> str:
        """Return the authority that the registry names at the top; `tops` where it is to name another."""
        while issuer in self.accreditors and issuer not in self.tops:
            issuer = self.accreditors[issuer]
        return self.tops.get(issuer, issuer)

    def finality(self, proof: FinalityProof, block: Block) -> Finality:
        return self._finality.judge(proof, block)

    def proof(self, time: int, cosigned_by: int = len(COUNTRIES)) -> FinalityProof:
        checkpoint = self.checkpoint(time)
        return proof_of(checkpoint, cosigned(checkpoint, *COUNTRIES[:cosigned_by]))


class _Blocks:
    chain_id, genesis_hash = CHAIN_ID, GENESIS

    def __init__(self, world: World) -> None:
        self._world = world

    def block(self, number: int) -> Block | None:
        time = START + number - 1
        return self._world.block(time) if START <= time <= self._world.now else None
