"""What makes evidence at a node: for evidence files, and for the proofs beside signed reports."""

from api.node import Node
from verifier.evidence_making import EvidenceMaker
from verifier.sources import Archive


def evidence_maker(node: Node, archive: Archive | None = None) -> EvidenceMaker:
    """Return the maker that reads this node's chain, and the archive that is given, or that of its documents."""
    return EvidenceMaker(
        archive=archive or node.verifier.sources.archive,
        chain=node.chain,
        network=node.network,
        newest=node.finality.newest,
        judge=node.verifier.sources.facts.finality,
        by=node.authority,
    )
