"""A document whose anchor's proof of finality is a real one of headers, judged by the real facts about finality."""

from dataclasses import replace
from typing import Any

from anchors.finality import FinalityProof
from ledger.block import Block
from ledger.finality.form import Form
from tests.anchors.headers_chain import HeadersNode
from tests.verifier.world import World, bill
from verifier.facts import Finality
from verifier.finality_facts import FinalityFacts
from verifier.verdict import Verdict


class ProofCase(World):
    """A world whose document was anchored at `time`; its chain has the blocks of `node`, and `form` is pinned."""

    def __init__(self, node: HeadersNode, form: Form, time: int) -> None:
        super().__init__(with_issuer=False)
        self.now = time - 10
        self.admit()
        self.accredit()
        self.add_key()
        self.now = time
        self.document = bill(iat=time)
        self.anchor(self.document)
        registry: Any = None  # only checkpoints ask it
        self.finality_facts = FinalityFacts(node.chain, registry, form)
        self.now = time + 5

    def finality(self, proof: FinalityProof, block: Block) -> Finality:
        return self.finality_facts.judge(proof, block)

    def verdict(self, proof: FinalityProof) -> Verdict:
        self.records[self.document.digest] = replace(self.records[self.document.digest], proof=proof)
        return self.verify(self.document)
