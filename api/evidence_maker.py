"""What makes evidence at a node: for evidence files, and for the proofs beside signed reports."""

from api.node import Node
from verifier.evidence_making import EvidenceMaker


def evidence_maker(node: Node) -> EvidenceMaker:
    """Return the maker that reads this node's archive and chain."""
    return EvidenceMaker(
        archive=node.verifier.sources.archive,
        chain=node.chain,
        network=node.network,
        newest=node.finality.newest,
        judge=node.verifier.sources.facts.finality,
        by=node.authority,
    )
