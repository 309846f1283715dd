"""Writing trust roots down from a node's network file and the registry of authorities.

They are as good as that node: take them from one's own, or compare their fingerprint with others out of band.
"""

from ledger.authority_registry import AuthorityRegistry
from ledger.block import Block
from ledger.finality.form import Checkpoint
from ledger.network import Network
from ledger.rosters import roster_facts
from verifier.pinned_roster import pinned_of
from verifier.trust_roots import Pinned, PinnedContract, TrustRoots, layout_hash


def trust_roots(network: Network, authorities: AuthorityRegistry, block: Block) -> TrustRoots:
    """Return the trust roots as of a block. Raises Unavailable `chain.*`."""
    return TrustRoots(
        network=network.name,
        chain_id=network.chain_id,
        genesis_hash=network.genesis_hash,
        contracts={name: PinnedContract(one, layout_hash(name)) for name, one in network.contracts.items()},
        finality=_pinned(network, authorities, block),
        block=block.number,
        time=block.timestamp,
    )


def _pinned(network: Network, authorities: AuthorityRegistry, block: Block) -> Pinned:
    if not isinstance(network.finality, Checkpoint):
        return network.finality
    return pinned_of(roster_facts(authorities, block.number))
